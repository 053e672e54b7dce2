import { nanoid } from "nanoid";
import { cleanText } from "@driftsea/protocol";
import type { DrifterId, MeetId, RoomEnd, RoomId } from "@driftsea/protocol";
import { DomainError } from "../lib/errors.ts";
import { inSlices } from "../lib/in-slices.ts";
import type { Publisher } from "../lib/publisher.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { Told } from "../nodes/tellings.ts";
import type { NodeId } from "../presence/node-id.ts";
import type { Ending, FreshIds, MeetMode, MeetRules, MeetStore, Pair } from "./meets.store.ts";

/** The longest that somebody waits for a partner, in ms. */
const MEET_WAIT_MS = 5 * 60 * 1000;
/** What a running process sees to within this time is nobody else's work, in ms. */
const UNFINISHED_MS = 2000;
/** Pairs that one round of matching makes at most, and leftovers that one round sees to. */
const BATCH = 50;
/** So often in a row is looked for those whose time has come, where many have waited. */
const ROUNDS = 10;

/** The rooms of two in which strangers meet. Both are safe to repeat, in either order. */
export interface MeetRooms {
  /** Makes the room, into which these two may go and nobody else. `gone` where it has ended. */
  open(room: { roomId: RoomId; between: readonly [DrifterId, DrifterId] }): Promise<void>;
  /** Both are out, the room is gone. */
  end(roomId: RoomId): Promise<void>;
}

export interface MeetParts {
  store: MeetStore;
  publisher: Pick<Publisher, "isConnected" | "here" | "watch">;
  nodes?: Nodes;
  rooms: MeetRooms;
  /** Of one who is here. */
  blockedOf: (drifter: DrifterId) => Promise<DrifterId[]>;
  /** Whether a block between the two has come since either of them began to seek. */
  areParting: (one: DrifterId, other: DrifterId) => Promise<boolean>;
  node: NodeId;
  rules: Pick<MeetRules, "relaxMs" | "windowMs">;
  /** What could not be seen to now; somebody does later. */
  onUnsettled: (error: unknown) => void;
}

type MeetTold = Extract<Told, { event: "meet:found" | "meet:ended" }>;

type Wish = { interests?: readonly string[]; mode?: MeetMode };

/** Drifters who are looked up at once. */
const AT_ONCE = 50;

/** Brings two strangers together in a room of two (S1 to S8). */
export class MeetService {
  readonly #p: MeetParts;
  readonly #rules: MeetRules;
  readonly #running = new Set<Promise<void>>();
  readonly #nodes: Nodes;
  /** Whom those who sought from here were found for, as far as they were told; null: nobody yet. */
  readonly #told = new Map<DrifterId, MeetId | null>();
  /** Who seeks from here as far as he knows, and what. */
  readonly #seeking = new Map<DrifterId, Wish>();
  /** Whose search had no answer: he may seek and not know it. */
  readonly #unsure = new Set<DrifterId>();

  constructor(parts: MeetParts) {
    this.#p = parts;
    this.#rules = { ...parts.rules, waitMs: MEET_WAIT_MS };
    this.#nodes = parts.nodes ?? alone;
    this.#nodes.hear("meet", ({ drifter, ...told }) => this.#tellHere(drifter, told));
    this.#nodes.onMissed(() => this.#missed());
  }

