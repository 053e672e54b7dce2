import { effect } from "@preact/signals";
import { render } from "preact";
import type { ThreadId } from "@driftsea/protocol";
import { hear, settle } from "./actions.ts";
import { connect } from "./connection.ts";
import { t } from "./i18n/index.ts";
import { startOutbox } from "./outbox.ts";
import { route } from "./route.ts";
import { openShore } from "./shore.ts";
import { unread } from "./state.ts";
import "./styles/light.css";
import "./styles/page.css";
import "./styles/sheet.css";
import { AboutSheet } from "./views/AboutSheet.tsx";
import { Beach } from "./views/Beach.tsx";
import { CatchSheet } from "./views/CatchSheet.tsx";
import { HeldSheet } from "./views/HeldSheet.tsx";
import { ShelfSheet } from "./views/ShelfSheet.tsx";
import { ThreadSheet } from "./views/ThreadSheet.tsx";
import { ThrowSheet } from "./views/ThrowSheet.tsx";

function Page() {
  return (
    <div class={route.value.sheet === "none" ? "page" : "page with-sheet"}>
      <Beach />
      <OpenSheet />
    </div>
  );
}

function OpenSheet() {
  const open = route.value;
  switch (open.sheet) {
    case "none":
      return null;
    case "throw":
      return <ThrowSheet />;
    case "catch":
      return <CatchSheet />;
    case "held":
      return <HeldSheet key={open.id} id={open.id} />;
    case "shelf":
      return <ShelfSheet />;
    case "thread":
      return <ThreadSheet key={open.id} id={open.id as ThreadId} />;
    case "about":
      return <AboutSheet />;
  }
}

openShore(document.getElementById("sea")!);
effect(() => {
  document.title = unread.value > 0 ? `(${unread.value}) ${t("name")}` : t("name");
});
render(<Page />, document.getElementById("app")!);
connect(hear);
startOutbox(settle);
