import type { DrifterId } from "@driftsea/protocol";
import { list, oneOf, pair, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import type { Script } from "../redis/scripts.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { holeKeys, writeMark } from "./hole.keys.ts";
import { WIPE_SLACK_MS } from "./hole.store.ts";
import type {
  HoleReading,
  HoleRules,
  HoleStore,
  LetterId,
  NewLetter,
  StoredLetter,
  Veil,
} from "./hole.store.ts";

const script = (name: string) => loadScript(import.meta.url, `lua/${name}.lua`, ["lua/hole.lua"]);
const STATUS = script("read-status");
const WRITE = script("write-letter");
const DRAW = script("draw-letter");
const FIND = script("find-letter");
const ERASE = script("erase-writer");
const VEIL = script("veil-letter");
const TEND = script("tend-hole");

/** A letter as the scripts keep it. */
interface LetterJson {
  text: string;
  at: number;
  writer: DrifterId;
  mark: string;
  /** Where it stood in the order; only of one that is hidden. */
  place?: number;
}

/** `HoleStore` on Redis; the contract is written there. */
export class RedisHoleStore implements HoleStore {
  readonly #redis: RedisConnection;
  readonly #keys: string[];

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#keys = holeKeys(redis.prefix);
  }

  #run(s: Script, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(s, this.#keys, args);
  }

  async status(): Promise<HoleReading> {
    return parseReading(await this.#run(STATUS));
  }

  async write(
    letter: NewLetter,
    rules: HoleRules,
  ): Promise<{ outcome: "new" | "again"; reading: HoleReading }> {
    const answer = await this.#run(
      WRITE,
      letter.id,
      letter.text,
      letter.writer,
      writeMark(letter.writer, letter.writeId),
      rules.silenceMs,
      rules.lettersKept,
      rules.lettersAWriter,
      rules.recordsKept,
      WRITE_RECORD_MS,
      WIPE_SLACK_MS,
    );
    const [outcome, reading] = pair(answer);
    return { outcome: oneOf(outcome, ["new", "again"]), reading: parseReading(reading) };
  }

  async draw(draw: number): Promise<StoredLetter | null> {
    const answer = list(await this.#run(DRAW, draw));
    if (answer.length === 0) return null;
    const [id, json] = pair(answer);
    const letter = parseLetter(json);
    return { id: text(id), text: letter.text, writtenAt: letter.at };
  }

  async written(
    id: LetterId,
  ): Promise<{ text: string; writer: DrifterId; isHidden: boolean } | null> {
    const json = text(await this.#run(FIND, id));
    if (json === "") return null;
    const letter = parseLetter(json);
    return { text: letter.text, writer: letter.writer, isHidden: letter.place !== undefined };
  }

  async veil(id: LetterId, veil: Veil): Promise<HoleReading> {
    return parseReading(await this.#run(VEIL, id, veil));
  }

  async erase(drifter: DrifterId): Promise<HoleReading> {
    return parseReading(await this.#run(ERASE, drifter));
  }

  async tend(): Promise<"wiped" | "quiet"> {
    return oneOf(await this.#run(TEND), ["wiped", "quiet"]);
  }
}

function parseLetter(json: unknown): LetterJson {
  return JSON.parse(text(json)) as LetterJson;
}

function parseReading(answer: unknown): HoleReading {
  const [at, ...wall] = list(answer).map(whole);
  if (wall.length === 0) return { at: whole(at), wall: null };
  const [beganAt, deadlineAt, letters] = wall;
  return {
    at: whole(at),
    wall: { beganAt: whole(beganAt), deadlineAt: whole(deadlineAt), letters: whole(letters) },
  };
}
