import { setTimeout as sleep } from "node:timers/promises";
import type { ClosedFunction, DrifterId, Penalty } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { Recent } from "../lib/recent.ts";
import { DomainError } from "../lib/errors.ts";
import { inSlices } from "../lib/in-slices.ts";
import type { Publisher } from "../lib/publisher.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { NoticeService } from "../sessions/notices.service.ts";
import type { PenaltyStore, Step } from "./penalties.store.ts";
export { FADE_MS } from "./penalties.store.ts";

/** From this step of any function on, the whole person is kept out. */
const PERSON_FROM_STEP = 5;
/** So many functions closed at once keep the whole person out. */
const PERSON_FROM_FUNCTIONS = 3;
/** What another process has decided is known here within this, in ms. */
const STALE_MS = 2000;
/** Who is put out may read the last that he is told for so long, in ms; what is closed to him is closed meanwhile. */
const LAST_WORD_MS = 1000;
/** Drifters of whom it is remembered; the oldest give way. */
const REMEMBERED = 20_000;
/** Drifters who are looked up at once. */
const AT_ONCE = 50;

export interface PenaltyParts {
  store: PenaltyStore;
  notices: NoticeService;
  publisher: Pick<Publisher, "disconnect" | "drifters" | "hasRead">;
  nodes?: Nodes;
  /** The store's. */
  clock: Clock;
}

/** A function is closed for a while before the whole person is (M3). */
export class PenaltyService {
  readonly #p: PenaltyParts;
  readonly #nodes: Nodes;
  readonly #known = new Recent<DrifterId, { steps: readonly Step[]; readAt: number }>(REMEMBERED);

  constructor(parts: PenaltyParts) {
    this.#p = parts;
    this.#nodes = parts.nodes ?? alone;
    this.#nodes.hear("penalised", ({ drifter }) => this.#putOut(drifter));
    this.#nodes.onMissed(async () => {
      await parts.notices.caughtUp();
      await inSlices(parts.publisher.drifters(), AT_ONCE, (drifter) => this.#putOut(drifter));
    });
  }

  /** One step more, told at once. Safe to repeat: a key is one step. */
  async penalise(
    drifter: DrifterId,
    key: string,
    what: { function: ClosedFunction; reason: string },
  ): Promise<void> {
    const { store, notices } = this.#p;
    const { untilAt } = await store.step(drifter, key, what);
    this.#known.delete(drifter);
    const all = (await this.of(drifter)).find((penalty) => penalty.function === "all");
    const told = all ?? { function: what.function, untilAt, reason: what.reason };
    await notices.notify(drifter, `penalty:${key}`, { kind: "session:penalty", ...told });
    // After the notice, everywhere: it says why.
    await this.#nodes.tell(drifter, "penalised", { drifter });
    if (all) void this.#end(drifter);
  }

  /** Once he has read why, or had the time for it: what was told to a line that is cut then counts as unread. */
  async #end(drifter: DrifterId): Promise<void> {
    const { publisher } = this.#p;
    await Promise.race([publisher.hasRead(drifter), sleep(LAST_WORD_MS, null, { ref: false })]);
    publisher.disconnect(drifter);
  }

  /** As it stands now: another process has decided. */
  async #putOut(drifter: DrifterId): Promise<void> {
    this.#known.delete(drifter);
    if ((await this.keptOutMs(drifter)) !== null) void this.#end(drifter);
  }

  #fresh(drifter: DrifterId): readonly Step[] | undefined {
    const known = this.#known.get(drifter);
    return known && this.#p.clock.now() - known.readAt < STALE_MS ? known.steps : undefined;
  }

  /** What is closed to him now; `all` stands first. */
  async of(drifter: DrifterId): Promise<Penalty[]> {
    const now = this.#p.clock.now();
    const known = this.#fresh(drifter);
    if (known) return closedBy(known, now);
    const steps = await this.#p.store.of(drifter);
    this.#known.set(drifter, { steps, readAt: now });
    return closedBy(steps, now);
  }

  /** @throws DomainError `forbidden` while this function is closed to him. Nothing to wait for: it is open. */
  check(drifter: DrifterId, name: ClosedFunction): Promise<void> | undefined {
    // As it is for nearly everybody.
    return this.#fresh(drifter)?.length === 0 ? undefined : this.#check(drifter, name);
  }

  async #check(drifter: DrifterId, name: ClosedFunction): Promise<void> {
    const closed = (await this.of(drifter)).find(
      (penalty) => penalty.function === name || penalty.function === "all",
    );
    if (!closed) return;
    throw new DomainError("forbidden", "closed for a while", {
      retryAfterMs: Math.max(1, closed.untilAt - this.#p.clock.now()),
      fields: { penalty: closed.reason },
    });
  }

  /** How long he is kept out as a whole, in ms; null where he is not. */
  async keptOutMs(drifter: DrifterId): Promise<number | null> {
    const all = (await this.of(drifter)).find((penalty) => penalty.function === "all");
    return all ? Math.max(1, all.untilAt - this.#p.clock.now()) : null;
  }

  async erase(drifter: DrifterId): Promise<void> {
    await this.#p.store.erase(drifter);
    this.#known.delete(drifter);
  }
}

/** What these steps close at an instant: each function by its longest, and the person where it is too much. */
export function closedBy(steps: readonly Step[], now: number): Penalty[] {
  const closed = new Map<ClosedFunction, Step>();
  for (const step of steps) {
    const other = closed.get(step.function);
    if (step.untilAt > now && (!other || other.untilAt < step.untilAt))
      closed.set(step.function, step);
  }
  const byEnd = [...closed.values()].sort((a, b) => b.untilAt - a.untilAt);
  // While that many are closed at once: until the first of them opens.
  const together = byEnd[PERSON_FROM_FUNCTIONS - 1];
  const repeated = byEnd.find(({ step }) => step >= PERSON_FROM_STEP);
  const whole = [together, repeated]
    .filter((step) => step !== undefined)
    .sort((a, b) => b.untilAt - a.untilAt)[0];
  const penalties: Penalty[] = byEnd.map(({ function: name, untilAt, reason }) => ({
    function: name,
    untilAt,
    reason,
  }));
  return whole
    ? [{ function: "all", untilAt: whole.untilAt, reason: whole.reason }, ...penalties]
    : penalties;
}
