import { useState } from "preact/hooks";
import { BOTTLE_KINDS, LIMITS, MOODS, cleanText } from "@driftsea/protocol";
import type { BottleKind, Mood, SeaId } from "@driftsea/protocol";
import { serverNow } from "../connection.ts";
import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { quotas } from "../session/session.ts";
import { Sheet } from "../views/Sheet.tsx";
import { TextField } from "../views/TextField.tsx";
import { chosenSea, inTheAir, seas, throwBottle } from "./bottles.ts";

const HOUR_MS = 60 * 60 * 1000;
const LIVES_H = [1, 6, 24, 72, 168];

/** A sheet of paper, and how it shall drift. */
export function ThrowSheet() {
  const [kind, setKind] = useState<BottleKind>("plain");
  const [mood, setMood] = useState<Mood | "">("");
  const [sea, setSea] = useState<SeaId>(chosenSea.value);
  const [finders, setFinders] = useState(1);
  const [hours, setHours] = useState(24);
  const [sealed, setSealed] = useState("");

  const submit = (text: string): boolean => {
    const sealedUntilAt = sealed === "" ? NaN : new Date(sealed).getTime();
    throwBottle({
      text: cleanText(text),
      kind,
      sea,
      ...(mood === "" ? {} : { mood }),
      ...(finders === 1 ? {} : { finders }),
      ...(hours === 24 ? {} : { lifetimeMs: hours * HOUR_MS }),
      ...(sealedUntilAt > serverNow() ? { sealedUntilAt } : {}),
    });
    return false;
  };
  return (
    <Sheet title={t("throwTitle")} id="throw">
      <p class="hint">{t("rules")}</p>
      <TextField
        place="throw"
        label={t("yourText")}
        placeholder={t("writePlaceholder")}
        most={LIMITS.bottleChars}
        submit={t("rollUp")}
        rows={5}
        disabled={inTheAir.value !== null || quotas.value?.throws.left === 0}
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
                onChange={() => setKind(one)}
              />
              <span>{t(`kind_${one}` as TextKey)}</span>
            </label>
          ))}
        </fieldset>
        <details>
          <summary>{t("more")}</summary>
          <div class="fields">
            <label>
              {t("sea")}
              <select value={sea} onChange={(e) => setSea(e.currentTarget.value as SeaId)}>
                {seas.value.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.title}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t("mood")}
              <select value={mood} onChange={(e) => setMood(e.currentTarget.value as Mood | "")}>
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
              <select value={finders} onChange={(e) => setFinders(Number(e.currentTarget.value))}>
                {Array.from({ length: LIMITS.finders }, (_, i) => (
                  <option key={i} value={i + 1}>
                    {i + 1}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t("lifetime")}
              <select value={hours} onChange={(e) => setHours(Number(e.currentTarget.value))}>
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
                onInput={(e) => setSealed(e.currentTarget.value)}
              />
            </label>
          </div>
        </details>
      </TextField>
    </Sheet>
  );
}
