import type { BottleId, DrifterId, Notice, OwnBottle } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { DomainError, gone, invalid } from "../lib/errors.ts";
import { isAllowed } from "./endpoints.ts";
import type { PushStore } from "./push.store.ts";
import type { Vapid } from "./vapid.ts";

/** A bottle that comes home is told of a moment after its end, in ms. */
const GRACE_MS = 60_000;
/** So long a push service may keep it for a browser that is not there, in s. */
const KEEP_S = 24 * 60 * 60;
/** A push service that has not answered within this is not waited for, in ms. */
const PATIENCE_MS = 10_000;

export interface PushParts {
  store: PushStore;
  /** Null: this server sends nothing. */
  vapid: Vapid | null;
  hosts: readonly string[];
  bottlesOf: (drifter: DrifterId) => Promise<readonly OwnBottle[]>;
  /** Whether nobody has read that notice yet. */
  isUnread: (drifter: DrifterId, seq: number) => Promise<boolean>;
  clock: Clock;
  /** So long other processes have to tell him themselves, in ms. */
  waitMs: number;
  onSent: (outcome: "taken" | "gone" | "failed") => void;
  onFault: (error: unknown) => void;
}

/**
 * Tells somebody who is away that something has come for a bottle of his: by an empty message to his
 * browser's maker, once a bottle, and only where he has asked for it. What came, the maker does not
 * learn; that something came, and when, it does, and the page says so beside the switch. Nothing is
 * promised: what was not sent lies in the inbox all the same.
 */
export class PushService {
  readonly #p: PushParts;
  readonly #waiting = new Set<ReturnType<typeof setTimeout>>();
  readonly #sending = new Set<Promise<void>>();
  readonly #end = new AbortController();

  constructor(parts: PushParts) {
    this.#p = parts;
  }

  /** Kept under the bottle's own deadline. */
  async watch(drifter: DrifterId, bottleId: BottleId, endpoint: string): Promise<void> {
    const { store, vapid, hosts, clock } = this.#p;
    if (!vapid) throw new DomainError("unavailable", "this server pushes nothing");
    if (!isAllowed(endpoint, hosts)) throw invalid({ endpoint: "is of no known push service" });
    const bottle = (await this.#p.bottlesOf(drifter)).find(({ id }) => id === bottleId);
    const lifeMs = bottle && isOut(bottle) ? bottle.expiresAt - clock.now() + GRACE_MS : 0;
    if (lifeMs <= 0) throw gone();
    await store.keep(drifter, bottleId, endpoint, lifeMs);
  }

  async unwatch(drifter: DrifterId, bottleId: BottleId): Promise<void> {
    await this.#p.store.drop(drifter, [bottleId]);
  }

  /** Before his bottles are erased: they say what is kept. */
  async erase(drifter: DrifterId): Promise<void> {
    const bottles = await this.#p.bottlesOf(drifter);
    await this.#p.store.drop(
      drifter,
      bottles.map(({ id }) => id),
    );
  }

  /** A notice lies in the inbox of somebody who is not connected here. */
  waits(drifter: DrifterId, seq: number, notice: Notice): void {
    if (!this.#p.vapid) return;
    if (notice.kind !== "bottle:answered" && notice.kind !== "bottle:returned") return;
    const { bottleId } = notice;
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      const sending = this.#tell(drifter, seq, bottleId).catch(this.#p.onFault);
      this.#sending.add(sending);
      void sending.then(() => this.#sending.delete(sending));
    }, this.#p.waitMs);
    this.#waiting.add(timer);
  }

  async #tell(drifter: DrifterId, seq: number, bottleId: BottleId): Promise<void> {
    const { store, isUnread, onSent } = this.#p;
    if (!(await isUnread(drifter, seq))) return;
    const endpoint = await store.take(drifter, bottleId);
    if (endpoint === null) return;
    const status = await this.#send(endpoint);
    const isGone = status === 404 || status === 410;
    onSent(isGone ? "gone" : status >= 200 && status < 300 ? "taken" : "failed");
    // The browser has let go of it: it is of no use to the other bottles either.
    if (isGone) await this.erase(drifter);
  }

  /** The status of the answer; 0 for none. */
  async #send(endpoint: string): Promise<number> {
    const { vapid, clock } = this.#p;
    const answer = await fetch(endpoint, {
      method: "POST",
      headers: {
        authorization: vapid!.authorization(new URL(endpoint).origin, clock.now()),
        ttl: String(KEEP_S),
        urgency: "normal",
      },
      // It would lead where nobody has looked at.
      redirect: "manual",
      signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), this.#end.signal]),
    }).catch(() => null);
    await answer?.body?.cancel();
    return answer?.status ?? 0;
  }

  async close(): Promise<void> {
    for (const timer of this.#waiting) clearTimeout(timer);
    // It lies in the inbox all the same, and nobody's stop waits for a push service.
    this.#end.abort();
    await Promise.all(this.#sending);
  }
}

const isOut = ({ state }: OwnBottle): boolean =>
  state === "sealed" || state === "afloat" || state === "held" || state === "answered";
