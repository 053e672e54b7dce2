import { Folded, fold } from "./fold.ts";
import { WORDS_A_STEP, atOnce } from "./making.ts";
import type { Making } from "./making.ts";
import { exactPattern, Matcher, patternsOf } from "./matcher.ts";
import type { Found, Pattern } from "./matcher.ts";
import { eachReading } from "./readings.ts";
import { SoundMatcher } from "./sounds.ts";
import { joinSplit } from "./split.ts";
import { graver } from "./types.ts";
import type {
  MarkKind,
  Screened,
  ScreenMark,
  ScreenVerdict,
  WordEntry,
  WordLists,
} from "./types.ts";
import { lookOf } from "../links.ts";
import { findAimed } from "./aimed.ts";
import { expressions } from "./expressions.ts";
import { uprightParts } from "./looks.ts";
import { meantBy } from "./meant.ts";
import { contactsIn, isOfOthers } from "./contacts.ts";
import { eachMatch } from "./matches.ts";
import { findOffers, isSelling } from "./offers.ts";
import { simplified } from "./simplified.ts";

/** Words that are covered in part rather than disguised: wh**e. */
const COVERED: ReadonlySet<MarkKind> = new Set(["slur", "sexual"]);
const SOLD: ReadonlySet<MarkKind> = new Set(["sexual", "drugs", "gambling", "spam"]);
const LEADS_OUT: ReadonlySet<MarkKind> = new Set([
  "link",
  "email",
  "phone",
  "handle",
  "solicitation",
]);

