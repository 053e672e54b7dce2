import { signal } from "@preact/signals";
import type { HelpLine } from "@driftsea/protocol";
import { language } from "../choices.ts";
import { locale, t } from "../i18n/index.ts";
import { parts } from "../parts.ts";
import { caring } from "./caring.ts";
import { ELSEWHERE_CODE, guessCountry } from "./country.ts";
import { ELSEWHERE, LINES } from "./lines.ts";

const zoneOf = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
/** Chosen on this page, and kept nowhere: nothing remembers that somebody has looked. */
const country = signal(guessCountry(zoneOf(), navigator.languages));

/** The operator's lines, where he has any and they can be had; else those that are here. */
function linesKnown(): readonly HelpLine[] {
  const lines = parts.rules.now()?.seaRules().helpLines ?? LINES;
  return lines.some((line) => line.country === ELSEWHERE_CODE) ? lines : [...lines, ELSEWHERE];
}

const nameOfCountry = (code: string): string =>
  code === ELSEWHERE_CODE
    ? t("careElsewhere")
    : (new Intl.DisplayNames([locale()], { type: "region" }).of(code) ?? code);

/** A number that a phone can dial; what has letters in it is looked up by hand. */
const DIALLED = /^[\d +()-]{3,}$/;

/** Whom one can talk to, where one is. */
export function Lines() {
  // What the operator says comes with the rules.
  void parts.rules.arrival.value;
  const known = linesKnown();
  const codes = [...new Set(known.map((line) => line.country))];
  const here = codes.includes(country.value) ? country.value : ELSEWHERE_CODE;
  const names = codes
    .filter((code) => code !== ELSEWHERE_CODE)
    .map((code) => [code, nameOfCountry(code)] as const)
    .sort(([, a], [, b]) => a.localeCompare(b, locale()));
  return (
    <>
      <ul class="lines-of-help">
        {known
          .filter((line) => line.country === here)
          .map((line) => (
            <li key={line.reach}>
              <span>{line.name[language.value]}</span>
              {DIALLED.test(line.reach) ? (
                <a href={`tel:${line.reach.replace(/[^\d+]/g, "")}`}>{line.reach}</a>
              ) : (
                <strong>{line.reach}</strong>
              )}
            </li>
          ))}
      </ul>
      <div class="fields">
        <label>
          {t("careWhere")}
          <select value={here} onChange={(e) => (country.value = e.currentTarget.value)}>
            {names.map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
            <option value={ELSEWHERE_CODE}>{t("careElsewhere")}</option>
          </select>
        </label>
      </div>
      <p class="hint">{t("careGuess")}</p>
      <p class="hint">{t("careDanger")}</p>
    </>
  );
}

interface CareCardProps {
  of: "writer" | "reader";
  onClose?: () => void;
}

/**
 * Beside words that sound heavy. It takes nothing from what one does: for who wrote them it lies open
 * and can be put away, for who reads them it is one line until it is asked for.
 */
export function CareCard({ of, onClose }: CareCardProps) {
  return (
    <details class="care" open={of === "writer"} onToggle={() => void parts.rules.load()}>
      <summary>{t(of === "writer" ? "careForWriter" : "careForReader")}</summary>
      <p>{t(of === "writer" ? "careToWriter" : "careToReader")}</p>
      <Lines />
      {onClose && (
        <button type="button" class="icon" aria-label={t("careAway")} onClick={onClose}>
          <span aria-hidden="true">✕</span>
        </button>
      )}
    </details>
  );
}

export function Beside({ place }: { place: string }) {
  if (caring.value !== place) return null;
  return <CareCard of="writer" onClose={() => (caring.value = null)} />;
}
