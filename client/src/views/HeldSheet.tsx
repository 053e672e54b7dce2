import { useState } from "preact/hooks";
import { LIMITS, REPORT_REASONS, cleanText } from "@driftsea/protocol";
import type { ReportReason } from "@driftsea/protocol";
import { answer, block, hold, report, throwBack } from "../actions.ts";
import { nameOf, t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { waiting } from "../outbox.ts";
import { held } from "../state.ts";
import { Avatar } from "./Avatar.tsx";
import { Countdown } from "./Countdown.tsx";
import { Sheet } from "./Sheet.tsx";
import { TextField } from "./TextField.tsx";

/** A bottle in one's hand: what it says, how long one has, and the four things one can do. */
export function HeldSheet({ id }: { id: string }) {
  const found = held.value.find((one) => one.bottle.id === id);
  if (!found) {
    return (
      <Sheet title={t("caughtTitle")} id={id}>
        <p>{t("gone")}</p>
      </Sheet>
    );
  }
  const { bottle, leaseEndsAt } = found;
  const isAnswered = waiting.value.some(
    (write) => write.name === "bottle:answer" && write.payload.bottleId === bottle.id,
  );
  return (
    <Sheet title={t("caughtTitle")} id={id}>
      <div class="who">
        <Avatar persona={bottle.persona} />
        <p>
          <strong>{t("writes", { name: nameOf(bottle.persona) })}</strong>
          <br />
          <Countdown until={leaseEndsAt} />
        </p>
      </div>
      <Words text={bottle.text} kind={bottle.kind} mood={bottle.mood} />
      {isAnswered ? (
        <p role="status">{t("notSent")}</p>
      ) : (
        <TextField
          place={`answer:${bottle.id}`}
          label={t("yourAnswer")}
          placeholder={t("answerPlaceholder")}
          most={LIMITS.messageChars}
          submit={t("answer")}
          onType={() => void hold(bottle.id)}
          onSubmit={(text) => {
            answer(bottle.id, cleanText(text));
            return true;
          }}
        />
      )}
      <div class="acts">
        <button type="button" onClick={() => void throwBack(bottle.id)}>
          {t("release")}
        </button>
        <ReportAndBlock
          onReport={(reason) => report({ kind: "bottle", id: bottle.id }, reason)}
          onBlock={() => void block({ kind: "bottle", id: bottle.id })}
        />
      </div>
    </Sheet>
  );
}

/** What a bottle says, with what its thrower called it. */
export function Words(props: { text: string; kind: string; mood?: string | undefined }) {
  const tags = [
    ...(props.kind === "plain" ? [] : [known(`kind_${props.kind}`)]),
    ...(props.mood === undefined ? [] : [known(`mood_${props.mood}`)]),
  ].filter((tag) => tag !== "");
  return (
    <blockquote class="letter">
      <p>{props.text === "" ? t("letterErased") : props.text}</p>
      {tags.length > 0 && <footer>{tags.join(" · ")}</footer>}
    </blockquote>
  );
}

/** A word that this page knows; a newer server may know more. */
function known(key: string): string {
  try {
    return t(key as TextKey);
  } catch {
    return "";
  }
}

export function ReportAndBlock(props: {
  onReport: (reason: ReportReason) => void;
  onBlock: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t("report")}
      </button>
      <button type="button" title={t("blockHint")} onClick={props.onBlock}>
        {t("block")}
      </button>
      {isOpen && (
        <fieldset class="reasons">
          <legend>{t("reportWhy")}</legend>
          {REPORT_REASONS.map((reason) => (
            <button
              key={reason}
              type="button"
              onClick={() => {
                setOpen(false);
                props.onReport(reason);
              }}
            >
              {t(`reason_${reason}` as TextKey)}
            </button>
          ))}
        </fieldset>
      )}
      <p class="hint wide">{t("blockHint")}</p>
    </>
  );
}