/** The one of them that is another word without its apostrophe. */
const CONTRACTED = /who['’]re/gi;

/** What was said to somebody, and is told: called me a …, she said "…", 骂我是…. */
const REPORTED = new RegExp(
  [
    String.raw`\b(?:never|not|n['’]?t)\s(?:\w+\s){0,2}(?:said|say|think|believe)\s(?:that\s)?$`,
    String.raw`\bcall(?:s|ed|ing)?\s(?:me|us|myself|people|others|someone|anyone|my\s\w+)\s["“']?(?:(?!you\b|ur?\b)\w+\s){0,2}["“']?$`,
    String.raw`\b(?:was|were|been|being|got|gets?|getting)\scalled\s(?:\w+\s){0,2}$`,
    String.raw`\b(?:told|tells|telling|said|says|saying|screamed|shouted|yelled|joked|commented|wrote|posted|texted|messaged|replied)\s(?:(?:me|us|everyone|people)\s)?(?:that\s)?(?:i|we)(?:['’]?[md]|['’]?re|\s(?:was|were|am|are))\s(?:\w+\s){0,3}[\"“'‘]?$`,
    String.raw`(?:[骂叫喊说笑](?:过|了|成)?(?:我|我们|自己|大家)|被[^。！？\n]{0,8}[骂叫喊说称](?:过|了|作|成|做|我)?(?:[^，。！？\n]{1,3}[年月天遍次])?|[冲对朝向]我们?大?[喊骂叫吼](?:着|道)?)(?:是|作|成|为|一句|一声|个|一个|就是|死|臭|大|小)*["“「『:：]?\s?$`,
  ].join("|"),
);
/** The same up to within the quotation. */
const QUOTED =
  /(?<!\bi\s)\b(?:said|says?|saying|told|tells|called|shout(?:s|ed)|yell(?:s|ed|ing)|scream(?:s|ed)|texted|wrote|writes|reads|heard|whispered|asked|lines?|words?|phrases?|titled|graffiti|(?:spray-?)?painted|sprayed|scrawled|commented|messaged|replied|chanted|statements?|like)\b[^"“”.!?\n]{0,30}(?:["“]|(?<=[\s:])['‘])[^"“”\n]{0,60}$|(?:[说骂叫喊写问吼发]|私信|评论|留言|弹幕)[^。！？\n“「”]{0,8}[“「『"][^”」』"\n]{0,30}$/;
/** Somebody shouted it at somebody else. */
const SHOUTED =
  /(?<!\bi\s)\b(?:shout(?:s|ed|ing)?|yell(?:s|ed|ing)?|scream(?:s|ed|ing)?|typ(?:es|ed|ing)|sent|sending|spamm(?:ed|ing)|said|wrote|writing|text(?:ed|ing)|whisper(?:ed|ing)|hissed|muttered|chant(?:ed|ing))\s(?:the word\s|(?:things|stuff) like\s)?["“'‘]?$/;
const AT_ONE = /^["”'’]?\s(?:at|to|on|about)\s(?:me|us|him|her|them|my|our|people)\b/;
const QUOTED_KINDS: ReadonlySet<MarkKind> = new Set(["slur", "threat"]);

/** And what is told behind it. */
const SAID_AFTER =
  /^[^"”\n]{0,40}["”][^.\n]{0,30}(?<!\bi\s)\b(?:said|wrote|told|called|texted|yelled|shouted|screamed|whispered)\b/;

/** Without one of these nothing is told: most texts. */
const TELLS =
  /call|said|say|told|tell|scream|shout|yell|joked|comment|wrote|writ|posted|text|messag|replied|typ|sent|sending|spamm|whisper|hissed|mutter|chant|never|not|n['’]?t\b|["“「『骂叫喊说笑吼]/i;

/** Without one of these before it nothing is called anything, and nothing is quoted. */
const SAYS =
  /call|sa(?:id|ys?|ying)\b|t(?:old|ell|exted)|scream|shout|yell|joked|comment|wrote|posted|messag|replied|think|believe|[骂叫喊说笑吼]/;
const OPENS = /["“「『]|[\s:]['‘]/;
const CLOSES = /["”」』]|['’](?!\w)/;

function isReported(text: string, start: number, end: number, kind: MarkKind): boolean {
  if (!QUOTED_KINDS.has(kind)) return false;
  const before = simplified(text.slice(Math.max(0, start - 100), start).toLowerCase());
  if (kind === "slur" && SAYS.test(before) && REPORTED.test(before)) return true;
  const after = text.slice(end, end + 100);
  if (AT_ONE.test(after) && SHOUTED.test(before)) return true;
  if (!OPENS.test(before)) return false;
  return CLOSES.test(after) && (QUOTED.test(before) || SAID_AFTER.test(after));
}

interface Matchers {
  words: Matcher;
  /** Words under signs: most texts have none of these. */
  covered: Matcher;
  sounds: SoundMatcher;
  allowed: Matcher;
}

function* matchersOf({ entries, allow }: WordLists): Making<Matchers> {
  const [plain, covered]: [Pattern[], Pattern[]] = [[], []];
  for (const [id, { word, kind }] of entries.entries()) {
    if (id % WORDS_A_STEP === 0) yield;
    for (const pattern of patternsOf(id, word, COVERED.has(kind)))
      (pattern.isCovered ? covered : plain).push(pattern);
  }
  return {
    words: yield* Matcher.of(plain),
    covered: yield* Matcher.of(covered),
    sounds: yield* SoundMatcher.of(entries.map(({ word }, id) => ({ id, word }))),
    allowed: yield* Matcher.of(allow.map((word, id) => exactPattern(id, word))),
  };
}

/** Says of a text what stands in it, and what is to be done about it. Keeps nothing; costs O(text). */
export class Screener {
  private readonly entries: readonly WordEntry[];
  private readonly words: Matcher;
  private readonly covered: Matcher;
  private readonly sounds: SoundMatcher;
  private readonly allowed: Matcher;
  /** Used again for each text: as it is read, and in whichever other way. */
  private readonly folded = new Folded();
  private readonly other = new Folded();
  /** Steps of the last text: what linear time is tested by. */
  steps = 0;

  constructor(lists: WordLists, matchers: Matchers = atOnce(matchersOf(lists))) {
    this.entries = lists.entries;
    this.words = matchers.words;
    this.covered = matchers.covered;
    this.sounds = matchers.sounds;
    this.allowed = matchers.allowed;
  }

  /** The same step by step: long lists take a second. */
  static *of(lists: WordLists): Making<Screener> {
    return new Screener(lists, yield* matchersOf(lists));
  }

  screen(text: string): Screened {
    const { folded, other } = this;
    fold(text, folded);
    const marks: ScreenMark[] = [];
    /** Words that are nobody's business, as long as nothing is offered. */
    const topics: ScreenMark[] = [];
    let verdict: ScreenVerdict = "fine";
    let care = false;
    const tells = TELLS.test(text);
    this.steps = 0;
    let spares: ReturnType<Screener["spared"]> | undefined;
    const take = (track: Folded, match: Found): void => {
      const [start, end] = placeOf(track, match);
      spares ??= this.spared(text, folded);
      if (spares(start, end)) return;
      const entry = this.entries[match.id]!;
      const { kind } = entry;
      if (tells && isReported(text, start, end, kind)) return;
      if (kind === "crisis") care = true;
      else if (entry.verdict !== "fine") verdict = graver(verdict, entry.verdict);
      else if (match.isHidden) verdict = graver(verdict, kind === "slur" ? "confirm" : "hold");
      else {
        if (SOLD.has(kind)) topics.push({ start, end, kind });
        return;
      }
      marks.push({ start, end, kind });
    };
    const search = (track: Folded): void => {
      const found = (match: Found): void => take(track, match);
      this.steps += this.words.search(track, found);
      if (track.isCovered) this.steps += this.covered.search(track, found);
    };
    search(folded);
    eachReading(folded, other, search);
    if (joinSplit(folded, other)) search(other);
    this.steps += this.sounds.search(folded, (match) => take(folded, match));
    const look = lookOf(text);
    // What all but links is looked for in; each character stands where it stood.
    const simple = { plain: simplified(look.plain), spanOf: look.spanOf };
    const meant = meantBy(folded);
    // The text itself last: the others look for theirs in what was read last.
    for (const { plain, spanOf } of meant ? [meant, simple] : [simple]) {
      expressions.read(plain);
      for (const aimed of findAimed(plain)) {
        const { kind } = aimed;
        const { start, end } = spanOf(aimed.start, aimed.end);
        spares ??= this.spared(text, folded);
        if (spares(start, end) || (tells && isReported(text, start, end, kind))) continue;
        verdict = graver(verdict, aimed.verdict);
        marks.push({ start, end, kind });
      }
    }
    for (const { start, end } of findOffers(simple.plain)) {
      verdict = graver(verdict, "hold");
      marks.push({ ...look.spanOf(start, end), kind: "solicitation" });
    }
    for (const mark of contactsIn(text, look, simple.plain)) {
      verdict = graver(verdict, isOfOthers(text, mark.start) ? "hold" : "confirm");
      marks.push(mark);
    }
    for (const part of uprightParts(text)) {
      const { steps } = this;
      const inner = this.screen(part.upright);
      this.steps += steps;
      verdict = graver(verdict, inner.verdict);
      care ||= inner.care;
      for (const { start, end, kind } of inner.marks)
        marks.push({ start: part.end - end, end: part.end - start, kind });
    }
    const isOffered = (): boolean =>
      marks.some(({ kind }) => LEADS_OUT.has(kind)) || isSelling(simple.plain);
    if (topics.length > 0 && isOffered()) {
      verdict = graver(verdict, "hold");
      marks.push(...topics);
    }
    // An ad says what there is, and where: each alone may be innocent.
    if (verdict === "hold" && marks.some(({ kind }) => SOLD.has(kind)))
      if (marks.some(({ kind }) => LEADS_OUT.has(kind))) verdict = "refuse";
    return { verdict, marks: inOrder(marks), care };
  }

  /**
   * What the allowed contexts of a text spare: what one reaches across an edge of, or is the same. So 一次性
   * spares 性交 in 一次性交纳, and "my dog" spares nothing of "hit my dog or die".
   */
  private spared(text: string, folded: Folded): (start: number, end: number) => boolean {
    const whole = new Set<number>();
    const inside = new Int32Array(text.length + 2);
    const allow = (from: number, to: number): void => {
      whole.add(from * (text.length + 1) + to);
      inside[from + 1]! += 1;
      inside[to]! -= 1;
    };
    eachMatch(CONTRACTED, text, ({ index, 0: said }) => allow(index, index + said.length));
    this.steps += this.allowed.search(folded, (match) => allow(...placeOf(folded, match)));
    for (let at = 1; at < inside.length; at += 1) inside[at]! += inside[at - 1]!;
    return (start, end) =>
      inside[start]! > 0 || inside[end]! > 0 || whole.has(start * (text.length + 1) + end);
  }
}

const placeOf = (folded: Folded, { first, last }: Found): [number, number] => [
  folded.start[first]!,
  folded.end[last]!,
];

/** In the order of the text, the longer one where two overlap. */
function inOrder(marks: ScreenMark[]): ScreenMark[] {
  const sorted = marks.sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: ScreenMark[] = [];
  for (const mark of sorted) {
    const last = kept[kept.length - 1];
    if (!last || mark.start >= last.end) kept.push(mark);
    else if (mark.end - mark.start > last.end - last.start) kept[kept.length - 1] = mark;
  }
  return kept;
}
