import { BOTTLE_KINDS, LIMITS, MOODS, cleanText } from "@driftsea/protocol";
import type { Mood, SeaId } from "@driftsea/protocol";
import { serverNow } from "../connection.ts";
import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { parts } from "../parts.ts";
import { isSpent, quotas } from "../session/session.ts";
import { Part } from "../views/Part.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { TextField } from "../views/TextField.tsx";
import { hasAgreed } from "./agreeing.ts";
import { choices, chosenSea, inTheAir, seas, throwBottle } from "./bottles.ts";
import type { Choices } from "./bottles.ts";

const HOUR_MS = 60 * 60 * 1000;
const LIVES_H = [1, 6, 24, 72, 168];

/** A sheet of paper, and how it shall drift. */
export function ThrowSheet() {
  const { kind, mood, finders, hours, sealed } = choices.value;
  const sea = choices.value.sea ?? chosenSea.value;
  const choose = (change: Partial<Choices>): void => {
    choices.value = { ...choices.value, ...change };
  };
  const throws = quotas.value?.throws;
  const sealedUntilAt = sealed === "" ? null : new Date(sealed).getTime();
  const isPast =
    sealedUntilAt !== null &&
    !(sealedUntilAt > serverNow() && sealedUntilAt < serverNow() + LIMITS.sealMaxMs);
  // What is asked of whoever throws is said before anything can be thrown.
  const isUntold = !hasAgreed.value && parts.rules.arrival.value.is !== "here";

  const submit = (text: string): boolean => {
    throwBottle({
      text: cleanText(text),
      kind,
      sea,
      ...(mood === "" ? {} : { mood }),
      ...(finders === 1 ? {} : { finders }),
      ...(hours === 24 ? {} : { lifetimeMs: hours * HOUR_MS }),
      ...(sealedUntilAt === null ? {} : { sealedUntilAt }),
    });
    return false;
  };
  return (
    <Sheet title={t("throwTitle")} id="throw">
      {hasAgreed.value ? (
        <p class="hint">{t("rules")}</p>
      ) : (
        <Part of={parts.rules}>{({ FirstThrow }) => <FirstThrow />}</Part>
      )}
      {isSpent(throws) && <p role="status">{t("quotaExceeded", { time: throws!.resetsAt })}</p>}
      <TextField
        place="throw"
        label={t("yourText")}
        placeholder={t("writePlaceholder")}
        most={LIMITS.bottleChars}
        submit={t("rollUp")}
        rows={5}
        disabled={inTheAir.value !== null || isSpent(throws) || isPast || isUntold}
        onSubmit={submit}
      >
        <fieldset class="chips">
          <legend>{t("kind")}</legend>
          {BOTTLE_KINDS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="kind"
                checked={kind === one}
                onChange={() => choose({ kind: one })}
              />
              <span>{t(`kind_${one}` as TextKey)}</span>
            </label>
          ))}
        </fieldset>
        <details
          // Why it cannot be thrown is said in there.
          ref={(details) => {
            if (details && isPast) details.open = true;
          }}
        >
          <summary>{t("more")}</summary>
          <div class="fields">
            <label>
              {t("sea")}
              <select value={sea} onChange={(e) => choose({ sea: e.currentTarget.value as SeaId })}>
                {seas.value.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.title}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t("mood")}
              <select
                value={mood}
                onChange={(e) => choose({ mood: e.currentTarget.value as Mood | "" })}
              >
                <option value="">{t("mood_none")}</option>
                {MOODS.map((one) => (
                  <option key={one} value={one}>
                    {t(`mood_${one}` as TextKey)}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t("finders")}
              <select
                value={finders}
                onChange={(e) => choose({ finders: Number(e.currentTarget.value) })}
              >
                {Array.from({ length: LIMITS.finders }, (_, i) => (
                  <option key={i} value={i + 1}>
                    {i + 1}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t("lifetime")}
              <select
                value={hours}
                onChange={(e) => choose({ hours: Number(e.currentTarget.value) })}
              >
                {LIVES_H.map((h) => (
                  <option key={h} value={h}>
                    {h < 48 ? t("hours", { count: h }) : t("days", { count: h / 24 })}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t("sealed")}
              <input
                type="datetime-local"
                value={sealed}
                aria-invalid={isPast}
                onInput={(e) => choose({ sealed: e.currentTarget.value })}
              />
              {isPast && <span role="status">{t("sealedPast")}</span>}
            </label>
          </div>
        </details>
      </TextField>
    </Sheet>
  );
}
