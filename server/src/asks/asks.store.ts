import type { OwnerHash, QuestionId } from "@driftsea/protocol";

/** SHA-256 of a box's name: who has the whole store can open no box. */
export type BoxHash = string & { readonly brand: unique symbol };

/** A hash that stands for one write, or for nobody: nothing that is stored leads from it to a person. */
export type Mark = string;

export interface StoredBox {
  ownerHash: OwnerHash;
  isOn: boolean;
  mutedWords: string[];
  /** From this instant on there is no such box, ms since 1970. */
  endsAt: number;
}

export interface StoredQuestion {
  id: QuestionId;
  text: string;
  /** The window in which it was asked, ms since 1970. */
  at: number;
}

export interface StoredAnswer {
  id: QuestionId;
  question: string;
  answer: string;
  /** The window in which it was answered, ms since 1970. */
  at: number;
  /** Where it stands among the answers, descending. */
  order: number;
}

export type Asking = "kept" | "muted" | "again" | "locked" | "gone";
export type Answering =
  | { outcome: "new" | "again"; answer: StoredAnswer }
  | { outcome: "conflict" }
  | { outcome: "gone" };

/**
 * Ask boxes. A box belongs to whoever has the key of which it holds the hash: no record of it names
 * its owner, nor anybody who asks. So that times lead to nobody either, they are those of windows of
 * `WINDOW_MS`, and a box ends at the end of a UTC day, the first that is `BOX_LIFE_MS` or more after
 * its owner's last act, with all that lies in it. What asks for an owner and is given another hash
 * finds nothing, as where there is no box. An act of the owner puts the end off.
 *
 * A question waits for `QUESTION_LIFE_MS`; of more than `WAITING_KEPT` the oldest gives way, of more
 * than `ANSWERS_KEPT` answers the one answered first. The record of a question's write lives
 * `WRITE_RECORD_MS` at least, as long as no more than `RECORDS_KEPT` are newer.
 *
 * Every method is one atomic change or reading of one box, and safe to repeat. Each may reject with
 * StoreUnavailable.
 */
export interface AskStore {
  /** Makes a box, or finds it as it is; an act of its owner. Null: it was closed. */
  make(
    box: BoxHash,
    made: { ownerHash: OwnerHash; mutedWords: readonly string[] },
  ): Promise<{ endsAt: number; isNew: boolean } | null>;

  /** The box and a page of its answers, those given last first, below `before`. Null: it is not there. */
  read(
    box: BoxHash,
    page: { before: number | null; limit: number },
  ): Promise<{ box: StoredBox; answers: StoredAnswer[] } | null>;

  /** False: it is not there, or somebody else's. */
  set(
    box: BoxHash,
    ownerHash: OwnerHash,
    change: { isOn?: boolean; mutedWords?: readonly string[] },
  ): Promise<boolean>;

  /**
   * Keeps a question, once a mark; one that is muted is only remembered to have been asked. `locked`,
   * and nothing done, while the box takes none.
   */
  ask(
    box: BoxHash,
    question: { id: QuestionId; text: string; mark: Mark; isMuted: boolean },
  ): Promise<Asking>;

  /** What waits, the newest window first. An act of the owner. Null as for `set`. */
  questions(
    box: BoxHash,
    ownerHash: OwnerHash,
  ): Promise<{ box: StoredBox; questions: StoredQuestion[] } | null>;

  /** Makes a waiting question public with its answer; once a mark, then `conflict`. An act of the owner. */
  answer(
    box: BoxHash,
    ownerHash: OwnerHash,
    given: { id: QuestionId; text: string; mark: Mark },
  ): Promise<Answering>;

  /** Takes a question or an answer away. An act of the owner, also where there is none. */
  drop(box: BoxHash, ownerHash: OwnerHash, id: QuestionId): Promise<"question" | "answer" | "gone">;

  /** Erases a box for good: for `BOX_LIFE_MS` it is not made again. False as for `set`. */
  close(box: BoxHash, ownerHash: OwnerHash): Promise<boolean>;

  /** Forgets what has ended, where the store does not by itself. */
  sweep?(): void;
}

export const DAY_MS = 24 * 60 * 60 * 1000;
export const BOX_LIFE_MS = 30 * DAY_MS;
export const QUESTION_LIFE_MS = 30 * DAY_MS;
/** As fine as the finest word for an age. */
export const WINDOW_MS = 10 * 60 * 1000;
export const WAITING_KEPT = 200;
export const ANSWERS_KEPT = 200;
export const RECORDS_KEPT = 5000;

export const windowOf = (now: number): number => Math.floor(now / WINDOW_MS) * WINDOW_MS;
export const endOf = (now: number): number => Math.ceil((now + BOX_LIFE_MS) / DAY_MS) * DAY_MS;
