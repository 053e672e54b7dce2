/*
 * What stands in all that an expression finds: one of a few texts, and how far the find reaches around it. An
 * expression is then tried only where one of them stands, as engines with a literal prefilter do
 * (https://swtch.com/~rsc/regexp/regexp4.html).
 */
export interface Anchors {
  /** One of these stands in each find; null where none is known. One that begins with a letter begins a word. */
  texts: readonly string[] | null;
  /** UTF-16 units that a find begins before its first of them, at most. */
  before: number;
  /** UTF-16 units from its beginning to where the find ends, at most, and what is looked at behind that. */
  after: number;
}

/** Longer ones are cut: more units tell no more. */
const ANCHOR_MAX = 6;

/** So near to where a find begins what it needs must stand for it to be tried at once, without a search. */
export const NEAR_MAX = 2;

interface Needed {
  texts: readonly string[];
  before: number;
  after: number;
  /** How often one of them stands in a text, roughly. */
  cost: number;
}

interface Part {
  /** UTF-16 units, at most. */
  width: number;
  /** Units that are looked at behind it, at most. */
  ahead: number;
  needed: Needed | null;
  /** Whether a letter behind it begins a word. */
  isFree: boolean;
  /** What it is, where it is nothing else. */
  literal?: string;
}

const isLetter = (char: string): boolean => char >= "a" && char <= "z";

/** Characters of every second sentence. */
const COMMON = new Set(
  "的一是不了在有我他她这个们你妳来上大到说要就会和人也好都出没得去那看什么给家想还天能下小把多加找为时可对生着过里死真吗吧啊做被让叫吃打点女男",
);
const COMMON_WORD = /^(?:you|your|the|a|an|i|me|my|is|are|in|on|at|to|for|and|of|it|with|get|no)$/;
const COSTS_BY_LETTERS = [0, 60, 30, 12, 4, 2, 1];

function costOf(text: string): number {
  const first = text[0]!;
  const word = text.trimEnd();
  if (isLetter(first)) return COMMON_WORD.test(word) ? 90 : COSTS_BY_LETTERS[word.length]!;
  if (text.length > 1) return 1;
  if (first === " " || first === "." || first === ",") return 200;
  return COMMON.has(first) || first < "\u00ff" ? 60 : 4;
}

const oneOf = (texts: readonly string[]): Needed => ({
  texts,
  before: 0,
  after: Math.max(...texts.map(({ length }) => length)),
  cost: texts.reduce((sum, text) => sum + costOf(text), 0),
});

const literalOf = (literal: string): Part => ({
  width: literal.length,
  ahead: 0,
  needed: oneOf([literal]),
  isFree: !isLetter(literal[0]!),
  literal,
});

const assertion = (isFree: boolean, ahead = 0): Part => ({
  width: 0,
  ahead,
  needed: null,
  isFree,
});

/** Reads what expressions of this folder are made of. Throws for what has no bound, since each is to cost O(text). */
class Reader {
  private readonly source: string;
  private readonly isUnicode: boolean;
  private at = 0;

  constructor({ source, unicode }: RegExp) {
    this.source = source;
    this.isUnicode = unicode;
  }

  alternatives(isFree: boolean): Part {
    let all = this.sequence(isFree);
    while (this.takes("|")) {
      const next = this.sequence(isFree);
      const needed =
        all.needed && next.needed
          ? {
              texts: [...all.needed.texts, ...next.needed.texts],
              before: Math.max(all.needed.before, next.needed.before),
              after: Math.max(all.needed.after, next.needed.after),
              cost: all.needed.cost + next.needed.cost,
            }
          : null;
      all = {
        width: Math.max(all.width, next.width),
        ahead: Math.max(all.ahead, next.ahead),
        needed,
        isFree: all.isFree && next.isFree,
      };
    }
    return all;
  }

  private sequence(isFree: boolean): Part {
    let [width, ahead] = [0, 0];
    let best: (Needed & { end: number }) | null = null;
    const offer = (needed: Needed, start: number, end: number): void => {
      const before = start + needed.before;
      const cost = needed.cost * (before > NEAR_MAX ? 2 : 1);
      if (!best || cost < best.cost) best = { ...needed, before, cost, end };
    };
    let run = "";
    let isRunFree = isFree;
    const endRun = (): void => {
      // No letter within a word; one behind a space begins one.
      const known = isRunFree ? run : run.replace(/^[a-z]+/, "");
      const text = known.trimStart() || known;
      run = "";
      if (text === "") return;
      const needed = { ...oneOf([text.slice(0, ANCHOR_MAX)]), after: text.length };
      offer(needed, width - text.length, width);
    };
    while (this.at < this.source.length && !"|)".includes(this.source[this.at]!)) {
      const term = this.term(isFree);
      const [least, most] = this.quantifier();
      if (term.literal && least === 1 && most === 1) {
        if (run === "") isRunFree = isFree;
        run += term.literal;
        width += term.width;
        isFree = term.isFree;
        continue;
      }
      endRun();
      const { needed } = term;
      const isReached = isFree || !term.literal || term.isFree;
      if (least > 0 && needed && isReached)
        offer(
          { ...needed, after: needed.after + (most - 1) * term.width },
          width,
          width + most * term.width,
        );
      width += most * term.width;
      ahead = Math.max(ahead, term.ahead);
      isFree = term.isFree && (least > 0 || isFree);
    }
    endRun();
    const chosen = best as (Needed & { end: number }) | null;
    const needed = chosen && { ...chosen, after: chosen.after + width - chosen.end };
    return { width, ahead, needed, isFree };
  }

