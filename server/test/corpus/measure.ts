import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseList, Screener } from "@driftsea/protocol/screening";

export interface Sample {
  /** Whether it has to be found, be let pass, or open the help card and nothing else. */
  label: "caught" | "fine" | "care";
  class: string;
  lang: "en" | "zh";
  /** What it was made of: all that is made of one base is in one part. */
  base: string;
  text: string;
}

export interface Tally {
  texts: number;
  /** As the label says. */
  right: number;
  wrong: Sample[];
}

const LISTS = join(import.meta.dirname, "../../lists");

export function readSamples(): Sample[] {
  return ["disguised", "innocent"].flatMap((name) =>
    readFileSync(join(import.meta.dirname, `${name}.tsv`), "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [label, kind, lang, base, text] = line.split("\t") as [
          string,
          string,
          string,
          string,
          string,
        ];
        return { label, class: kind, lang, base, text: text.replaceAll("\\n", "\n") } as Sample;
      }),
  );
}

export function shippedScreener(): Screener {
  const lists = ["en", "zh"].map((name) =>
    parseList(readFileSync(join(LISTS, `${name}.txt`), "utf8"), `${name}.txt`),
  );
  return new Screener({
    entries: lists.flatMap(({ entries }) => entries),
    allow: lists.flatMap(({ allow }) => allow),
  });
}

/** FNV-1a over the base: three fifths are tuned on, the others are held out. */
export function isTuning({ base }: Sample): boolean {
  let hash = 0x811c9dc5;
  for (const char of base) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return hash % 100 < 60;
}

function isRight(screener: Screener, { label, text }: Sample): boolean {
  const { verdict, care } = screener.screen(text);
  if (label === "care") return care;
  return (verdict !== "fine" || care) === (label === "caught");
}

export function tally(screener: Screener, samples: readonly Sample[]): Tally {
  const wrong = samples.filter((sample) => !isRight(screener, sample));
  return { texts: samples.length, right: samples.length - wrong.length, wrong };
}

export const share = ({ right, texts }: Tally): number => (texts === 0 ? 1 : right / texts);
