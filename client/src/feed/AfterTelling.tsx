import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { go } from "../route.ts";
import { MarkedText } from "../safety/MarkedText.tsx";
import { CareNote } from "../views/CareNote.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { Light } from "./Lantern.tsx";
import { choices, choose, formOf, pick } from "./form.ts";
import { tell, telling } from "./telling.ts";
import type { Telling } from "./telling.ts";

const ASKS_TEXT = { marks: "markedText", names: "namedText", nothing: "markedRefused" } as const;

/** What was marked is seen again before it goes out. */
export function Marked({ now }: { now: Telling & { is: "marked" } }) {
  const { text, marks, asks } = now;
  return (
    <Sheet
      title={t(asks === "names" ? "namedTitle" : "markedTitle")}
      id={asks === "names" ? "tell-named" : "tell-marked"}
    >
      <p class="lead" role="status">
        {t(ASKS_TEXT[asks ?? "nothing"])}
      </p>
      <MarkedText text={text} marks={marks} />
      <div class="acts">
        <button type="button" class="primary" onClick={() => (telling.value = { is: "writing" })}>
          {t("markedChange")}
        </button>
        {asks !== null && (
          <button type="button" onClick={() => void tell(formOf(text), asks)}>
            {t(asks === "names" ? "namedAllTheSame" : "markedAllTheSame")}
          </button>
        )}
      </div>
    </Sheet>
  );
}

/** It goes out later than it was written, and that is said. */
export function Told({ now }: { now: Telling & { is: "told" } }) {
  const [ground] = useState(choices.peek().background);
  useEffect(() => {
    pick(null);
    choose({ isAsking: false, isHere: false });
  }, []);
  return (
    <Sheet title={t("toldTitle")} id="told" class="telling">
      <Light text="" background={ground} photoUrl={undefined} label="circle">
        <svg class="set-out" viewBox="0 0 120 90" aria-hidden="true">
          <ellipse cx="60" cy="74" rx="46" ry="7" />
          <path class="glow" d="M42 30q0-12 18-12t18 12v24q0 12-18 12t-18-12z" />
          <path d="M42 30q0-12 18-12t18 12v24q0 12-18 12t-18-12zM42 30h36M42 54h36M60 8v10" />
        </svg>
      </Light>
      <div class="below-light">
        <CareNote of="writer" care={now.care} />
      </div>
      <div class="below-light" role="status">
        <p class="gift">{t(now.isHeld ? "heldFirst" : "toldText")}</p>
        {!now.isHeld && <p class="hint">{t("toldKey")}</p>}
      </div>

      <div class="acts below-light">
        <button type="button" class="primary" onClick={() => go({ sheet: "river" })}>
          {t("riverBack")}
        </button>
        <button type="button" onClick={() => go({ sheet: "own" })}>
          {t("riverOwn")}
        </button>
        <button type="button" onClick={() => (telling.value = { is: "writing" })}>
          {t("toldAnother")}
        </button>
      </div>
    </Sheet>
  );
}
