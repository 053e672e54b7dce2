import type { Persona } from "@driftsea/protocol";
import { language } from "../choices.ts";
import type { en as asks } from "../asks/texts.en.ts";
import type { en as bottles } from "../bottles/texts.en.ts";
import type { en as feed } from "../feed/texts.en.ts";
import type { en as hole } from "../hole/texts.ts";
import type { en as meets } from "../meets/texts.ts";
import type { en as rooms } from "../rooms/texts.en.ts";
import type { en as care } from "../care/texts.en.ts";
import type { en as rules } from "../rules/texts.en.ts";
import type { en as push } from "../push/texts.ts";
import type { en as safety } from "../safety/texts.en.ts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

type Late = typeof bottles & typeof rooms & typeof hole & typeof meets & typeof feed & typeof asks;
type Texts = typeof en & Late & typeof care & typeof rules & typeof safety & typeof push;
export type TextKey = keyof Texts;

/** A place that is loaded late brings its texts along. */
const texts = { en: en as Texts, zh: zh as Texts };

export function learn(more: Record<"en" | "zh", Partial<Texts>>): void {
  Object.assign(texts.en, more.en);
  Object.assign(texts.zh, more.zh);
}

/** The reader's own kind of a language, as en-GB: it says how times and numbers are written. */
export const locale = (): string =>
  navigator.languages.find((one) => one.toLowerCase().startsWith(language.value)) ?? language.value;

/** A text in the reader's language. `few` becomes words; `time` is ms since 1970. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  const text = texts[language.value][key];
  const filled = text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    if (name === "time" && typeof value === "number") return clockTime(value);
    if (value === "few") return texts[language.value].few;
    return typeof value === "number" ? value.toLocaleString(locale()) : value;
  });
  // A space stands between Chinese and figures, and not between Chinese and a count in words.
  return filled.replace(/(\p{Script=Han}) (?=\p{Script=Han})/gu, "$1");
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A time as one says it: the hour, with the day where it is not today. */
export function clockTime(at: number): string {
  const date = new Date(at);
  const isToday = Math.abs(at - Date.now()) < DAY_MS && date.getDate() === new Date().getDate();
  const day = isToday ? {} : ({ month: "short", day: "numeric" } as const);
  return new Intl.DateTimeFormat(locale(), {
    ...day,
    hour: "2-digit",
    minute: "2-digit",
  }).format(date);
}

/** A span of time as one says it, rounded: "10 minutes", "45 seconds"; never "60 minutes". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [value, unit]: [number, string] =
    seconds >= 171_000
      ? [Math.round(seconds / 86_400), "day"]
      : seconds >= 3570
        ? [Math.round(seconds / 3600), "hour"]
        : seconds >= 60
          ? [Math.round(seconds / 60), "minute"]
          : [seconds, "second"];
  return inUnits(value, unit);
}

/** A number of a unit of time, in words; as everywhere, a space stands between figures and Chinese. */
export const inUnits = (value: number, unit: string): string =>
  new Intl.NumberFormat(locale(), {
    style: "unit",
    unit,
    unitDisplay: "long",
    maximumFractionDigits: 1,
  })
    .format(value)
    .replace(/(\d)(?=\p{Script=Han})/u, "$1 ");

/** One of the words that personas are called by, by its number in each list. */
export const wordOf = (list: "names" | "creatures", index: number): string =>
  texts[language.value][list].split(",")[index] ?? "";

/** A persona's name: two words that each reader's language has of its own. */
export function nameOf(persona: Omit<Persona, "id">): string {
  return texts[language.value].nameForm
    .replace("{name}", wordOf("names", persona.name))
    .replace("{creature}", wordOf("creatures", persona.creature));
}