  /** Seeks; whom he was with is left. What comes of it is told by event, after the reply. */
  async seek(drifter: DrifterId, wish: Wish): Promise<void> {
    const { store, node } = this.#p;
    const search = {
      mode: wish.mode ?? "random",
      interests: normaliseInterests(wish.interests ?? []),
      blocked: await this.#p.blockedOf(drifter),
      node,
    };
    const ids = { ...freshIds(), searchId: nanoid<MeetId>() };
    if (!this.#told.has(drifter)) this.#told.set(drifter, null);
    // Whoever is found for him waits for him.
    this.#p.publisher.watch(drifter);
    // Until this is answered too: what is asked now is not to be taken back for what was asked before.
    this.#unsure.delete(drifter);
    const { pair, ending } = await store
      .seek(drifter, search, ids, this.#rules)
      .catch((error: unknown) => {
        this.#unsure.add(drifter);
        throw error;
      });
    // What was asked of the sweeper before this may have had no answer since.
    this.#unsure.delete(drifter);
    this.#seeking.set(drifter, wish);
    // Who has hung up meanwhile was dropped before he was there to be dropped.
    if (!this.#p.publisher.isConnected(drifter)) await this.drop(drifter);
    await this.#settle(ending);
    if (pair) this.#afterReply(() => this.#unite(pair));
  }

  /** Stops seeking; the pair that is named is left. */
  async cancel(drifter: DrifterId, meetId?: MeetId): Promise<void> {
    this.#seeking.delete(drifter);
    await this.#settle(await this.#p.store.cancel(drifter, meetId));
  }

  /** Leaves whom he is with; nothing happens where he has left that one before (S2). */
  async skip(drifter: DrifterId, meetId?: MeetId): Promise<void> {
    await this.#settle(await this.#p.store.end(drifter, meetId));
  }

  /** He has left a room: where it is his meeting's, that is over. */
  async left(drifter: DrifterId, roomId: RoomId): Promise<void> {
    const standing = await this.#p.store.read(drifter);
    if (standing.state === "paired" && standing.pair.roomId === roomId)
      await this.skip(drifter, standing.pair.meetId);
  }

  /** A room has ended by itself: where two met in it, that is over for both. */
  async roomEnded(roomId: RoomId, reason: RoomEnd): Promise<void> {
    const end = reason === "expired" ? "expired" : "left";
    await this.#settle(await this.#p.store.roomEnded(roomId, end));
  }

  /**
   * One has blocked another, which is stored: they do not meet again, and their meeting ends as if he
   * had left (S4), where it is the room of the block. One of which he does not know that it is with
   * the same person goes on: its end would tell him.
   */
  async blocked(by: DrifterId, other: DrifterId, room: RoomId | null): Promise<void> {
    const standing = await this.#p.store.read(by);
    if (standing.state === "paired" && standing.pair.made && standing.pair.roomId !== room) return;
    await this.#settle(await this.#p.store.part(by, other));
  }

  /** His last connection to this process is gone. A meeting waits for him as its room does. */
  async drop(drifter: DrifterId): Promise<void> {
    this.#told.delete(drifter);
    this.#seeking.delete(drifter);
    this.#unsure.delete(drifter);
    await this.#settle(await this.#p.store.drop(drifter, this.#p.node));
  }

  /** A process has died: whom it held seek no longer. */
  async orphan(node: NodeId): Promise<void> {
    for (const ending of await this.#p.store.orphan(node)) await this.#settle(ending);
  }

  async erase(drifter: DrifterId): Promise<void> {
    await this.#settle(await this.#p.store.erase(drifter));
  }

  /** Pairs those for whom time has made it possible. Any process may, at any time. */
  async match(): Promise<void> {
    const seenTo: Promise<void>[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const ids = Array.from({ length: BATCH }, freshIds);
        const found = await this.#p.store.match(ids, this.#rules);
        seenTo.push(this.#seeTo(found));
        // Two of those whose time has come are a pair: where they were many, more wait.
        if (2 * found.pairs.length + found.endings.length < BATCH / 2) break;
      }
    } finally {
      await inSlices(seenTo, ROUNDS, (one) => one);
    }
  }

  /** Sees to what a process left behind that died, or that could not reach something. */
  async sweep(): Promise<void> {
    for (const drifter of this.#unsure) {
      // He may seek again meanwhile, or have begun to since this was asked.
      if (!this.#unsure.delete(drifter)) continue;
      await this.#p.store.cancel(drifter).then(
        (ending) => this.#settle(ending),
        (error: unknown) => {
          this.#unsure.add(drifter);
          throw error;
        },
      );
    }
    await this.#seeTo(await this.#p.store.unfinished(UNFINISHED_MS, BATCH));
  }

  /** Others took this process for dead, and those who seek from here out of the queue: they seek on. */
  async hold(): Promise<void> {
    await inSlices([...this.#seeking.keys()], AT_ONCE, async (drifter) => {
      const { state } = await this.#p.store.read(drifter);
      const wish = this.#seeking.get(drifter);
      if (wish && state === "idle") await this.seek(drifter, wish);
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #seeTo({ pairs, endings }: { pairs: Pair[]; endings: Ending[] }): Promise<void> {
    const { onUnsettled } = this.#p;
    await Promise.all([
      ...pairs.map((pair) => this.#unite(pair).catch(onUnsettled)),
      ...endings.map((ending) => this.#settle(ending)),
    ]);
  }

  /**
   * From a pair to a meeting that both know of. Each step is safe to repeat, and whoever finds it
   * unfinished begins again: until both have been told the store remembers.
   */
  async #unite(pair: Pair): Promise<void> {
    const { store, rooms } = this.#p;
    const { meetId, roomId, between } = pair;
    if (!pair.made) {
      try {
        await rooms.open({ roomId, between });
      } catch (error) {
        if (!(error instanceof DomainError) || error.code !== "gone") throw error;
        // It was made, and nobody came to tell of it before it ended: both seek on.
        return this.roomEnded(roomId, "expired");
      }
      // A block may have come while they waited.
      if (await this.#p.areParting(...between)) return this.blocked(...between, roomId);
      // Whoever parted them may have ended the room before it was there.
      if (!(await store.made(meetId))) return rooms.end(roomId);
    }
    this.#tellFound(pair, between);
    // One may have left between the making and the telling, when the other did not know of it.
    if (!(await store.told(meetId)))
      for (const drifter of between)
        this.#tell(drifter, { event: "meet:ended", payload: { meetId, reason: "left" } });
  }

  #tellFound(
    { meetId, roomId, shared, again }: Omit<Pair, "between" | "at" | "made">,
    to: readonly DrifterId[],
  ): void {
    for (const drifter of to)
      this.#tell(drifter, {
        event: "meet:found",
        payload: { meetId, roomId, shared: [...shared], again },
      });
  }

  #tell(drifter: DrifterId, told: MeetTold): void {
    this.#tellHere(drifter, told);
    void this.#nodes.tell(drifter, "meet", { drifter, ...told });
  }

  #tellHere(drifter: DrifterId, { event, payload }: MeetTold): void {
    if (!this.#p.publisher.isConnected(drifter)) return;
    this.#told.set(drifter, event === "meet:found" ? payload.meetId : null);
    // Whose meeting is over may have sought on since.
    if (event === "meet:found" || payload.reason === "nobody") this.#seeking.delete(drifter);
    this.#p.publisher.here.toDrifter(drifter, event, payload);
  }

  /** What those who sought from here do not know yet of how they stand. */
  async #missed(): Promise<void> {
    await inSlices([...this.#told], AT_ONCE, async ([drifter, told]) => {
      const standing = await this.#p.store.read(drifter);
      const pair = standing.state === "paired" && standing.pair.made ? standing.pair : null;
      if (told !== null && pair?.meetId !== told) {
        const payload = { meetId: told, reason: "left" } as const;
        this.#tellHere(drifter, { event: "meet:ended", payload });
      }
      if (pair && pair.meetId !== told) {
        const { meetId, roomId, shared, again } = pair;
        const payload = { meetId, roomId, shared: [...shared], again };
        this.#tellHere(drifter, { event: "meet:found", payload });
      }
    });
    // Who was told that there is nobody, and did not hear it, seeks on.
    await this.hold();
  }

  /** The end is in the store already; where this fails, the sweep sees to it. */
  async #settle(ending: Ending | null): Promise<void> {
    if (!ending) return;
    const { store, rooms, onUnsettled } = this.#p;
    const { meetId, roomId, reason, tell, untold } = ending;
    try {
      if (roomId !== null) await rooms.end(roomId);
      // Who seeks again or is with somebody needs no late news of what he never knew of.
      const to = untold || reason === "nobody" ? await this.#idleOf(tell) : tell;
      if (roomId !== null && untold) this.#tellFound({ meetId, roomId, ...untold }, to);
      for (const drifter of to)
        this.#tell(drifter, { event: "meet:ended", payload: { meetId, reason } });
      await store.settled(meetId);
    } catch (error) {
      onUnsettled(error);
    }
  }

  async #idleOf(drifters: readonly DrifterId[]): Promise<DrifterId[]> {
    const standings = await Promise.all(drifters.map((drifter) => this.#p.store.read(drifter)));
    return drifters.filter((_, i) => standings[i]!.state === "idle");
  }

  /** So that `waiting` is answered before somebody is found. */
  #afterReply(work: () => Promise<void>): void {
    const round = new Promise<void>((resolve) => setImmediate(resolve))
      .then(work)
      .catch(this.#p.onUnsettled)
      .then(() => void this.#running.delete(round));
    this.#running.add(round);
  }
}

const freshIds = (): FreshIds => ({ meetId: nanoid<MeetId>(), roomId: nanoid<RoomId>() });

/** Words that look alike are one: cleaned, NFKC, lower case, each once. */
function normaliseInterests(words: readonly string[]): string[] {
  const all = words.map((word) => cleanText(cleanText(word).normalize("NFKC").toLowerCase()));
  return [...new Set(all)].filter((word) => word !== "");
}
