import type { OwnerHash, QuestionId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { ANSWERS_KEPT, QUESTION_LIFE_MS, RECORDS_KEPT } from "./asks.store.ts";
import { WAITING_KEPT, endOf, windowOf } from "./asks.store.ts";
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

interface Box extends StoredBox {
  /** The oldest window first, and within one by id. */
  waiting: StoredQuestion[];
  /** The one given first, first. */
  answered: (StoredAnswer & { mark: Mark })[];
  /** Mark of a write → its window, the oldest first. */
  writes: Map<Mark, number>;
  /** Of the newest answer. */
  number: number;
}

/** `AskStore` in this process; the contract is written there. */
export class MemoryAskStore implements AskStore {
  readonly #clock: Clock;
  readonly #boxes = new Map<BoxHash, Box>();
  /** Closed ones, and until when that is remembered. */
  readonly #closed = new Map<BoxHash, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #there(box: BoxHash): Box | undefined {
    const found = this.#boxes.get(box);
    return found && found.endsAt > this.#clock.now() ? found : undefined;
  }

  /** The box, where it is there and this is its owner, who does something with it now. */
  #owned(box: BoxHash, ownerHash: OwnerHash): Box | undefined {
    const found = this.#there(box);
    if (found?.ownerHash !== ownerHash) return undefined;
    found.endsAt = endOf(this.#clock.now());
    this.#letGo(found);
    return found;
  }

  #letGo(box: Box): void {
    const before = this.#clock.now() - QUESTION_LIFE_MS;
    box.waiting = box.waiting.filter(({ at }) => at > before);
  }

  async make(
    box: BoxHash,
    { ownerHash, mutedWords }: { ownerHash: OwnerHash; mutedWords: readonly string[] },
  ): Promise<{ endsAt: number; isNew: boolean } | null> {
    const now = this.#clock.now();
    if ((this.#closed.get(box) ?? 0) > now) return null;
    const endsAt = endOf(now);
    if (this.#there(box)) return this.#owned(box, ownerHash) ? { endsAt, isNew: false } : null;
    this.#boxes.set(box, {
      ownerHash,
      isOn: true,
      mutedWords: [...mutedWords],
      endsAt,
      waiting: [],
      answered: [],
      writes: new Map(),
      number: 0,
    });
    return { endsAt, isNew: true };
  }

  async read(
    box: BoxHash,
    { before, limit }: { before: number | null; limit: number },
  ): Promise<{ box: StoredBox; answers: StoredAnswer[] } | null> {
    const found = this.#there(box);
    if (!found) return null;
    const below = found.answered.filter(({ order }) => order < (before ?? Infinity));
    return { box: plain(found), answers: below.reverse().slice(0, limit).map(withoutMark) };
  }

  async set(
    box: BoxHash,
    ownerHash: OwnerHash,
    { isOn, mutedWords }: { isOn?: boolean; mutedWords?: readonly string[] },
  ): Promise<boolean> {
    const found = this.#owned(box, ownerHash);
    if (!found) return false;
    if (isOn !== undefined) found.isOn = isOn;
    if (mutedWords !== undefined) found.mutedWords = [...mutedWords];
    return true;
  }

  async ask(
    box: BoxHash,
    { id, text, mark, isMuted }: { id: QuestionId; text: string; mark: Mark; isMuted: boolean },
  ): Promise<Asking> {
    const found = this.#there(box);
    if (!found) return "gone";
    const at = windowOf(this.#clock.now());
    for (const [old, when] of found.writes) {
      if (when >= at - WRITE_RECORD_MS) break;
      found.writes.delete(old);
    }
    if (found.writes.has(mark)) return "again";
    if (!found.isOn) return "locked";
    found.writes.set(mark, at);
    if (found.writes.size > RECORDS_KEPT) found.writes.delete(oldestOf(found.writes));
    this.#letGo(found);
    if (isMuted) return "muted";
    found.waiting.push({ id, text, at });
    found.waiting.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    if (found.waiting.length > WAITING_KEPT) found.waiting.shift();
    return "kept";
  }

  async questions(
    box: BoxHash,
    ownerHash: OwnerHash,
  ): Promise<{ box: StoredBox; questions: StoredQuestion[] } | null> {
    const found = this.#owned(box, ownerHash);
    return found ? { box: plain(found), questions: [...found.waiting].reverse() } : null;
  }

  async answer(
    box: BoxHash,
    ownerHash: OwnerHash,
    { id, text, mark }: { id: QuestionId; text: string; mark: Mark },
  ): Promise<Answering> {
    const found = this.#owned(box, ownerHash);
    if (!found) return { outcome: "gone" };
    const before = found.answered.find((one) => one.id === id);
    if (before)
      return before.mark === mark
        ? { outcome: "again", answer: withoutMark(before) }
        : { outcome: "conflict" };
    const question = found.waiting.find((one) => one.id === id);
    if (!question) return { outcome: "gone" };
    found.waiting = found.waiting.filter((one) => one.id !== id);
    found.number += 1;
    const at = windowOf(this.#clock.now());
    const given = { id, question: question.text, answer: text, at, order: found.number };
    found.answered.push({ ...given, mark });
    if (found.answered.length > ANSWERS_KEPT) found.answered.shift();
    return { outcome: "new", answer: given };
  }

  async drop(
    box: BoxHash,
    ownerHash: OwnerHash,
    id: QuestionId,
  ): Promise<"question" | "answer" | "gone"> {
    const found = this.#owned(box, ownerHash);
    if (!found) return "gone";
    const { waiting, answered } = found;
    found.waiting = waiting.filter((one) => one.id !== id);
    found.answered = answered.filter((one) => one.id !== id);
    if (found.answered.length < answered.length) return "answer";
    return found.waiting.length < waiting.length ? "question" : "gone";
  }

  async close(box: BoxHash, ownerHash: OwnerHash): Promise<boolean> {
    if (!this.#owned(box, ownerHash)) return false;
    this.#boxes.delete(box);
    this.#closed.set(box, endOf(this.#clock.now()));
    return true;
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [box, { endsAt }] of this.#boxes) if (endsAt <= now) this.#boxes.delete(box);
    for (const [box, until] of this.#closed) if (until <= now) this.#closed.delete(box);
  }
}

const plain = ({ ownerHash, isOn, mutedWords, endsAt }: Box): StoredBox => ({
  ownerHash,
  isOn,
  mutedWords: [...mutedWords],
  endsAt,
});

const withoutMark = ({ id, question, answer, at, order }: StoredAnswer): StoredAnswer => ({
  id,
  question,
  answer,
  at,
  order,
});

/** As a sorted set has it: the oldest window first, and within one the mark that comes first. */
function oldestOf(writes: ReadonlyMap<Mark, number>): Mark {
  let [oldest, from] = writes.entries().next().value!;
  for (const [mark, at] of writes) {
    if (at > from) break;
    if (mark < oldest) oldest = mark;
  }
  return oldest;
}
