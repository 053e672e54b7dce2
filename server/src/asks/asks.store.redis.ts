import type { OwnerHash, QuestionId } from "@driftsea/protocol";
import { list, oneOf, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import type { Script } from "../redis/scripts.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { boxKeys } from "./asks.keys.ts";
import { ANSWERS_KEPT, RECORDS_KEPT, WAITING_KEPT } from "./asks.store.ts";
import type {
  AskStore,
  Answering,
  Asking,
  BoxHash,
  Mark,
  StoredAnswer,
  StoredBox,
  StoredQuestion,
} from "./asks.store.ts";

const script = (name: string): Script =>
  loadScript(import.meta.url, `lua/${name}.lua`, ["lua/box.lua"]);
const MAKE = script("make-box");
const READ = script("read-box");
const SET = script("set-box");
const ASK = script("ask-question");
const QUESTIONS = script("read-questions");
const ANSWER = script("answer-question");
const DROP = script("drop-entry");
const CLOSE = script("close-box");

/** An entry as the scripts keep it. */
interface EntryJson {
  text: string;
  at: number;
  answer?: string;
  answeredAt?: number;
}

/** `AskStore` on Redis; the contract is written there. */
export class RedisAskStore implements AskStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  #run(s: Script, box: BoxHash, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(s, boxKeys(this.#redis.prefix, box), args);
  }

  async make(
    box: BoxHash,
    made: { ownerHash: OwnerHash; mutedWords: readonly string[] },
  ): Promise<{ endsAt: number; isNew: boolean } | null> {
    const words = JSON.stringify(made.mutedWords);
    const [outcome, endsAt] = list(await this.#run(MAKE, box, made.ownerHash, words));
    if (outcome === undefined) return null;
    return { endsAt: whole(endsAt), isNew: oneOf(outcome, ["new", "again"]) === "new" };
  }

  async read(
    box: BoxHash,
    page: { before: number | null; limit: number },
  ): Promise<{ box: StoredBox; answers: StoredAnswer[] } | null> {
    const below = page.before === null ? "+inf" : `(${page.before}`;
    const answer = list(await this.#run(READ, box, below, page.limit));
    if (answer.length === 0) return null;
    const answers: StoredAnswer[] = [];
    for (let i = BOX_FIELDS; i < answer.length; i += 3)
      answers.push(toAnswer(text(answer[i]) as QuestionId, answer[i + 2], whole(answer[i + 1])));
    return { box: toBox(answer), answers };
  }

  async set(
    box: BoxHash,
    ownerHash: OwnerHash,
    { isOn, mutedWords }: { isOn?: boolean; mutedWords?: readonly string[] },
  ): Promise<boolean> {
    const on = isOn === undefined ? "" : isOn ? "1" : "0";
    const words = mutedWords === undefined ? "" : JSON.stringify(mutedWords);
    return (await this.#run(SET, box, ownerHash, on, words)) === 1;
  }

  async ask(
    box: BoxHash,
    { id, text, mark, isMuted }: { id: QuestionId; text: string; mark: Mark; isMuted: boolean },
  ): Promise<Asking> {
    const bounds = [WAITING_KEPT, WRITE_RECORD_MS, RECORDS_KEPT];
    const outcome = await this.#run(ASK, box, id, text, mark, isMuted ? "1" : "0", ...bounds);
    return oneOf(outcome, ["kept", "muted", "again", "locked", "gone"]);
  }

  async questions(
    box: BoxHash,
    ownerHash: OwnerHash,
  ): Promise<{ box: StoredBox; questions: StoredQuestion[] } | null> {
    const answer = list(await this.#run(QUESTIONS, box, ownerHash));
    if (answer.length === 0) return null;
    const questions: StoredQuestion[] = [];
    for (let i = BOX_FIELDS; i < answer.length; i += 2) {
      const entry = JSON.parse(text(answer[i + 1])) as EntryJson;
      questions.push({ id: text(answer[i]) as QuestionId, text: entry.text, at: entry.at });
    }
    return { box: toBox(answer), questions };
  }

  async answer(
    box: BoxHash,
    ownerHash: OwnerHash,
    { id, text, mark }: { id: QuestionId; text: string; mark: Mark },
  ): Promise<Answering> {
    const args = [ownerHash, id, text, mark, ANSWERS_KEPT];
    const [code, json, order] = list(await this.#run(ANSWER, box, ...args));
    const outcome = oneOf(code, ["new", "again", "conflict", "gone"]);
    if (outcome === "conflict" || outcome === "gone") return { outcome };
    return { outcome, answer: toAnswer(id, json, whole(order)) };
  }

  async drop(
    box: BoxHash,
    ownerHash: OwnerHash,
    id: QuestionId,
  ): Promise<"question" | "answer" | "gone"> {
    return oneOf(await this.#run(DROP, box, ownerHash, id), ["question", "answer", "gone"]);
  }

  async close(box: BoxHash, ownerHash: OwnerHash): Promise<boolean> {
    return (await this.#run(CLOSE, box, ownerHash)) === 1;
  }
}

/** How many fields of the box stand before its entries in an answer. */
const BOX_FIELDS = 4;

function toBox([ownerHash, isOn, words, endsAt]: unknown[]): StoredBox {
  return {
    ownerHash: text(ownerHash) as OwnerHash,
    isOn: isOn === "1",
    mutedWords: JSON.parse(text(words)) as string[],
    endsAt: whole(endsAt),
  };
}

function toAnswer(id: QuestionId, json: unknown, order: number): StoredAnswer {
  const entry = JSON.parse(text(json)) as EntryJson;
  return { id, question: entry.text, answer: entry.answer!, at: entry.answeredAt!, order };
}
