import type {
  BoxAnswer,
  BoxId,
  BoxQuestion,
  OwnerHash,
  OwnerKey,
  WriteId,
} from "@driftsea/protocol";
import { ageOf } from "../lib/age.ts";
import { sha256 } from "../lib/sha256.ts";
import type { BoxHash, Mark, StoredAnswer, StoredQuestion } from "./asks.store.ts";

/* How a box looks from outside, and the names under which nobody finds its people. */

/**
 * The same write is the same box, and no record of it is needed. Nobody else can make the name up:
 * the write id is kept nowhere, and the owner's hash is shown to nobody.
 */
export const boxIdOf = (writeId: WriteId, ownerHash: OwnerHash): BoxId =>
  sha256("ask-box", writeId, ownerHash) as BoxId;

export const boxHashOf = (box: BoxId): BoxHash => sha256("box", box) as BoxHash;

/** `mask` is kept by nobody: from what is stored no mark can be computed. */
export const writeMarkOf = (mask: string, box: BoxId, writeId: WriteId): Mark =>
  sha256("ask", mask, box, writeId);

/** What the asker's own allowance remembers a write by; it leads to no box. */
export const allowanceMarkOf = (mask: string, box: BoxId, writeId: WriteId): WriteId =>
  sha256("ask-allowance", mask, box, writeId).slice(0, 21) as WriteId;

export const answerMarkOf = (key: OwnerKey, box: BoxId, writeId: WriteId): Mark =>
  sha256("answer", key, box, writeId);

export const answerToWire = (stored: StoredAnswer, now: number): BoxAnswer => ({
  id: stored.id,
  question: stored.question,
  answer: stored.answer,
  age: ageOf(now - stored.at),
});

export const questionToWire = (stored: StoredQuestion, now: number): BoxQuestion => ({
  id: stored.id,
  text: stored.text,
  age: ageOf(now - stored.at),
});
