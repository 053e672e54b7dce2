import { Automaton } from "./automaton.ts";
import { WORDS_A_STEP } from "./making.ts";
import type { Making } from "./making.ts";
import { GAP, WAS } from "./fold.ts";
import type { Folded } from "./fold.ts";
import { SOUND_ALIKE, SYLLABLES } from "./han-tables.ts";
import type { Found } from "./matcher.ts";

interface Sound {
  syllable: string;
  /** Too common to be written for another on purpose. */
  isFrequent: boolean;
  /** So rare that what stands beside it is no chance. */
  isRare: boolean;
}

const SOUND_OF: ReadonlyMap<number, Sound> = new Map(
  SYLLABLES.split("\n").flatMap((line) => {
    const [syllable = "", frequent = "", other = "", rare = ""] = line.split(" ");
    return Array.from(frequent + other + rare, (char, i): [number, Sound] => [
      char.charCodeAt(0),
      {
        syllable,
        isFrequent: i < frequent.length,
        isRare: i >= frequent.length + other.length,
      },
    ]);
  }),
);
const REAL_WORDS: ReadonlySet<string> = new Set(
  Array.from({ length: SOUND_ALIKE.length / 2 }, (_, i) => SOUND_ALIKE.slice(2 * i, 2 * i + 2)),
);

/** A Chinese word by its sound. */
interface Spoken {
  id: number;
  chars: number[];
  /** Where its syllables begin in the letters, and where the last one ends. */
  offsets: number[];
}

/** A text by its sound. */
interface Sounds {
  text: Folded;
  /** Which letter of the text each of its letters comes from; behind the last one, `NOWHERE`. */
  from: Uint32Array;
  length: number;
}

const NOWHERE = 0xffff_ffff;
/** Letters of the longest syllable: zhuang. */
const SYLLABLE_MAX = 6;
/** Letters of a word that is written in pinyin alone, at least: "qusi" is many things. */
const PINYIN_MIN = 5;

/** Finds Chinese words that are written by their sound: weixin, 薇信, 加wei信. */
export class SoundMatcher {
  private readonly automaton: Automaton;
  private readonly words: readonly Spoken[];
  /** Used again for each text. */
  private letters = new Uint16Array(0);
  private from = new Uint32Array(0);

  static *of(words: readonly { id: number; word: string }[]): Making<SoundMatcher> {
    const spoken: Spoken[] = [];
    const letters: string[] = [];
    for (const [at, { id, word }] of words.entries()) {
      if (at % WORDS_A_STEP === 0) yield;
      if (!SOUND_OF.has(word.charCodeAt(0))) continue;
      const chars = Array.from(word, (char) => char.charCodeAt(0));
      const syllables = chars.map((char) => SOUND_OF.get(char)?.syllable);
      if (chars.length < 2 || syllables.includes(undefined)) continue;
      const offsets = [0];
      for (const syllable of syllables) offsets.push(offsets.at(-1)! + syllable!.length);
      const spelled = syllables.join("");
      // ü is typed as v, or with its dots, which are folded.
      for (const form of new Set([spelled, spelled.replaceAll("v", "u")])) {
        spoken.push({ id, chars, offsets });
        letters.push(form);
      }
    }
    return new SoundMatcher(spoken, yield* Automaton.of(letters));
  }

  private constructor(words: readonly Spoken[], automaton: Automaton) {
    this.words = words;
    this.automaton = automaton;
  }

  /** Returns the steps that it took. */
  search(text: Folded, found: (match: Found) => void): number {
    const most = text.length * (text.hasHan ? SYLLABLE_MAX : 2) + 1;
    if (this.letters.length < most) {
      this.letters = new Uint16Array(most);
      this.from = new Uint32Array(most);
    }
    const { letters, from } = this;
    let length = 0;
    const put = (code: number, of: number): void => {
      letters[length] = code;
      from[length] = of;
      length += 1;
    };
    for (let i = 0; i < text.length; i += 1) {
      const code = text.letters[i]!;
      const sound = text.was[i] === WAS.han ? SOUND_OF.get(code) : undefined;
      if (sound)
        for (let k = 0; k < sound.syllable.length; k += 1) put(sound.syllable.charCodeAt(k), i);
      else {
        put(code, i);
        if (text.was[i] === WAS.latin && text.run[i]! > 1) put(code, i);
      }
    }
    from[length] = NOWHERE;
    const sounds: Sounds = { text, from, length };
    return this.automaton.search(letters, length, (which, last) => {
      const word = this.words[which]!;
      const begin = last - word.offsets.at(-1)! + 1;
      if (isSpoken(word, sounds, begin))
        found({ id: word.id, first: from[begin]!, last: from[last]!, isHidden: true });
    });
  }
}

