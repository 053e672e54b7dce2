import { anchorsOf, NEAR_MAX } from "./anchors.ts";
import { eachMatch } from "./matches.ts";

const UNITS = 0x10000;
const NONE = -1;

interface Known {
  expression: RegExp;
  /** As in `Anchors`. */
  before: number;
  after: number;
  /** Whether it is tried only where it may begin, as a sticky expression, and not searched for. */
  isAtOnce: boolean;
  /** The first and the last of its windows. */
  head: number;
  tail: number;
}

/** Where an expression may find something, or, where it is tried at once, begin to: UTF-16 units, `to` not of it. */
interface Window {
  from: number;
  to: number;
  /** The next one of the same expression. */
  next: number;
}

/**
 * Many expressions, each tried only around what stands in all that it finds: most texts have nothing of most of them.
 * A text is gone through once for all of them, by a trie of what they wait for.
 */
export class Expressions {
  private readonly known: Known[] = [];
  /** Those for which nothing is known that must stand there. */
  private readonly anywhere: number[] = [];
  /** Those that have windows in the text at hand. */
  private readonly due: number[] = [];
  private readonly windows: Window[] = [];
  /** The first edge of the trie, by its unit; 0 where there is none. */
  private readonly first = new Uint16Array(UNITS);
  /** The other edges, `node * UNITS + unit`, and where each leads. */
  private readonly next = new Map<number, number>();
  /** By node: expressions that wait for what ends there. */
  private readonly waiting: (number[] | undefined)[] = [undefined];

  /** The number of the first of them; the others follow it. */
  add(expressions: readonly RegExp[]): number {
    const first = this.known.length;
    for (const expression of expressions) {
      const { texts, before, after } = anchorsOf(expression);
      const isAtOnce = texts !== null && before <= NEAR_MAX;
      const tried = isAtOnce ? new RegExp(expression, `${expression.flags}y`) : expression;
      const known = { expression: tried, before, after, isAtOnce, head: NONE, tail: NONE };
      const i = this.known.push(known) - 1;
      if (texts) for (const text of texts) this.wait(text, i);
      else this.anywhere.push(i);
    }
    return first;
  }

  /** Looks a text through for what the expressions wait for; `isAll`: all of it may hold all. Costs O(text). */
  read(text: string, isAll = false): void {
    for (const i of this.due) this.known[i]!.head = this.known[i]!.tail = NONE;
    this.due.length = this.windows.length = 0;
    for (const i of isAll ? this.known.keys() : this.anywhere) this.open(i, 0, text.length);
    if (isAll) return;
    const { first, next, waiting } = this;
    let wasLetter = false;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const isLetter = unit >= 97 && unit <= 122;
      const isWithin = isLetter && wasLetter;
      wasLetter = isLetter;
      if (isWithin) continue;
      let node: number | undefined = first[unit];
      for (let end = at + 1; node; end += 1) {
        const those = waiting[node];
        if (those) for (const i of those) this.note(i, at);
        node = end < text.length ? next.get(node * UNITS + text.charCodeAt(end)) : 0;
      }
    }
  }

  /** What one of them finds, in order, in the text that was read last. It is given again: none is kept here. */
  each(i: number, text: string, found: (match: RegExpExecArray) => void): void {
    const { windows } = this;
    const { expression, isAtOnce, head } = this.known[i]!;
    let done = 0;
    for (let window = head; window !== NONE; window = windows[window]!.next) {
      const { from, to } = windows[window]!;
      if (isAtOnce) done = eachFrom(expression, text, Math.max(from, done), to, found);
      else eachMatch(expression, to < text.length ? text.slice(0, to) : text, found, from);
    }
  }

  /** The same for so many of them; `i` is counted from the first. */
  all(
    first: number,
    count: number,
    text: string,
    found: (i: number, match: RegExpExecArray) => void,
  ): void {
    for (const i of this.due)
      if (i >= first && i < first + count) this.each(i, text, (match) => found(i - first, match));
  }

  private note(i: number, at: number): void {
    const { before, after, isAtOnce, tail } = this.known[i]!;
    // One more, so that no find ends where the window does: for `$` and `\b`.
    const to = at + 1 + (isAtOnce ? 0 : after);
    if (tail !== NONE && this.windows[tail]!.to >= at - before) this.windows[tail]!.to = to;
    else this.open(i, Math.max(0, at - before), to);
  }

  private open(i: number, from: number, to: number): void {
    const window = this.windows.push({ from, to, next: NONE }) - 1;
    const known = this.known[i]!;
    if (known.tail === NONE) {
      known.head = window;
      this.due.push(i);
    } else this.windows[known.tail]!.next = window;
    known.tail = window;
  }

  private wait(text: string, i: number): void {
    let node = this.made(this.first[text.charCodeAt(0)]!, (made) => {
      this.first[text.charCodeAt(0)] = made;
    });
    for (let at = 1; at < text.length; at += 1) {
      const edge = node * UNITS + text.charCodeAt(at);
      node = this.made(this.next.get(edge) ?? 0, (made) => this.next.set(edge, made));
    }
    (this.waiting[node] ??= []).push(i);
  }

  private made(known: number, keep: (node: number) => void): number {
    if (known > 0) return known;
    const made = this.waiting.push(undefined) - 1;
    if (made >= UNITS) throw new Error("more is waited for than the trie can hold");
    keep(made);
    return made;
  }
}

/** Each match of a sticky expression that begins in a part of a text, none within another; where the last ends. */
function eachFrom(
  expression: RegExp,
  text: string,
  from: number,
  to: number,
  found: (match: RegExpExecArray) => void,
): number {
  let at = from;
  while (at < to) {
    expression.lastIndex = at;
    const match = expression.exec(text);
    at = match ? Math.max(expression.lastIndex, at + 1) : at + 1;
    if (match) found(match);
  }
  return at;
}

/** Those of all the screening: each module adds its own, and asks what they find in the text that was read. */
export const expressions = new Expressions();
