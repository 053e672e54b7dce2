import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Screener, inSteps, listOf } from "@driftsea/protocol/screening";
import type { WordEntry } from "@driftsea/protocol/screening";
import { OperatorError } from "../lib/errors.ts";
import { Slices } from "../lib/slices.ts";

export interface ListsParts {
  /** Its `*.txt` are read. */
  folder: string;
  /** New lists are in force. */
  onLoaded: (words: number) => void;
  /** A file cannot be used, and the lists before it stay: file, line and what is wrong. */
  onFault: (fault: string) => void;
}

/** A file of words. */
export interface ListText {
  name: string;
  text: string;
}
interface Loaded {
  screener: Screener;
  words: number;
  texts: readonly ListText[];
}

/** The operator's word lists. A change is seen without a restart; a fault in one changes nothing. */
export class Lists {
  readonly #p: ListsParts;
  #loaded: Loaded;
  #print: string;

  private constructor(parts: ListsParts, loaded: Loaded, print: string) {
    this.#p = parts;
    this.#loaded = loaded;
    this.#print = print;
  }

  /** @throws OperatorError where they cannot be used. */
  static async open(parts: ListsParts): Promise<Lists> {
    try {
      const print = await printOf(parts.folder);
      const loaded = await loadOnce(parts.folder, print);
      parts.onLoaded(loaded.words);
      return new Lists(parts, loaded, print);
    } catch (error) {
      throw new OperatorError(`SCREEN_LISTS: ${faultOf(error)}`);
    }
  }

  /** As the lists are now. */
  get screener(): Screener {
    return this.#loaded.screener;
  }

  /** The files that are in force, as they stand; another array with every change. */
  get texts(): readonly ListText[] {
    return this.#loaded.texts;
  }

  /** Loads them where a file is another than before. For a ticker, every few seconds. */
  async look(): Promise<void> {
    try {
      const print = await printOf(this.#p.folder);
      if (print === this.#print) return;
      // Also where they are faulty: they are looked at again when they have changed.
      this.#print = print;
      this.#loaded = await loadOnce(this.#p.folder, print);
      this.#p.onLoaded(this.#loaded.words);
    } catch (error) {
      this.#p.onFault(faultOf(error));
    }
  }
}

const files = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(".txt")).sort();

/** Changes with every file. */
async function printOf(folder: string): Promise<string> {
  const names = await files(folder);
  if (names.length === 0) throw new OperatorError(`no *.txt in ${folder}`);
  const stats = await Promise.all(names.map((name) => stat(join(folder, name))));
  return stats.map(({ mtimeMs, size, ino }, i) => [names[i], mtimeMs, size, ino]).join("|");
}

/** What was made last: a second server in this process that has the same files has it too. */
let last: { key: string; loaded: Promise<Loaded> } | null = null;

async function loadOnce(folder: string, print: string): Promise<Loaded> {
  const key = `${folder}|${print}`;
  if (last?.key !== key) last = { key, loaded: load(folder) };
  try {
    return await last.loaded;
  } catch (error) {
    last = null;
    throw error;
  }
}

async function load(folder: string): Promise<Loaded> {
  const slices = new Slices();
  const rest = (): Promise<void> | undefined => (slices.isOver() ? slices.rest() : undefined);
  const texts: ListText[] = [];
  const entries: WordEntry[] = [];
  const allow: string[] = [];
  for (const name of await files(folder)) {
    const text = await readFile(join(folder, name), "utf8");
    texts.push({ name, text });
    const list = await inSteps(listOf(text, name), rest);
    for (const entry of list.entries) entries.push(entry);
    for (const context of list.allow) allow.push(context);
  }
  const screener = await inSteps(Screener.of({ entries, allow }), rest);
  return { screener, words: entries.length, texts };
}

/** A list's own words say file and line; else why it cannot be read. */
const faultOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
