import { nanoid } from "nanoid";
import { cleanText, holdsMuted } from "@driftsea/protocol";
import type { BoxId, Data, OwnerHash, Payload, QuestionId, WriteId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import type { Context } from "../lib/connection-context.ts";
import { DomainError, StoreUnavailable, gone } from "../lib/errors.ts";
import { Hearing } from "../lib/hearing.ts";
import { inSlices } from "../lib/in-slices.ts";
import { parseCursor } from "../lib/pages.ts";
import type { Publisher } from "../lib/publisher.ts";
import { Recent } from "../lib/recent.ts";
import { ownerHashOf } from "../lib/sha256.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { Tellings } from "../nodes/tellings.ts";
import type { QuotaService } from "../quotas/quotas.service.ts";
import type { AskStore } from "./asks.store.ts";
import { allowanceMarkOf, answerMarkOf, answerToWire, boxHashOf, boxIdOf } from "./asks.wire.ts";
import { questionToWire, writeMarkOf } from "./asks.wire.ts";

/** Answers that one page shows. */
const PAGE = 20;
/** Boxes of which one connection hears; the oldest give way. */
const HEARD = 20;
/** Boxes that are looked at together. */
const AT_ONCE = 20;

export interface AskParts {
  store: AskStore;
  quotas: QuotaService;
  publisher: Publisher;
  nodes?: Nodes;
  /** The store's. */
  clock: Clock;
}

/** So that who repeats an answer tells nobody twice. */
const TOLD_KEPT = 10_000;

/** Ask boxes: anybody with the link asks, the owner answers in public, nobody learns who asked (F10). */
export class AskService {
  readonly #p: AskParts;
  readonly #store: AskStore;
  readonly #nodes: Nodes;
  readonly #hearing: Hearing;
  /** Whose questions were asked for here. */
  readonly #owned = new Recent<OwnerHash, BoxId>(TOLD_KEPT);
  /** Up to where answers are known to those who read here. */
  readonly #upTo = new Recent<BoxId, number>(TOLD_KEPT);
  /** Boxes whose owners are to be told that something waits. */
  readonly #asked = new Map<BoxId, OwnerHash>();
  /** Answers of which this process has told those who read; the oldest give way. */
  readonly #told = new Recent<QuestionId>(TOLD_KEPT);
  /** Questions whose asking had no answer, by the name of what it costs; the oldest give way. */
  readonly #unsure = new Recent<WriteId>(TOLD_KEPT);

  constructor(parts: AskParts) {
    this.#p = parts;
    this.#store = parts.store;
    this.#hearing = new Hearing(parts.publisher, HEARD);
    this.#nodes = parts.nodes ?? alone;
    this.#nodes.hear("ask-answered", (told) => this.#answered(told));
    this.#nodes.hear("ask-closed", (told) => this.#closed(told));
    this.#nodes.onMissed(() => this.#missed());
  }

  async make(context: Context, input: Payload<"ask:make">): Promise<Data<"ask:make">> {
    const { id, ownerHash } = input;
    const box = boxIdOf(id, ownerHash);
    const mutedWords = (input.mutedWords ?? []).map(cleanText);
    const make = async () => {
      const made = await this.#store.make(boxHashOf(box), { ownerHash, mutedWords });
      if (!made) throw gone();
      return made;
    };
    const mark = allowanceMarkOf(context.mask, box, id);
    const { endsAt } = await this.#p.quotas.spendOnce(
      context.drifter,
      "boxes",
      mark,
      make,
      ({ isNew }) => isNew,
    );
    return { box, expiresAt: endsAt };
  }

  async set({ box, ownerKey, isOn, mutedWords }: Payload<"ask:set">): Promise<void> {
    const isDone = await this.#store.set(boxHashOf(box), ownerHashOf(ownerKey), {
      ...(isOn === undefined ? {} : { isOn }),
      ...(mutedWords === undefined ? {} : { mutedWords: mutedWords.map(cleanText) }),
    });
    if (!isDone) throw gone();
    if (isOn !== undefined) this.#p.publisher.toRoom(box, "ask:changed", { box, isOn });
  }

  /** One page of answers; from now on this connection hears of what is answered. */
  async read(
    { connection }: Context,
    { box, cursor }: Payload<"ask:read">,
  ): Promise<Data<"ask:read">> {
    const before = parseCursor(cursor);
    // The ears first: what is answered in between may be told twice, and is not missed.
    this.#hearing.listen(connection, box);
    const found = await this.#store.read(boxHashOf(box), { before, limit: PAGE });
    if (!found) {
      this.#hearing.turnAway(connection, box);
      throw gone();
    }
    const { answers } = found;
    this.#knows(box, answers[0]?.order);
    const now = this.#p.clock.now();
    const last = answers.at(-1);
    return {
      isOn: found.box.isOn,
      answers: answers.map((one) => answerToWire(one, now)),
      ...(last && answers.length === PAGE ? { cursor: last.order.toString(36) } : {}),
    };
  }

  /**
   * Puts a question into a box. Whoever asks must not be able to find out what is muted: a muted one
   * costs what others cost, is answered as others are, and fills nothing that could be seen to be full.
   */
  async ask(context: Context, { id, box, text }: Payload<"ask:ask">): Promise<void> {
    const { drifter, mask } = context;
    const hash = boxHashOf(box);
    const found = await this.#store.read(hash, { before: null, limit: 0 });
    if (!found) throw gone();
    const question = cleanText(text);
    const isMuted = holdsMuted(question, found.box.mutedWords);
    const allowance = allowanceMarkOf(mask, box, id);
    const put = async () => {
      const mark = writeMarkOf(mask, box, id);
      const asked = { id: nanoid<QuestionId>(), text: question, mark, isMuted };
      const outcome = await this.#store.ask(hash, asked).catch((error: unknown) => {
        if (error instanceof StoreUnavailable) this.#unsure.set(allowance, true);
        throw error;
      });
      if (outcome === "gone") throw gone();
      if (outcome === "locked") throw new DomainError("locked", "it takes no questions now");
      return outcome;
    };
    const outcome = await this.#p.quotas.spendOnce(drifter, "questions", allowance, put);
    // Where the first answer was lost, its owner does not know.
    const isLate = outcome === "again" && this.#unsure.has(allowance) && !isMuted;
    if (outcome === "kept" || isLate) this.#asked.set(box, found.box.ownerHash);
    this.#unsure.delete(allowance);
  }

  /** What waits, for whoever holds the key; from now on this connection hears that something came. */
  async questions(
    { connection }: Context,
    { box, ownerKey }: Payload<"ask:questions">,
  ): Promise<Data<"ask:questions">> {
    const ownerHash = ownerHashOf(ownerKey);
    this.#hearing.listen(connection, ownerHash);
    const found = await this.#store.questions(boxHashOf(box), ownerHash);
    if (!found) {
      this.#hearing.turnAway(connection, ownerHash);
      throw gone();
    }
    this.#owned.set(ownerHash, box);
    const { isOn, mutedWords, endsAt } = found.box;
    const now = this.#p.clock.now();
    const questions = found.questions.map((one) => questionToWire(one, now));
    return { questions, isOn, mutedWords, expiresAt: endsAt };
  }

  async answer(input: Payload<"ask:answer">): Promise<Data<"ask:answer">> {
    const { box, ownerKey } = input;
    const given = await this.#store.answer(boxHashOf(box), ownerHashOf(ownerKey), {
      id: input.questionId,
      text: cleanText(input.text),
      mark: answerMarkOf(ownerKey, box, input.id),
    });
    if (given.outcome === "gone") throw gone();
    if (given.outcome === "conflict") throw new DomainError("conflict", "it was answered already");
    const answer = answerToWire(given.answer, this.#p.clock.now());
    // Again too, where they were not told: the first reply of the store may have been lost.
    if (!this.#told.has(answer.id)) {
      const { order } = given.answer;
      this.#answered({ box, answer, order });
      void this.#nodes.tell(box, "ask-answered", { box, answer, order });
    }
    this.#told.set(answer.id, true);
    return { answer };
  }

  async drop({ box, ownerKey, questionId }: Payload<"ask:drop">): Promise<void> {
    const [hash, ownerHash] = [boxHashOf(box), ownerHashOf(ownerKey)];
    const dropped = await this.#store.drop(hash, ownerHash, questionId);
    // It may have gone by a command whose reply was lost: those who read there see it still.
    const found = dropped === "gone" && (await this.#store.read(hash, { before: null, limit: 0 }));
    const isSeen = found && found.box.ownerHash === ownerHash && this.#told.has(questionId);
    if (dropped === "answer" || isSeen) {
      this.#told.delete(questionId);
      this.#p.publisher.toRoom(box, "ask:withdrawn", { box, answerId: questionId });
    }
    if (dropped === "gone") throw gone();
  }

  async close({ box, ownerKey }: Payload<"ask:close">): Promise<void> {
    const ownerHash = ownerHashOf(ownerKey);
    if (!(await this.#store.close(boxHashOf(box), ownerHash))) throw gone();
    this.#closed({ box, ownerHash });
    void this.#nodes.tell(box, "ask-closed", { box, ownerHash });
  }

  #answered({ box, answer, order }: Tellings["ask-answered"]): void {
    this.#p.publisher.here.toRoom(box, "ask:answered", { box, answer });
    // Of boxes that nobody reads here nothing has to be known.
    if (this.#upTo.has(box)) this.#knows(box, order);
  }

  #closed({ box, ownerHash }: Tellings["ask-closed"]): void {
    const { here } = this.#p.publisher;
    here.toRoom(box, "ask:gone", { box });
    for (const place of [box, ownerHash]) {
      here.closeRoom(place);
      this.#hearing.closed(place);
    }
  }

  #knows(box: BoxId, order = 0): void {
    this.#upTo.set(box, Math.max(order, this.#upTo.get(box) ?? 0));
  }

  /** What other processes have told may not have been heard: the store has it. */
  async #missed(): Promise<void> {
    const places = this.#hearing.places();
    for (const known of [this.#owned, this.#upTo])
      for (const place of known.keys()) if (!places.has(place)) known.delete(place as never);
    await inSlices([...this.#upTo.keys()], AT_ONCE, (box) => this.#missedOf(box));
    await inSlices([...this.#owned], AT_ONCE, async ([ownerHash, box]) => {
      const found = await this.#store.questions(boxHashOf(box), ownerHash);
      if (found && found.questions.length > 0)
        this.#p.publisher.here.toRoom(ownerHash, "ask:asked", { box });
    });
  }

  async #missedOf(box: BoxId): Promise<void> {
    const { here } = this.#p.publisher;
    const found = await this.#store.read(boxHashOf(box), { before: null, limit: PAGE });
    if (!found) {
      here.toRoom(box, "ask:gone", { box });
      here.closeRoom(box);
      this.#hearing.closed(box);
      return;
    }
    here.toRoom(box, "ask:changed", { box, isOn: found.box.isOn });
    const now = this.#p.clock.now();
    const upTo = this.#upTo.get(box) ?? 0;
    for (const one of found.answers.filter(({ order }) => order > upTo).reverse())
      here.toRoom(box, "ask:answered", { box, answer: answerToWire(one, now) });
    this.#knows(box, found.answers[0]?.order);
  }

  /**
   * Tells owners that something waits: not which, and not at the instant at which it was asked. For a
   * ticker.
   */
  async tend(): Promise<void> {
    for (const [box, ownerHash] of this.#asked)
      this.#p.publisher.toRoom(ownerHash, "ask:asked", { box });
    this.#asked.clear();
  }

  disconnected({ connection }: Pick<Context, "connection">): void {
    this.#hearing.disconnected(connection);
  }
}
