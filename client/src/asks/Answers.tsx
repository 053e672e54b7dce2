import type { ComponentChildren } from "preact";
import type { BoxAnswer, BoxId } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";
import { openBox, readOn, reading } from "./reading.ts";

/** What was answered in a box, for everybody to read. */
export function Answers(props: { box: BoxId; act?: (answer: BoxAnswer) => ComponentChildren }) {
  const now = reading.value?.box === props.box ? reading.value : null;
  const answers = now?.answers ?? [];
  const isReading = now === null || now.is === "reading";
  return (
    <section class="answered" aria-labelledby="answered" aria-busy={isReading}>
      <h3 id="answered">{t("askAnswered")}</h3>
      <p class="unseen" role="status">
        {now !== null && now.fresh > 0 ? t("askFresh", { count: now.fresh }) : ""}
      </p>
      <ul class="list">
        {answers.map((one) => (
          <li key={one.id} class="box-answer">
            <p class="asked">{one.question}</p>
            <p class="words">{one.answer}</p>
            <p class="meta">{t(`ago_${one.age}`)}</p>
            {props.act?.(one)}
          </li>
        ))}
      </ul>
      {isReading && <p class="hint">{t("askReading")}</p>}
      {now?.is === "read" && answers.length === 0 && <p class="empty">{t("askNone")}</p>}
      {now?.is === "failed" && (
        <div class="acts" role="status">
          <p>{t("askFailed")}</p>
          <button type="button" onClick={() => void openBox(props.box)}>
            {t("placeRetry")}
          </button>
        </div>
      )}
      {now?.is === "read" && now.cursor !== null && (
        <div class="acts">
          <button type="button" onClick={() => void readOn(props.box)}>
            {t("askMore")}
          </button>
        </div>
      )}
    </section>
  );
}
