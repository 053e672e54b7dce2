import type { DrifterId, RoomId, RoomMessage } from "@driftsea/protocol";
import type { Nodes } from "../nodes/nodes.ts";
import { PAGE_BYTES } from "./rooms.store.ts";
import type { RoomStore } from "./rooms.store.ts";
import { messageToWire } from "./rooms.wire.ts";

/** Nobody: what he may see is what has gone for nobody. */
const NOBODY = "" as DrifterId;

interface Ears {
  /** Number of the message that was told last. */
  told: number;
  /** Number up to which there is something to be told. */
  wanted: number;
  /** Who is here was in when this epoch had begun. */
  epoch: number;
  deadlineAt: number;
  reading: Promise<void> | null;
}

export interface Written {
  seq: number;
  /** Where it is at hand; else the log has it. */
  message?: RoomMessage;
  epoch: number;
  deadlineAt: number;
}

export interface RoomEarsParts {
  store: Pick<RoomStore, "messages">;
  nodes: Pick<Nodes, "isDeaf">;
  /** Puts those out who are not in any more. False: there is no such room. */
  check: (id: RoomId) => Promise<boolean>;
  tell: (id: RoomId, message: RoomMessage, deadlineAt: number) => void;
  tellGone: (id: RoomId, seq: number) => void;
}

/**
 * What those who are connected here are told of rooms: each message once and in the order of its
 * number, whoever wrote it and by whatever process. One that is the next is told as it comes; else the
 * log says what is missing. Before the first message of an epoch, which a removal began, it is asked
 * who is still in: so a removal that was not heard of lets nothing through.
 */
export class RoomEars {
  readonly #p: RoomEarsParts;
  readonly #rooms = new Map<RoomId, Ears>();
  /** Where the store was away. */
  readonly #behind = new Set<RoomId>();

  constructor(parts: RoomEarsParts) {
    this.#p = parts;
  }

  /** Somebody is here, who reads the log up to `head` or further by himself. */
  open(id: RoomId, { head, epoch }: { head: number; epoch: number }): void {
    const ears = { told: head, wanted: head, epoch, deadlineAt: 0, reading: null };
    this.#rooms.set(id, ears);
  }

  /** The one who is here has read up to this number. */
  hasRead(id: RoomId, seq: number): void {
    const ears = this.#rooms.get(id);
    if (ears) ears.told = Math.max(ears.told, seq);
  }

  close(id: RoomId): void {
    this.#rooms.delete(id);
    this.#behind.delete(id);
  }

  all(): RoomId[] {
    return [...this.#rooms.keys()];
  }

  /** Whoever was removed when this epoch began is out here. One that was passed over is asked about. */
  began(id: RoomId, epoch: number): void {
    const ears = this.#rooms.get(id);
    if (ears && epoch === ears.epoch + 1) ears.epoch = epoch;
  }

  written(id: RoomId, { seq, message, epoch, deadlineAt }: Written): void {
    const ears = this.#rooms.get(id);
    if (!ears || seq <= ears.told) return;
    ears.wanted = Math.max(ears.wanted, seq);
    ears.deadlineAt = deadlineAt;
    const isNext = seq === ears.told + 1 && epoch === ears.epoch && !ears.reading;
    if (!message || !isNext || this.#p.nodes.isDeaf) {
      this.#read(id, ears).catch(() => this.#behind.add(id));
      return;
    }
    ears.told = seq;
    this.#p.tell(id, message, deadlineAt);
  }

  /** What the store was away for. */
  async retry(): Promise<void> {
    // A copy: one that fails again would come again in this very round, for ever.
    for (const id of Array.from(this.#behind)) {
      this.#behind.delete(id);
      const ears = this.#rooms.get(id);
      if (ears) await this.#read(id, ears).catch(() => this.#behind.add(id));
    }
  }

  /** Tells all that was not told, and what has gone since it was. */
  async missed(
    id: RoomId,
    { head, deadlineAt }: { head: number; deadlineAt: number },
  ): Promise<void> {
    const ears = this.#rooms.get(id);
    if (!ears) return;
    const before = ears.told;
    ears.wanted = Math.max(ears.wanted, head);
    ears.deadlineAt = deadlineAt;
    await this.#read(id, ears);
    for (let after = 0; ;) {
      const log = await this.#p.store.messages(id, NOBODY, after, PAGE_BYTES);
      for (const message of log) {
        const { seq, text, sealed, photoId } = message;
        const hasGone = text === undefined && sealed === undefined && photoId === undefined;
        if (seq <= before && hasGone) this.#p.tellGone(id, seq);
      }
      after = log.at(-1)?.seq ?? before;
      if (after >= before) return;
    }
  }

  /** One reads at a time, until nothing is wanted any more. */
  #read(id: RoomId, ears: Ears): Promise<void> {
    return (ears.reading ??= this.#readOn(id, ears));
  }

  async #readOn(id: RoomId, ears: Ears): Promise<void> {
    try {
      do {
        const { wanted } = ears;
        const log = await this.#p.store.messages(id, NOBODY, ears.told, PAGE_BYTES);
        // Whoever was removed before any of these was written is put out now.
        if (!(await this.#p.check(id)) || this.#rooms.get(id) !== ears) return;
        for (const message of log) {
          if (message.seq <= ears.told) continue;
          ears.told = message.seq;
          ears.epoch = Math.max(ears.epoch, message.epoch);
          this.#p.tell(id, messageToWire(id, message), ears.deadlineAt);
        }
        // What has given way is not told.
        if (log.length === 0) ears.told = Math.max(ears.told, wanted);
      } while (ears.told < ears.wanted);
    } finally {
      // At once: what is wanted from now on is read by another.
      ears.reading = null;
    }
  }
}
