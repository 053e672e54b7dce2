import { effect } from "@preact/signals";
import { render } from "preact";
import type { BoxId, RoomId, ThreadId } from "@driftsea/protocol";
import { HeldSheet } from "./bottles/HeldSheet.tsx";
import { ThrowSheet } from "./bottles/ThrowSheet.tsx";
import { afloatHere } from "./bottles/bottles.ts";
import { connect, connection } from "./connection.ts";
import { t } from "./i18n/index.ts";
import { lateAsks, lateBottles, lateCare, lateFeed, lateHole, lateMeets } from "./late.ts";
import { lateRooms, lateRules, lateSafety } from "./late.ts";
import { startOutbox } from "./outbox.ts";
import { hear, settle } from "./page.ts";
import { isLastMinute, isSeeking, listed, shareOfHole, shareOfRoom } from "./places.ts";
import { route } from "./route.ts";
import { openShore } from "./scene/index.ts";
import { self } from "./session/session.ts";
import { FORGOTTEN, loadOfTab, whenChanged } from "./store.ts";
import "./styles/light.css";
import "./styles/page.css";
import "./styles/sheet.css";
import { unread } from "./threads/threads.ts";
import { Arriving } from "./views/Arriving.tsx";
import { Beach } from "./views/Beach.tsx";

function Page() {
  const hasSheet = route.value.sheet !== "none" || isKeptOut();
  return (
    <div class={hasSheet ? "page with-sheet" : "page"}>
      <Beach />
      <OpenSheet />
    </div>
  );
}

/** What is there for whoever is kept out for a while as well. */
const FOR_ALL = new Set(["rules", "care"]);

function isKeptOut(): boolean {
  const line = connection.value;
  return line.is === "refused" && line.code === "banned" && !FOR_ALL.has(route.value.sheet);
}

function OpenSheet() {
  const open = route.value;
  if (isKeptOut())
    return (
      <Arriving of={lateSafety} title={t("refused")}>
        {({ BannedSheet }) => <BannedSheet />}
      </Arriving>
    );
  switch (open.sheet) {
    case "none":
      return null;
    case "throw":
      return <ThrowSheet />;
    case "catch":
      return (
        <Arriving of={lateBottles} title={t("catch")}>
          {({ CatchSheet }) => <CatchSheet />}
        </Arriving>
      );
    case "held":
      return <HeldSheet key={open.id} id={open.id} />;
    case "shelf":
      return (
        <Arriving of={lateBottles} title={t("mine")}>
          {({ ShelfSheet }) => <ShelfSheet />}
        </Arriving>
      );
    case "thread":
      return (
        <Arriving of={lateBottles} title={t("letters")}>
          {({ ThreadSheet }) => <ThreadSheet key={open.id} id={open.id as ThreadId} />}
        </Arriving>
      );
    case "about":
      return (
        <Arriving of={lateRules} title={t("about")}>
          {({ AboutSheet }) => <AboutSheet self={self.value} />}
        </Arriving>
      );
    case "rules":
      return (
        <Arriving of={lateRules} title={t("rulesTitle")}>
          {({ RulesSheet }) => <RulesSheet />}
        </Arriving>
      );
    case "care":
      return (
        <Arriving of={lateCare} title={t("careTitle")}>
          {({ CareSheet }) => <CareSheet />}
        </Arriving>
      );
    case "notices":
      return (
        <Arriving of={lateSafety} title={t("noticesTitle")}>
          {({ NoticesSheet }) => <NoticesSheet />}
        </Arriving>
      );
    case "lighthouse":
      return (
        <Arriving of={lateRooms} title={t("place_lighthouse")}>
          {({ LighthouseSheet }) => <LighthouseSheet />}
        </Arriving>
      );
    case "room":
      return (
        <Arriving of={lateRooms} title={t("place_lighthouse")}>
          {({ RoomSheet }) => <RoomSheet key={open.id} id={open.id as RoomId} />}
        </Arriving>
      );
    case "tree":
      return (
        <Arriving of={lateHole} title={t("place_tree")}>
          {({ HoleSheet }) => <HoleSheet />}
        </Arriving>
      );
    case "lanterns":
      return (
        <Arriving of={lateMeets} title={t("place_lanterns")}>
          {({ LanternsSheet }) => <LanternsSheet />}
        </Arriving>
      );
    case "ask":
      return (
        <Arriving of={lateAsks} title={t("place_river")}>
          {({ AskSheet }) => <AskSheet key={open.id} id={open.id as BoxId} />}
        </Arriving>
      );
    case "box":
      return (
        <Arriving of={lateAsks} title={t("place_river")}>
          {({ BoxSheet }) => <BoxSheet />}
        </Arriving>
      );
    case "river":
    case "secret":
    case "tell":
    case "circle":
    case "own":
      return (
        <Arriving of={lateFeed} title={t("place_river")}>
          {({ AtTheRiver }) => <AtTheRiver sheet={open.sheet} />}
        </Arriving>
      );
  }
}

openShore(document.getElementById("sea")!, {
  afloat: () => afloatHere.value,
  windows: () => listed.value.map(shareOfRoom),
  ring: shareOfHole,
  isSeeking: () => isSeeking.value,
  isLastMinute: () => isLastMinute.value,
});
effect(() => {
  document.title = unread.value > 0 ? `(${unread.value}) ${t("name")}` : t("name");
});
// Somebody sits there and waits for who has only loaded the page again.
if (loadOfTab("meet") !== null) void lateMeets.load();
whenChanged(FORGOTTEN, () => location.replace(location.pathname));
render(<Page />, document.getElementById("app")!);
connect(hear);
startOutbox(settle);
