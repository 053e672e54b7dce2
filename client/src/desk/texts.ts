import { language } from "../choices.ts";
import { en } from "./texts.en.ts";
import { zh } from "./texts.zh.ts";

export type TextKey = keyof typeof en;

/** A text in the reader's language. */
export function say(key: TextKey, values: Record<string, string | number> = {}): string {
  const text = (language.value === "zh" ? zh : en)[key];
  return (
    text
      .replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""))
      // A space stands between Chinese and figures, and not between Chinese and Chinese.
      .replace(/(\p{Script=Han}) (?=\p{Script=Han})/gu, "$1")
  );
}

/** A word out of a list that may grow on the server before it does here. */
export function sayWord(list: string, word: string): string {
  const key = `${list}_${word}`;
  return key in en ? say(key as TextKey) : word;
}

export function waiting(n: number): string {
  return n === 0 ? say("waiting_none") : n === 1 ? say("waiting_one") : say("waiting_many", { n });
}

/** The reader's own kind of a language, as en-GB: it says how times and numbers are written. */
const locale = (): string =>
  navigator.languages.find((one) => one.toLowerCase().startsWith(language.value)) ?? language.value;

/** A span as one says it, in its greatest unit. */
export function span(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const [value, unit] =
    seconds >= 2 * 86_400
      ? [Math.round(seconds / 86_400), "day"]
      : seconds >= 2 * 3600
        ? [Math.round(seconds / 3600), "hour"]
        : seconds >= 60
          ? [Math.round(seconds / 60), "minute"]
          : [seconds, "second"];
  const style = { style: "unit", unit, unitDisplay: "long" } as const;
  const words = new Intl.NumberFormat(locale(), style).format(value);
  return words.replace(/(\d)(?=\p{Script=Han})/u, "$1 ");
}

export const share = (of: number): string =>
  new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(of);

export const dateTime = (at: number): string =>
  new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "medium" }).format(at);
