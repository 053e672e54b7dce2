import { useEffect, useState } from "preact/hooks";
import { connection } from "../connection.ts";
import { t } from "../i18n/index.ts";
import { parts } from "../parts.ts";
import { isMeetCalling } from "../places.ts";
import { RoomClock } from "../rooms/Clock.tsx";
import { RoomView } from "../rooms/RoomView.tsx";
import { rooms } from "../rooms/state.ts";
import { Part } from "../views/Part.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { cancel, interests, leave, meet, next, reportAndLeave, seek, wordsOf } from "./meets.ts";
import type { Meet } from "./meets.ts";

/** From here on waiting is a state of its own, in ms. */
const QUIET_AFTER_MS = 12_000;

/** Two lanterns: a stranger to sit with, one at a time. */
export function LanternsSheet() {
  const now = meet.value;
  switch (now.is) {
    case "alone":
      return (
        <Sheet title={t("place_lanterns")} id="lanterns">
          <p class="lead">{t("meetIntro")}</p>
          <Seek />
        </Sheet>
      );
    case "ended":
      return (
        <Sheet title={t("place_lanterns")} id="lanterns-ended">
          <p class="gift" role="status">
            {t(now.reason === "over" ? "meetOver" : `meetEnd_${now.reason}`)}
          </p>
          <Seek isAgain />
        </Sheet>
      );
    case "seeking":
      return <Seeking mode={now.mode} />;
    case "met":
      return <Met now={now} />;
  }
}

function Seek({ isAgain = false }: { isAgain?: boolean }) {
  const isReady = connection.value.is === "ready";
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void seek("random");
      }}
    >
      <div class="fields">
        <label>
          {t("meetInterests")}
          <input
            type="text"
            value={interests.value}
            maxLength={120}
            autocomplete="off"
            onInput={(e) => (interests.value = e.currentTarget.value)}
          />
        </label>
      </div>
      <p class="hint">
        {wordsOf(interests.value).length > 0
          ? wordsOf(interests.value).join(" · ")
          : t("meetInterestsHint")}
      </p>
      <button type="submit" class="primary wide" disabled={!isReady}>
        {t(isAgain ? "meetSeekAgain" : "meetSeek")}
      </button>
      <button
        type="button"
        class="shake"
        disabled={!isReady}
        aria-describedby="shake-hint"
        onClick={() => void seek("shake")}
      >
        {t("meetShake")}
      </button>
      <p class="hint centred" id="shake-hint">
        {t("meetShakeHint")}
      </p>
    </form>
  );
}

function Seeking({ mode }: { mode: "random" | "shake" }) {
  const [isQuiet, setQuiet] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(true), QUIET_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Sheet title={t("place_lanterns")} id="seeking" class="small">
      <div role="status">
        <p class="gift">{t(mode === "shake" ? "meetShaking" : "meetSeeking")}</p>
        {isQuiet && <p class="lead">{t("meetQuiet")}</p>}
      </div>
      <div class="acts">
        <button type="button" onClick={cancel}>
          {t("meetCancel")}
        </button>
      </div>
    </Sheet>
  );
}

function Met({ now }: { now: Meet & { is: "met" } }) {
  const state = rooms.value.get(now.roomId);
  useEffect(() => {
    isMeetCalling.value = false;
  }, []);
  return (
    <Sheet title={t("meetTitle")} id={now.meetId} class="room meet">
      <div class="room-head">
        {state?.is === "in" && <RoomClock room={state.room} isOpen />}
        {now.again && (
          <p class="hint" role="status">
            {t("meetAgain")}
          </p>
        )}
        {now.shared.length > 0 && (
          <p class="hint" role="status">
            {t("meetShared", { words: now.shared.join(" · ") })}
          </p>
        )}
      </div>
      {state?.is === "in" ? (
        <RoomView open={state}>
          <Ways />
        </RoomView>
      ) : (
        <>
          <p role="status">{t("entering")}</p>
          <Ways />
        </>
      )}
    </Sheet>
  );
}

/** The ways out: on to somebody else, away from what is wrong, or home. */
function Ways() {
  const [isReporting, setReporting] = useState(false);
  return (
    <div class="acts">
      <button type="button" onClick={() => void next()}>
        {t("meetNext")}
      </button>
      <button type="button" aria-expanded={isReporting} onClick={() => setReporting(!isReporting)}>
        {t("meetReportAndLeave")}
      </button>
      <button type="button" onClick={() => void leave()}>
        {t("meetLeave")}
      </button>
      {isReporting && (
        <Part of={parts.safety}>
          {({ ReportPanel }) => (
            <ReportPanel
              title={t("meetReportWhy")}
              onReport={(...what) => void reportAndLeave(...what)}
            />
          )}
        </Part>
      )}
      <p class="hint wide">{t("photograph")}</p>
    </div>
  );
}
