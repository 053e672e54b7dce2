import type { OwnBottle, ThreadId } from "@driftsea/protocol";
import { useEffect } from "preact/hooks";
import { connection } from "../connection.ts";
import { clockTime, nameOf, t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { go } from "../route.ts";
import { parts } from "../parts.ts";
import { pushKey } from "../session/session.ts";
import { lastRead, openThread, threads } from "../threads/threads.ts";
import type { OpenThread } from "../threads/threads.ts";
import { Avatar } from "../views/Avatar.tsx";
import { Countdown } from "../views/Countdown.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { Sure } from "../views/Sure.tsx";
import { bottles, held, muteBottle, recall, refreshBottles } from "./bottles.ts";

/** My bottles: what is in one's hand, the letters, and what was thrown, each with its state. */
export function ShelfSheet() {
  const letters = [...threads.value.values()];
  const mayWatch = pushKey.value !== null && bottles.value.length > 0;
  useEffect(() => {
    if (mayWatch) void parts.rules.load();
  }, [mayWatch]);
  // That one was held and thrown back is told nobody.
  const isReady = connection.value.is === "ready";
  useEffect(() => {
    if (isReady) void refreshBottles();
  }, [isReady]);
  const isEmpty = held.value.length + letters.length + bottles.value.length === 0;
  return (
    <Sheet title={t("shelfTitle")} id="shelf" class={isEmpty ? "small" : ""}>
      {isEmpty && <p class="empty">{t("nothingYet")}</p>}
      {held.value.length > 0 && (
        <section aria-labelledby="in-hand">
          <h3 id="in-hand">{t("inHand")}</h3>
          <ul class="list">
            {held.value.map(({ bottle, leaseEndsAt }) => (
              <li key={bottle.id}>
                <button
                  class="row"
                  type="button"
                  onClick={() => go({ sheet: "held", id: bottle.id })}
                >
                  <Avatar persona={bottle.persona} />
                  <span>
                    <span class="first-line">{bottle.text}</span>
                    <Countdown until={leaseEndsAt} text="leaseLeft" ends="leaseEnds" />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {letters.length > 0 && (
        <section aria-labelledby="letters">
          <h3 id="letters">{t("letters")}</h3>
          <ul class="list">
            {letters.map((one) => (
              <Letters key={one.thread.id} open={one} />
            ))}
          </ul>
        </section>
      )}
      {bottles.value.length > 0 && (
        <section aria-labelledby="thrown">
          <h3 id="thrown">{t("thrown")}</h3>
          <ul class="list">
            {bottles.value.map((bottle) => (
              <Thrown key={bottle.id} bottle={bottle} />
            ))}
          </ul>
        </section>
      )}
    </Sheet>
  );
}

function Letters({ open }: { open: OpenThread }) {
  const { thread, messages } = open;
  const isNew = !thread.muted && thread.head > (lastRead.value[thread.id] ?? 0);
  const last = messages.at(-1)?.text ?? thread.bottle.text;
  return (
    <li>
      <button class="row" type="button" onClick={() => openThread(thread.id)}>
        <Avatar persona={thread.other} />
        <span>
          <strong>{nameOf(thread.other)}</strong>
          {isNew && <em class="new">{t("unreadLetter")}</em>}
          <span class="first-line">{last}</span>
        </span>
      </button>
    </li>
  );
}

const CAN_RECALL = new Set<OwnBottle["state"]>(["sealed", "afloat", "held", "hidden"]);

function Thrown({ bottle }: { bottle: OwnBottle }) {
  const { state, found } = bottle;
  const foundText =
    found === 0 ? t("foundNever") : found === 1 ? t("foundOnce") : t("found", { count: found });
  const stateText = t(`state_${state}` as TextKey, { time: bottle.sealedUntilAt ?? 0 });
  const rules = parts.rules.arrival.value;
  const reachable = bottle.threadIds.filter((id) => threads.value.has(id));
  return (
    <li class={`thrown is-${state}`}>
      <p class="first-line">{bottle.text === "" ? t("recalledText") : bottle.text}</p>
      <p class="meta">
        <span class="state">{stateText}</span> · {foundText}
        {(state === "afloat" || state === "held") && (
          <> · {t("driftsUntil", { time: bottle.expiresAt })}</>
        )}
        <span class="unseen">{clockTime(bottle.thrownAt)}</span>
      </p>
      <div class="acts">
        {reachable.map((id: ThreadId) => (
          <button key={id} type="button" onClick={() => openThread(id)}>
            {t("read")}
          </button>
        ))}
        {CAN_RECALL.has(state) && (
          <>
            {rules.is === "here" && <rules.it.Watch bottle={bottle} />}
            <button type="button" onClick={() => void muteBottle(bottle.id, !bottle.muted)}>
              {t(bottle.muted ? "unmute" : "mute")}
            </button>
            <Sure
              label={t("recall")}
              sure={t("recallSure")}
              onSure={() => void recall(bottle.id)}
            />
          </>
        )}
      </div>
    </li>
  );
}
