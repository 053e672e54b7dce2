import { MARK_KINDS, SCREEN_VERDICTS } from "@driftsea/protocol/screening";
import type { ScreenMark, ScreenVerdict, Screened } from "@driftsea/protocol/screening";
import type { ScreenedPlace } from "@driftsea/protocol";

/** Failures in a row after which it is not asked any more, and for how long, in ms. */
export const FAILURES = 5;
export const OPEN_MS = 10_000;
/** Texts that wait for an answer at one time: beyond, it counts as away. */
const WAITING_MAX = 100;
/** Of these so many may be of nobody's writing yet: who only tries texts does not take it from who writes. */
const TRIALS_MAX = 20;
const ANSWER_BYTES = 64 * 1024;
const MARKS_MAX = 100;

export type ClassifierOutcome = "answered" | "late" | "failed" | "malformed" | "skipped";

export interface ClassifierParts {
  url: string;
  timeoutMs: number;
  onOutcome: (outcome: ClassifierOutcome) => void;
  /** It is not asked any more, or is again. */
  onOpen: (isOpen: boolean) => void;
  /** Of this process, in ms. */
  now?: () => number;
}

/**
 * A service of the operator's choice, by HTTP: `{ text, where }` is posted as JSON and nothing else, so
 * that it learns of nobody who wrote. It answers `{ verdict, marks?, care? }`. One that is slow, down or
 * answers something else is away; after some failures in a row it is left alone for a while, and then
 * one text tries it (a circuit breaker).
 */
export class Classifier {
  readonly #p: ClassifierParts;
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;
  #waiting = 0;
  #trials = 0;

  constructor(parts: ClassifierParts) {
    this.#p = parts;
    this.#now = parts.now ?? (() => performance.now());
  }

  /** What it says of a text; null where it is away. @param isTrial It is asked about, and not written. */
  async ask(text: string, where: ScreenedPlace, isTrial = false): Promise<Screened | null> {
    const isFull = this.#waiting >= WAITING_MAX || (isTrial && this.#trials >= TRIALS_MAX);
    // Nor does a trial try it for those who write.
    if (this.#now() < this.#openUntil || isFull || (isTrial && this.#openUntil > 0)) {
      this.#p.onOutcome("skipped");
      return null;
    }
    // While this one tries it, no other does.
    if (this.#openUntil > 0) this.#openUntil = this.#now() + this.#p.timeoutMs + 1000;
    this.#waiting += 1;
    if (isTrial) this.#trials += 1;
    try {
      const said = readAnswer(await this.#post({ text, where }), text);
      if (this.#openUntil > 0) this.#p.onOpen(false);
      this.#failures = 0;
      this.#openUntil = 0;
      this.#p.onOutcome("answered");
      return said;
    } catch (error) {
      this.#failed(error, isTrial);
      return null;
    } finally {
      this.#waiting -= 1;
      if (isTrial) this.#trials -= 1;
    }
  }

  #failed(error: unknown, isTrial: boolean): void {
    const isLate = (error as Error).name === "TimeoutError";
    this.#p.onOutcome(isLate ? "late" : error instanceof Malformed ? "malformed" : "failed");
    if (isTrial) return;
    this.#failures += 1;
    if (this.#failures < FAILURES) return;
    if (this.#openUntil === 0) this.#p.onOpen(true);
    this.#openUntil = this.#now() + OPEN_MS;
  }

  async #post(body: object): Promise<string> {
    const { url, timeoutMs } = this.#p;
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
      // It must not hand a text on to somewhere else.
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of response.body ?? []) {
      bytes += part.length;
      if (bytes > ANSWER_BYTES) throw new Malformed("too long");
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  }
}

class Malformed extends Error {}

/** Whatever it says beyond this is not looked at. */
function readAnswer(json: string, text: string): Screened {
  let said: unknown;
  try {
    said = JSON.parse(json);
  } catch {
    throw new Malformed("no JSON");
  }
  const { verdict, marks = [], care = false } = (said ?? {}) as Record<string, unknown>;
  const known = SCREEN_VERDICTS.find((one) => one === verdict);
  if (known === undefined) throw new Malformed("no verdict");
  if (!Array.isArray(marks) || marks.length > MARKS_MAX) throw new Malformed("no marks");
  if (typeof care !== "boolean") throw new Malformed("care is yes or no");
  return { verdict: known, marks: marks.map((mark) => readMark(mark, text)), care };
}

function readMark(mark: unknown, text: string): ScreenMark {
  const { start, end, kind } = (mark ?? {}) as Record<string, unknown>;
  const known = MARK_KINDS.find((one) => one === kind);
  const isSpan = Number.isSafeInteger(start) && Number.isSafeInteger(end) && (start as number) >= 0;
  if (known === undefined || !isSpan || (end as number) <= (start as number))
    throw new Malformed("a mark is { start, end, kind }");
  if ((end as number) > text.length) throw new Malformed("a mark lies beyond the text");
  return { start: start as number, end: end as number, kind: known };
}

export const WHEN_AWAY = ["fine", "hold", "refuse"] as const satisfies readonly ScreenVerdict[];
export type WhenAway = (typeof WHEN_AWAY)[number];
