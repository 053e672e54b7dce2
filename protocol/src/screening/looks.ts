/*
 * What looks like a Latin letter and is none: after NFKD and without marks, which take care of what is
 * full-width, mathematical, circled, or under an accent. One letter, then what stands for it.
 */
const ALIKE = `
a аαɑᴀᗅⱥⲁ∀ꭺɒ
b вβßьᴃʙɓᗷⲃ฿ƀƃꮟ
c сϲᴄⲥ¢ƈↄᑕⅽ匚ꮯ
d ԁᴅđɗɖժᑯðᗪ
e еεєҽᴇ℮ɛǝəⲉ€ꬲҿ
f ƒϝғꜰϜɟ
g ɡɢցǥɠԍᏀ₲
h һнհʜħᏂɦⲏћђ
i іιıɪ¡ӏⲓɩꭵι
j јʝᴊɉʲյ
k кκᴋĸⲕƙҝⱪķ
l ʟłɫⱡⳑℓ⎿ɭι
m мᴍⲙμɱᗰ₥
n пոɴηⲛŋɲп₦и
o оοσօᴏøⲟ○◯о໐๐ө०
p рρᴘⲣþƥᑭ₽
q ԛզɋʠգ
r гʀᴦⲅɍɾᖇя
s ѕꜱʂƨ§ѕֆ
t тτᴛŧⲧƭ†ͳ₮
u υ∪սᴜʋцᑌμ
v ѵνᴠ√∨ᐯ
w ѡωᴡшщԝաѿɯ₩
x хχ×ⲭҳж᙭
y уγʏүұⲩɏƴʎ¥
z ᴢƶʐʑⱬ
`;

/** Cyrillic and Greek letters that only their own words have: a text with such is not in disguise. */
const OWN_LETTERS = /[бгдёжзийлфцчщъыэюяґїљњћђθλξπφψδ]/;

export const LOOKS: ReadonlyMap<string, string> = new Map(
  ALIKE.trim()
    .split("\n")
    .flatMap((line) => Array.from(line.slice(2), (char): [string, string] => [char, line[0]!]))
    .reverse(),
);

export const isOwnScript = (text: string): boolean => OWN_LETTERS.test(text.toLowerCase());

/** Letters in boxes and flags, which NFKD leaves as they are: ranges of 26 from A on. */
const BOXES = [0x1f150, 0x1f170, 0x1f1e6];

export function boxed(code: number): string | null {
  const first = BOXES.find((from) => code >= from && code < from + 26);
  return first === undefined ? null : String.fromCharCode(97 + code - first);
}

/** Digits and signs that stand for a letter among letters; `1`, `!` and `|` for i or l. */
export const LEET: ReadonlyMap<string, string> = new Map([
  ["0", "o"],
  ["1", "i"],
  ["2", "z"],
  ["3", "e"],
  ["4", "a"],
  ["5", "s"],
  ["6", "g"],
  ["7", "t"],
  ["8", "b"],
  ["9", "g"],
  ["@", "a"],
  ["$", "s"],
  ["!", "i"],
  ["|", "i"],
  ["+", "t"],
  ["(", "c"],
]);