function isSpoken(word: Spoken, sounds: Sounds, begin: number): boolean {
  const { text, from } = sounds;
  const count = word.chars.length;
  const end = begin + word.offsets[count]!;
  let [exact, likes, latin, frequent] = [0, 0, 0, 0];
  let isTorn = false;
  for (let k = 0; k < count; k += 1) {
    const [first, next] = [begin + word.offsets[k]!, begin + word.offsets[k + 1]!];
    const at = from[first]!;
    if (from[first - 1] === at && text.was[at] === WAS.han) return false;
    if (k > 0 && text.gap[at] === GAP.end && from[first - 1] !== at) return false;
    if (text.was[at] === WAS.han) {
      if (from[next - 1] !== at || from[next] === at) return false;
      if (text.run[at] !== 1) return false;
      const isFrequent = SOUND_OF.get(text.letters[at]!)!.isFrequent;
      if (text.letters[at] === word.chars[k]) exact += 1;
      else {
        likes += 1;
        if (isFrequent) frequent += 1;
      }
    } else {
      latin += 1;
      for (let i = first; i < next; i += 1) {
        const here = from[i]!;
        if (text.was[here]! > WAS.leet) return false;
        if (i > first && from[i - 1] !== here && text.gap[here] !== GAP.none) isTorn = true;
      }
    }
  }
  if (isTorn && !(latin === count && isSpelled(text, from[begin]!, from[end - 1]!))) return false;
  if (latin > 0 && !isApart(sounds, begin, end)) return false;
  return mayStandFor(word, text, from[begin]!, { count, exact, likes, latin, frequent });
}

/** Letter by letter, all set apart alike: w.e.i.x.i.n */
function isSpelled(text: Folded, first: number, last: number): boolean {
  for (let at = first + 1; at <= last; at += 1)
    if (text.gap[at] === GAP.none || text.gap[at] === GAP.end) return false;
  return true;
}

/** Whether pinyin at an edge of the match is no part of a longer word. */
function isApart({ text, from, length }: Sounds, begin: number, end: number): boolean {
  const isWord = (i: number): boolean => text.was[from[i]!]! <= WAS.latin;
  const before = begin > 0 && isWord(begin) && isWord(begin - 1);
  const after = end < length && isWord(end - 1) && isWord(end);
  return (
    !(before && text.gap[from[begin]!] === GAP.none) &&
    !(after && text.gap[from[end]!] === GAP.none)
  );
}

function mayStandFor(
  word: Spoken,
  text: Folded,
  first: number,
  how: { count: number; exact: number; likes: number; latin: number; frequent: number },
): boolean {
  const { count, exact, likes, latin, frequent } = how;
  if (latin === count) return count > 2 || word.offsets[count]! >= PINYIN_MIN;
  if (latin > 0)
    return exact > 0
      ? likes === 0 || count > 2
      : likes > 0 && frequent === 0 && word.offsets[count]! >= PINYIN_MIN;
  if (likes === 0) return false;
  if (count === 2) {
    const pair = String.fromCharCode(text.letters[first]!, text.letters[first + 1]!);
    if (exact !== 1 || REAL_WORDS.has(pair)) return false;
    const sounds = word.chars.map((char) => SOUND_OF.get(char)!);
    const kept = sounds.find((_, i) => text.letters[first + i] === word.chars[i])!;
    return kept.isRare || (frequent === 0 && sounds.every(({ isFrequent }) => !isFrequent));
  }
  if (count === 3) return exact > 0 && frequent === 0;
  return exact + (likes - frequent) >= 3 && exact > 0;
}
