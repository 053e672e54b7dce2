/** Where a text holds something that leads elsewhere, in UTF-16 units. */
export interface LinkMark {
  start: number;
  end: number;
}

/*
 * Addresses with a scheme (`hxxp` as well), `www.`, e-mail, IPv4, `localhost:3000`, and bare names under an ending that
 * is commonly written. A text is read as what it looks like (NFKC): 𝐞𝐱𝐚𝐦𝐩𝐥𝐞․𝐜𝐨𝐦 is example.com. "e.g." and "3.14" are no
 * links. One pass: a name is taken whole and then judged, so that no text makes it slow.
 */
const words = (list: string): Set<string> => new Set(list.split(" "));
/** No words in any language: an ending after any kind of dot, and behind Chinese without a space. */
const CLEAR = words("com net org edu gov cn io xyz biz nl jp kr ru example рф рус укр бел");
/** Words as well, or what is said in a chat: an ending after a real dot behind letters with spaces between words. */
const COMMON = words(
  "info co me tv cc gg ly to app dev top club site online shop store blog vip link live icu fun work pro space tech cloud page wiki news chat hk tw uk de fr in us eu ai ca au nz sg ch pl pt cz dk fi gr ie ir mx ro sk th tr ua vn br ar kz mil int сайт онлайн",
);
/** An ending where a path follows. */
const WITH_PATH = words("it is be at no so my am as do la id by es se st sh im pm ms re ee gd tk");
/** Behind a real dot, where nothing more follows: 例子.中国. */
const CHINESE = words("中国 中國 公司 网络 網絡 网址 网站 在线 香港 台湾 台灣 商城 集团 한국");
const SCHEMES = words("http https hxxp hxxps mailto magnet javascript vbscript");

const CJK = "[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Hang}]";
const LETTERS = `(?:(?!${CJK})[\\p{L}\\p{N}\\p{M}])+`;
const labelOf = (letters: string): string => `${letters}(?:[-_+]+${letters})*`;
const LABEL = `(?:${labelOf(LETTERS)}|${CJK}+)`;
const DOT = "(?:[.。]|\\s?[[({]\\s?(?:\\.|dot)\\s?[\\])}]\\s?|\\s{1,3}dot\\s{1,3})";
const nameOf = (label: string, flags: string): RegExp =>
  new RegExp(`${label}(${DOT}${label})*`, flags);