  private term(isFree: boolean): Part {
    const char = this.source[this.at]!;
    if (char === "(") return this.group(isFree);
    if (char === "[") return this.set(isFree);
    if (char === "\\") return this.escaped();
    this.at += 1;
    if (char === "^") return assertion(true);
    if (char === "$") return assertion(isFree);
    if (char === ".") return { width: 1, ahead: 0, needed: null, isFree: false };
    const isPair = this.isUnicode && char >= "\ud800" && char < "\udc00";
    return literalOf(isPair ? char + this.source[this.at++]! : char);
  }

  private group(isFree: boolean): Part {
    const from = this.at;
    const [opened] = /^\((?:\?(?:[:=!]|<[=!]))?/.exec(this.source.slice(from, from + 4))!;
    this.at += opened.length;
    const inner = this.alternatives(isFree);
    this.at += 1;
    if (opened === "(" || opened === "(?:") return inner;
    if (!opened.includes("<")) return assertion(isFree, inner.width + inner.ahead);
    const isNoLetter = opened === "(?<!" && this.source.slice(from, this.at).includes("a-z");
    return assertion(isFree || isNoLetter);
  }

  private set(isFree: boolean): Part {
    const [said, isNegated, members] = /^\[(\^?)((?:\\.|[^\]\\])*)\]/s.exec(
      this.source.slice(this.at),
    )!;
    this.at += said.length;
    const hasLetters = /[a-z]-[a-z]|\\w|\\S|\\p/.test(members!);
    const width = this.isUnicode && (isNegated || /\\p|[\ud800-\udfff]/.test(members!)) ? 2 : 1;
    if (isNegated) return { width, ahead: 0, needed: null, isFree: hasLetters };
    const plain = members!.replace(/\\[wsdWSDp](?:\{\w+\})?|\\(?!u)/g, "");
    const isListed = width === 1 && !/.-.|\\/s.test(members!);
    const letters = /[a-z]/.test(plain);
    return {
      width,
      ahead: 0,
      needed:
        isListed && (isFree || !letters)
          ? oneOf(Array.from({ length: members!.length }, (_, i) => members![i]!))
          : null,
      isFree: !hasLetters && !letters,
    };
  }

  private escaped(): Part {
    const [said, name] = /^\\(u[0-9a-f]{4}|p\{\w+\}|.)/i.exec(
      this.source.slice(this.at, this.at + 24),
    )!;
    this.at += said.length;
    const some = (isNoLetter: boolean): Part => ({
      width: 1,
      ahead: 0,
      needed: null,
      isFree: isNoLetter,
    });
    switch (name![0]) {
      case "b":
        return assertion(true);
      case "s":
      case "d":
      case "W":
        return some(true);
      case "w":
      case "S":
      case "D":
        return some(false);
      case "p":
        return { ...some(false), width: 2 };
      case "n":
        return literalOf("\n");
      case "u":
        return literalOf(String.fromCharCode(Number.parseInt(name!.slice(1), 16)));
      default:
        return literalOf(name!);
    }
  }

  private quantifier(): [least: number, most: number] {
    const [said, sign, least, more, most] =
      /^(?:([?*+])|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.at, this.at + 12)) ?? [];
    if (said === undefined) return [1, 1];
    this.at += said.length;
    if (sign === "?") return [0, 1];
    if (sign || (more && !most)) throw new Error(`no bound: ${this.source.slice(0, this.at)}`);
    return [Number(least), Number(more ? most : least)];
  }

  private takes(char: string): boolean {
    if (this.source[this.at] !== char) return false;
    this.at += 1;
    return true;
  }
}

export function anchorsOf(expression: RegExp): Anchors {
  const { needed, width, ahead } = new Reader(expression).alternatives(false);
  return {
    texts: needed && [...new Set(needed.texts)],
    before: needed?.before ?? width,
    after: (needed?.after ?? width) + ahead,
  };
}
