import type { Quota, SeaId } from "@driftsea/protocol";
import { chosenSea, inTheAir, seas } from "../bottles/bottles.ts";
import { catchBottle, haul } from "../bottles/catching.ts";
import { isPaused, language, light } from "../choices.ts";
import type { Light } from "../choices.ts";
import { connection, reconnect, wake } from "../connection.ts";
import { t } from "../i18n/index.ts";
import { waiting } from "../outbox.ts";
import { parts } from "../parts.ts";
import { go } from "../route.ts";
import { saying } from "../say.ts";
import { isSpent, quotas } from "../session/session.ts";
import { unread } from "../threads/threads.ts";
import { Countdown } from "./Countdown.tsx";
import { Places } from "./Places.tsx";

const LIGHTS: readonly Light[] = ["auto", "day", "night"];
const LIGHT_TEXT = { auto: "lightAuto", day: "lightDay", night: "lightNight" } as const;

/** The shore: one line, two verbs, and the way to one's bottles. */
export function Beach() {
  const left = (quota: Quota | undefined): string => {
    if (quota === undefined) return "";
    if (quota.left > 0) return t("left", { count: quota.left });
    // How many there are again, the next one tells.
    return isSpent(quota) ? t("moreAt", { time: quota.resetsAt }) : "";
  };
  const isWaiting = haul.value.is === "waiting";
  const isFlying = inTheAir.value !== null;
  const isClosed = (name: string): boolean => parts.safety.now()?.isClosed(name) ?? false;
  return (
    <>
      <header class="top">
        <div>
          <h1>{t("name")}</h1>
          <p class="greeting">{t("greeting")}</p>
        </div>
        <Controls />
      </header>
      <Edge />
      <main class="beach">
        <SeaChooser />
        <SeaEnd />
        <div class="verbs">
          <button
            type="button"
            class={isFlying ? "verb resting" : "verb"}
            aria-disabled={isFlying}
            onClick={() => isFlying || isClosed("throw") || go({ sheet: "throw" })}
          >
            <span>{t("throw")}</span>
            <small>{left(quotas.value?.throws)}</small>
          </button>
          <button
            type="button"
            class="verb"
            aria-disabled={isWaiting}
            onClick={() => void (isClosed("catch") || catchBottle())}
          >
            <span>{t("catch")}</span>
            <small>{isWaiting ? t("waiting") : left(quotas.value?.catches)}</small>
          </button>
        </div>
        <button type="button" class="mine-sign" onClick={() => go({ sheet: "shelf" })}>
          {unread.value > 0 ? t("mineUnread", { count: unread.value }) : t("mine")}
        </button>
      </main>
      <Places />
    </>
  );
}

function Controls() {
  const next = LIGHTS[(LIGHTS.indexOf(light.value) + 1) % LIGHTS.length]!;
  // Signs that some systems would draw as coloured pictures are asked for as text.
  const icons: Record<Light, string> = { auto: "◐", day: "☀\uFE0E", night: "☾" };
  return (
    <nav class="controls" aria-label={t("controls")}>
      <button
        type="button"
        class="icon"
        aria-label={t(isPaused.value ? "resume" : "pause")}
        onClick={() => (isPaused.value = !isPaused.value)}
      >
        <span aria-hidden="true">{isPaused.value ? "▶\uFE0E" : "❚❚"}</span>
      </button>
      <button
        type="button"
        class="icon"
        aria-label={t(LIGHT_TEXT[light.value])}
        onClick={() => (light.value = next)}
      >
        <span aria-hidden="true">{icons[light.value]}</span>
      </button>
      <button
        type="button"
        class="icon wide"
        lang={language.value === "zh" ? "en" : "zh-Hans"}
        onClick={() => {
          language.value = language.value === "zh" ? "en" : "zh";
          reconnect();
        }}
      >
        {t("otherLanguage")}
      </button>
      <button
        type="button"
        class="icon"
        aria-label={t("about")}
        onClick={() => go({ sheet: "about" })}
      >
        <span aria-hidden="true">?</span>
      </button>
    </nav>
  );
}

/** Where the whole sea ends when nobody throws: until when. */
function SeaEnd() {
  const deadlineAt = seas.value.find(({ id }) => id === chosenSea.value)?.deadlineAt;
  if (deadlineAt === undefined) return null;
  return (
    <p class="sea-end">
      <Countdown until={deadlineAt} text="seaLeft" ends="seaEnds" />
    </p>
  );
}

function SeaChooser() {
  if (seas.value.length === 0) return null;
  return (
    <label class="sea-chooser">
      <span class="unseen">{t("sea")}</span>
      <select
        value={chosenSea.value}
        onChange={(event) => (chosenSea.value = event.currentTarget.value as SeaId)}
      >
        {seas.value.map((sea) => (
          <option key={sea.id} value={sea.id}>
            {`${sea.title} · ${t("afloat", { count: sea.afloat })}`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What is said quietly: how the line stands, what is in the air, what has happened. */
function Edge() {
  const line = connection.value;
  const { is } = line;
  const flight = inTheAir.value;
  const said = saying.value;
  const unsent = waiting.value.length;
  const safety = parts.safety.arrival.value;
  return (
    <div class="edge">
      {safety.is === "here" && <safety.it.ClosedStrip />}
      <p class="line-state" role="status">
        {is === "ready" ? "" : t(is)}
        {is !== "ready" && unsent > 0 ? t("waitingCount", { count: unsent }) : ""}
      </p>
      {is === "outdated" && (
        <button type="button" class="primary" onClick={() => location.reload()}>
          {t("reload")}
        </button>
      )}
      {line.is === "refused" && line.untilAt === undefined && (
        <button type="button" class="primary" onClick={wake}>
          {t("placeRetry")}
        </button>
      )}
      <div class="saying" role="status">
        {flight && <p>{t("flying")}</p>}
        {!flight && said && <p>{t(said.key, said.values)}</p>}
      </div>
      {flight && (
        <button type="button" class="primary undo" onClick={flight.undo}>
          {t("undo")}
        </button>
      )}
      {!flight && said?.act && (
        <button
          type="button"
          class="primary"
          onClick={() => {
            saying.value = null;
            said.act?.run();
          }}
        >
          {t(said.act.key)}
        </button>
      )}
    </div>
  );
}