const NAME = nameOf(LABEL, "gu");
/** The same in a text of ASCII alone, as most are: at a third of the cost. */
const NAME_ASCII = nameOf(labelOf("[a-z0-9]+"), "g");
const BETWEEN_LABELS = new RegExp(`(${DOT})`, "u");
const MAIL = new RegExp(`@(?:${LABEL}${DOT})+(?!\\d)${LETTERS}`, "uy");
const TAIL = /[^\s<>"']*/y;
const SCHEME_TAIL = /:[^\s<>"']+/y;
const DATA_TAIL = /:(?:[a-z]+\/|[;,])[^\s<>"']*/y;
const PORT_TAIL = /:\d[^\s<>"']*/y;
const STARTS_CJK = new RegExp(`^${CJK}`, "u");

/** A text as it looks, in lower case. */
export interface Look {
  plain: string;
  /** Where a part of it stands in the original, in UTF-16 units. */
  spanOf: (start: number, end: number) => LinkMark;
}

const ASCII = /^[\x00-\x7f]*$/;
/** Units that one character is read as, at most. */
const FOLDED_MAX = 4;

const same = (start: number, end: number): LinkMark => ({ start, end });

/** Characters of a text that do not stand where they look to: a column each, in order. */
interface Moved {
  /** Where the character is in the text as it looks, and where it ends there. */
  plain: number[];
  plainEnd: number[];
  /** Where it is in the text. */
  start: number[];
  end: number[];
}

export function lookOf(text: string): Look {
  if (ASCII.test(text)) return { plain: text.toLowerCase(), spanOf: same };
  const moved: Moved = { plain: [], plainEnd: [], start: [], end: [] };
  let plain = "";
  let done = 0;
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    // Han characters are what they look like, and are most of what is beyond ASCII.
    if (code < 0x80 || (code >= 0x3400 && code <= 0x9fff)) {
      at += 1;
      continue;
    }
    const char = String.fromCodePoint(text.codePointAt(at)!);
    const folded = char.normalize("NFKC");
    // A few characters stand for whole sentences, and for no link.
    const shown = (folded.length > FOLDED_MAX ? char : folded).toLowerCase();
    plain += text.slice(done, at).toLowerCase();
    if (shown.length !== 1 || char.length !== 1) {
      moved.plain.push(plain.length);
      moved.plainEnd.push(plain.length + shown.length);
      moved.start.push(at);
      moved.end.push(at + char.length);
    }
    plain += shown;
    at += char.length;
    done = at;
  }
  plain += text.slice(done).toLowerCase();
  if (moved.plain.length === 0) return { plain, spanOf: same };
  const spanOf = (start: number, end: number): LinkMark => ({
    start: placeOf(moved, start).start,
    end: placeOf(moved, end - 1).end,
  });
  return { plain, spanOf };
}

/** Where a unit of the text as it looks stands in the text. */
function placeOf({ plain, plainEnd, start, end }: Moved, at: number): LinkMark {
  let [low, high] = [0, plain.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (plain[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  const last = low - 1;
  if (last < 0) return { start: at, end: at + 1 };
  if (at < plainEnd[last]!) return { start: start[last]!, end: end[last]! };
  const place = at - plainEnd[last]! + end[last]!;
  return { start: place, end: place + 1 };
}

/** Where a sticky expression that matches at `at` ends; -1 where it does not match. */
function endOf(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : -1;
}

const isRealDot = (dot: string): boolean => dot.length > 0 && dot !== "。" && !/^\s+d/.test(dot);

function isEnding(label: string, dot: string, before: string, isPath: boolean): boolean {
  if (CLEAR.has(label) || label.startsWith("xn--")) return true;
  if (!isRealDot(dot)) return false;
  if (CHINESE.has(label)) return true;
  return (
    (COMMON.has(label) && (isPath || !STARTS_CJK.test(before))) || (WITH_PATH.has(label) && isPath)
  );
}

const isOctet = (label: string): boolean => /^\d{1,3}$/.test(label) && Number(label) < 256;

/** The link that this name, found at `start`, is or begins. */
function linkAt(plain: string, start: number, name: string): LinkMark | null {
  const after = start + name.length;
  /** Labels, and between them what stands for a dot. */
  const parts = name.split(BETWEEN_LABELS);
  const last = parts[parts.length - 1]!;
  const from = (end: number, at: number): LinkMark | null => (end < 0 ? null : { start: at, end });

  if (plain[after] === ":") {
    const isScheme = SCHEMES.has(last) || plain.startsWith("://", after);
    const tail = isScheme ? SCHEME_TAIL : last === "data" ? DATA_TAIL : null;
    const link = tail && from(endOf(tail, plain, after), after - last.length);
    if (link) return link;
    if (name === "localhost") return from(endOf(PORT_TAIL, plain, after), start);
  }
  if (plain[after] === "@") {
    const link = from(endOf(MAIL, plain, after), start);
    if (link) return link;
  }
  if (parts.length < 3) return null;
  if (/^www\d?$/.test(parts[0]!)) return from(endOf(TAIL, plain, after), start);
  const isAddress = parts.every((part, i) => (i % 2 ? isRealDot(part) : isOctet(part)));
  if (isAddress && parts.length === 7) return from(endWithPath(plain, after), start);

  let end = after;
  for (let i = parts.length - 1; i > 0; i -= 2) {
    const isPath = i === parts.length - 1 && /^\/[^\s]/.test(plain.slice(after, after + 2));
    if (isEnding(parts[i]!, parts[i - 1]!, parts[i - 2]!, isPath)) {
      let first = i - 2;
      while (first > 0 && isRealDot(parts[first - 1]!)) first -= 2;
      const length = parts.slice(0, first).join("").length;
      return from(end === after ? endWithPath(plain, after) : end, start + length);
    }
    end -= parts[i]!.length + parts[i - 1]!.length;
  }
  return null;
}

const endWithPath = (plain: string, after: number): number =>
  "/?#:".includes(plain[after] ?? " ") ? endOf(TAIL, plain, after) : after;

/** Without one of these a text of ASCII alone, as most are, leads nowhere. */
const HINT = /[.:@][^\s]|dot|[[({]/i;

/** Every link in a text, in order. */
export const findLinks = (text: string): LinkMark[] =>
  ASCII.test(text) && !HINT.test(text) ? [] : linksIn(lookOf(text));

/** Without one of these there is no link: most texts end here. */
const MAY_LINK = /[.:@]|dot|。[^\s\u2e80-\u9fff]/g;

export function linksIn({ plain, spanOf }: Look): LinkMark[] {
  const marks: LinkMark[] = [];
  const name = ASCII.test(plain) ? NAME_ASCII : NAME;
  let from = 0;
  for (;;) {
    // Most of a text is plain words: only names around what may make a link of them are read.
    const at = placeOfSign(plain, from);
    if (at < 0) return marks;
    name.lastIndex = beginOfName(plain, at, from);
    let match: RegExpExecArray | null;
    do {
      match = name.exec(plain);
      if (!match) return marks;
      const hasSign = match[1] !== undefined || ":@".includes(plain[name.lastIndex] ?? " ");
      const link = hasSign ? linkAt(plain, match.index, match[0]) : null;
      if (!link) continue;
      marks.push(spanOf(link.start, link.end));
      name.lastIndex = link.end;
    } while (name.lastIndex <= at);
    from = name.lastIndex;
  }
}

function placeOfSign(plain: string, from: number): number {
  MAY_LINK.lastIndex = from;
  return MAY_LINK.exec(plain)?.index ?? -1;
}

const OF_NAME = /[\p{L}\p{N}\p{M}_+-]/u;
const ASCII_OF_NAME = Array.from({ length: 128 }, (_, code) =>
  OF_NAME.test(String.fromCharCode(code)),
);
const isOfName = (plain: string, at: number): boolean =>
  ASCII_OF_NAME[plain.charCodeAt(at)] ?? OF_NAME.test(plain[at]!);

/** Where the name before a sign begins; between them may be what stands around a dot. */
function beginOfName(plain: string, sign: number, from: number): number {
  let at = sign;
  while (at > from && at > sign - AROUND_DOT && " \t\n([{".includes(plain[at - 1]!)) at -= 1;
  while (at > from && isOfName(plain, at - 1)) at -= 1;
  return at;
}

/** Units between a name and the dot behind it, at most. */
const AROUND_DOT = 4;