/** Letters that are drawn with several signs: \\/\\/|-|0|2e. Longer ones first. */
const DRAWN: readonly (readonly [string, string])[] = [
  ["\\/\\/", "w"],
  ["/\\/\\", "m"],
  ["|\\/|", "m"],
  ["|-|", "h"],
  ["/-\\", "a"],
  ["|_|", "u"],
  ["(_)", "u"],
  ["|\\|", "n"],
  ["|)", "d"],
  ["|3", "b"],
  ["|<", "k"],
  ["|=", "f"],
  ["|2", "r"],
  ["|_", "l"],
  ["()", "o"],
  ["[]", "o"],
  ["\\/", "v"],
  ["/\\", "a"],
];
/** What one of them begins with. */
export const BEGINS_DRAWN = /[|\\/([]/;

/** The letter that is drawn at `at`, and how many signs it takes. */
export const drawnAt = (text: string, at: number): readonly [string, string] | undefined =>
  DRAWN.find(([signs]) => text.startsWith(signs, at));

/** How a sign of punctuation parts letters: what ends a sentence parts more than what stands in a word. */
export const ENDS_SENTENCE = /[\n。！？，；：、…!?;:]/;

/** Signs that are read as a character beside certain others: +V, V❤. */
export const STANDS_FOR: ReadonlyMap<
  string,
  (before: string, after: string) => string | undefined
> = new Map([
  ...Array.from("+＋➕✚", (char) => [char, plus] as const),
  ...Array.from(
    "🐴马🐎马🐔鸡🐶狗🐷猪🐖猪🐢龟🦈鲨💀死☠死🛏床🥚蛋🔫枪".matchAll(/(.)(.)/gu),
    ([, sign, char]) => [sign!, picture(char!)] as const,
  ),
  ...Array.from("❤♥♡💗💕🧡💛💚💙💜", (char) => [char, heart] as const),
  ...Array.from("○◯〇◌", (char) => [char, circle] as const),
]);

function plus(before: string, after: string): string | undefined {
  return /[vVｖＶ微薇wWqQ扣企威卫徽维]/.test(after) && !/[A-Za-z0-9]/.test(before)
    ? "加"
    : undefined;
}

function heart(before: string, after: string): string | undefined {
  return /[vVｖＶ微薇威维徽]/.test(before) && after !== "信" ? "信" : undefined;
}

const IS_HAN = /[\u3400-\u9fff]/;

/** 傻◯逼: a sign between characters, and an o among letters. */
function circle(before: string, after: string): string | undefined {
  return IS_HAN.test(before + after) ? "·" : undefined;
}

/** A picture that is written for a word which sounds as its name: 你🐴, 去💀. */
function picture(name: string) {
  return (before: string, after: string): string | undefined =>
    IS_HAN.test(before + after) ? name : undefined;
}

/** Letters that are turned upside down, and what they are; the others of such a text are their own likeness, or one another's. */
const TURNED = new Map(
  [
    "ɐa",
    "ɔc",
    "ǝe",
    "əe",
    "ɟf",
    "ƃg",
    "ɓg",
    "ɥh",
    "ᴉi",
    "ɾj",
    "ʞk",
    "ɯm",
    "ɹr",
    "ʇt",
    "ʌv",
    "ʍw",
    "ʎy",
  ].map(([turned, letter]) => [turned!, letter!] as const),
);
const OF_EACH_OTHER = new Map(Array.from("nupdbq", (char, i) => [char, "undpqb"[i]!]));
const IS_TURNED = new RegExp(`[${[...TURNED.keys()].join("")}]`);
/** Of one alone there are foreign words. */
const TURNED_MIN = 2;

/**
 * What is written upside down in a text, from its end on: ɥɔʇᴉq is bitch. Words beside each other that have such letters
 * are one part, and as long as they were.
 */
export function uprightParts(text: string): { start: number; end: number; upright: string }[] {
  if (!IS_TURNED.test(text)) return [];
  const least = IS_HAN.test(text) ? 1 : TURNED_MIN;
  const parts: { start: number; end: number; upright: string }[] = [];
  let [start, end, turned, letters] = [0, 0, 0, ""];
  const close = (): void => {
    if (turned >= least) parts.push({ start, end, upright: letters });
    [turned, letters] = [0, ""];
  };
  for (const { index, 0: word } of text.matchAll(/\S+\s{0,2}/g)) {
    let count = 0;
    let read = "";
    for (let at = word.length - 1; at >= 0; at -= 1) {
      const char = word[at]!;
      const letter = TURNED.get(char);
      if (letter !== undefined) count += 1;
      read += letter ?? OF_EACH_OTHER.get(char) ?? char;
    }
    if (count === 0) close();
    else {
      if (turned === 0) start = index;
      end = index + word.length;
      turned += count;
      letters = read + letters;
    }
  }
  close();
  return parts;
}
