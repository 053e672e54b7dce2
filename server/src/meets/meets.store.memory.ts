import type { DrifterId, MeetEnd, MeetId, RoomId } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { ContractError } from "../lib/errors.ts";
import type { NodeId } from "../presence/node-id.ts";
import { PAIR_MAX_MS } from "./meets.store.ts";
import type {
  Ending,
  FreshIds,
  MeetRules,
  MeetStore,
  Pair,
  Search,
  Standing,
} from "./meets.store.ts";
import { Pairing } from "./pairing.ts";
import type { Fit, Waiting } from "./pairing.ts";
import { RecentPartners } from "./recent-partners.ts";
import { WaitingQueue } from "./waiting-queue.ts";

interface Meeting extends Omit<Pair, "made"> {
  stage: "new" | "made" | "told";
  /** Those who go back to the queue where it is parted before it is made. */
  searches: readonly [Waiting, Waiting];
}

/** `MeetStore` in this process; the contract is written there. */
export class MemoryMeetStore implements MeetStore {
  readonly #clock: Clock;
  readonly #queue = new WaitingQueue();
  readonly #meetings = new Map<MeetId, Meeting>();
  readonly #of = new Map<DrifterId, MeetId>();
  readonly #rooms = new Map<RoomId, MeetId>();
  readonly #endings = new Map<MeetId, Ending>();
  /** Since when something is owed; of a meeting that was told, its greatest age. */
  readonly #owed = new Map<MeetId, number>();
  readonly #recent = new RecentPartners();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async seek(
    drifter: DrifterId,
    search: Search,
    ids: FreshIds & { searchId: MeetId },
    rules: MeetRules,
  ): Promise<{ pair: Pair | null; ending: Ending | null }> {
    const now = this.#clock.now();
    const pairing = this.#pairing(now, rules);
    const meeting = this.#meetingOf(drifter);
    const ending = meeting && meeting.stage !== "new" ? this.#walkOut(meeting, drifter) : null;
    const found = meeting?.stage === "new" ? meeting : null;
    const before = found ? searchOf(found, drifter) : this.#queue.take(drifter);
    const keepsPlace = before && search.mode === "random" && !pairing.isOver(before);
    const one: Waiting = {
      drifter,
      searchId: before?.searchId ?? ids.searchId,
      search: { ...search },
      since: keepsPlace ? before.since : now,
      tryAt: now,
    };
    if (found) {
      // Found already, and does not know it yet: this holds where the pair is parted.
      const [a, b] = found.searches;
      found.searches = a.drifter === drifter ? [one, b] : [a, one];
      return { pair: null, ending: null };
    }
    this.#queue.add(one);
    return { pair: this.#tryPair(one, this.#queue.window(search.mode), ids, pairing), ending };
  }

  async match(
    ids: readonly FreshIds[],
    rules: MeetRules,
  ): Promise<{ pairs: Pair[]; endings: Ending[] }> {
    const now = this.#clock.now();
    const pairing = this.#pairing(now, rules);
    const due = this.#queue.due(now, ids.length);
    const windows = { random: this.#queue.window("random"), shake: this.#queue.window("shake") };
    const pairs: Pair[] = [];
    const endings: Ending[] = [];
    for (const one of due) {
      // He may have been paired on the way.
      if (this.#queue.get(one.drifter) !== one) continue;
      if (pairing.isOver(one)) {
        this.#queue.take(one.drifter);
        const { searchId: meetId, drifter } = one;
        endings.push(
          this.#owe({ meetId, roomId: null, reason: "nobody", tell: [drifter], untold: null }),
        );
        continue;
      }
      const left = windows[one.search.mode].filter((w) => this.#queue.get(w.drifter) === w);
      const pair = this.#tryPair(one, left, ids[pairs.length]!, pairing);
      if (pair) pairs.push(pair);
    }
    return { pairs, endings };
  }

  async made(meetId: MeetId): Promise<boolean> {
    const meeting = this.#meetings.get(meetId);
    if (!meeting) return false;
    if (meeting.stage !== "new") return true;
    meeting.stage = "made";
    const now = this.#clock.now();
    const [a, b] = meeting.between;
    this.#recent.met(a, b, now);
    this.#recent.met(b, a, now);
    return true;
  }

  async told(meetId: MeetId): Promise<boolean> {
    const meeting = this.#meetings.get(meetId);
    if (meeting?.stage === "made") {
      meeting.stage = "told";
      this.#owed.set(meetId, meeting.at + PAIR_MAX_MS);
    }
    return meeting !== undefined;
  }

  async end(by: DrifterId, meetId?: MeetId): Promise<Ending | null> {
    const meeting = this.#meetingOf(by);
    if (!meeting || meeting.stage === "new") return null;
    return meetId === undefined || meetId === meeting.meetId
      ? this.#walkOut(meeting, by, true)
      : null;
  }

  async cancel(drifter: DrifterId, meetId?: MeetId): Promise<Ending | null> {
    this.#queue.take(drifter);
    const meeting = this.#meetingOf(drifter);
    if (!meeting || (meeting.stage === "told" && meeting.meetId !== meetId)) return null;
    return this.#walkOut(meeting, drifter);
  }

  async drop(drifter: DrifterId, node: NodeId): Promise<Ending | null> {
    if (this.#queue.get(drifter)?.search.node === node) this.#queue.take(drifter);
    const meeting = this.#meetingOf(drifter);
    if (meeting?.stage !== "new" || searchOf(meeting, drifter).search.node !== node) return null;
    return this.#walkOut(meeting, drifter);
  }

  async orphan(node: NodeId): Promise<Ending[]> {
    for (const one of this.#queue.all())
      if (one.search.node === node) this.#queue.take(one.drifter);
    const endings: Ending[] = [];
    for (const [meetId] of this.#due(this.#clock.now())) {
      const meeting = this.#meetings.get(meetId);
      if (meeting?.stage !== "new") continue;
      const gone = meeting.searches.filter((one) => one.search.node === node);
      if (gone.length === 2) endings.push(this.#endMeeting(meeting, "left", []));
      else if (gone[0]) endings.push(this.#walkOut(meeting, gone[0].drifter));
    }
    return endings;
  }

  async part(by: DrifterId, other: DrifterId): Promise<Ending | null> {
    for (const [who, whom] of [
      [by, other],
      [other, by],
    ] as const) {
      const meeting = this.#meetingOf(who);
      const one = meeting?.stage === "new" ? searchOf(meeting, who) : this.#queue.get(who);
      if (one) one.search = { ...one.search, blocked: [...one.search.blocked, whom] };
    }
    const meeting = this.#meetingOf(by);
    if (!meeting?.between.includes(other)) return null;
    return meeting.stage === "new" ? this.#undo(meeting) : this.#walkOut(meeting, by, true);
  }

  async roomEnded(roomId: RoomId, reason: MeetEnd): Promise<Ending | null> {
    const meetId = this.#rooms.get(roomId);
    const meeting = meetId === undefined ? undefined : this.#meetings.get(meetId);
    if (!meeting) return null;
    return meeting.stage === "new"
      ? this.#undo(meeting)
      : this.#endMeeting(meeting, reason, meeting.between);
  }

  async erase(drifter: DrifterId): Promise<Ending | null> {
    this.#queue.take(drifter);
    const meeting = this.#meetingOf(drifter);
    const ending = meeting ? this.#walkOut(meeting, drifter) : null;
    this.#recent.erase(drifter);
    return ending;
  }

  async settled(meetId: MeetId): Promise<void> {
    if (this.#endings.delete(meetId)) this.#owed.delete(meetId);
  }

  async unfinished(
    olderThanMs: number,
    limit: number,
  ): Promise<{ pairs: Pair[]; endings: Ending[] }> {
    const now = this.#clock.now();
    const pairs: Pair[] = [];
    const endings: Ending[] = [];
    for (const [meetId] of this.#due(now - olderThanMs).slice(0, limit)) {
      const meeting = this.#meetings.get(meetId);
      if (meeting?.stage === "told") this.#endMeeting(meeting, "expired", meeting.between);
      else if (meeting) pairs.push(toPair(meeting));
      const ending = this.#endings.get(meetId);
      if (ending) endings.push(ending);
      this.#owed.set(meetId, now);
    }
    return { pairs, endings };
  }

  async read(drifter: DrifterId): Promise<Standing> {
    const one = this.#queue.get(drifter);
    const meeting = this.#meetingOf(drifter);
    if (one && meeting) throw new ContractError("somebody waits and is paired");
    if (meeting) return { state: "paired", pair: toPair(meeting) };
    return one ? { state: "waiting", since: one.since } : { state: "idle" };
  }

  sweep(): void {
    this.#recent.sweep(this.#clock.now());
  }

  #pairing(now: number, rules: MeetRules): Pairing {
    return new Pairing(now, rules, (one, other) => this.#recent.hasMet(one, other, now));
  }

  #tryPair(
    one: Waiting,
    window: readonly Waiting[],
    { meetId, roomId }: FreshIds,
    pairing: Pairing,
  ): Pair | null {
    const fit: Fit | null = pairing.choose(one, window);
    if (!fit) {
      one.tryAt = pairing.nextTryAt(one, this.#queue.length(one.search.mode));
      return null;
    }
    const { other, shared, again } = fit;
    const at = this.#clock.now();
    const meeting: Meeting = {
      meetId,
      roomId,
      between: [other.drifter, one.drifter],
      shared,
      again,
      at,
      stage: "new",
      searches: [other, one],
    };
    for (const { drifter } of meeting.searches) {
      this.#queue.take(drifter);
      this.#of.set(drifter, meetId);
    }
    this.#meetings.set(meetId, meeting);
    this.#rooms.set(roomId, meetId);
    this.#owed.set(meetId, at);
    return toPair(meeting);
  }

  #meetingOf(drifter: DrifterId): Meeting | null {
    const meetId = this.#of.get(drifter);
    return meetId === undefined ? null : this.#meetings.get(meetId)!;
  }

  #endMeeting(meeting: Meeting, reason: MeetEnd, tell: readonly DrifterId[]): Ending {
    const { meetId, roomId, between, shared, again, stage } = meeting;
    this.#meetings.delete(meetId);
    this.#rooms.delete(roomId);
    for (const drifter of between) this.#of.delete(drifter);
    const untold = stage === "made" ? { shared, again } : null;
    return this.#owe({ meetId, roomId, reason, tell, untold });
  }

  #owe(ending: Ending): Ending {
    this.#endings.set(ending.meetId, ending);
    this.#owed.set(ending.meetId, this.#clock.now());
    return ending;
  }

  /** He is where he was, and is tried with the next match. */
  #requeue(one: Waiting): void {
    this.#queue.add({ ...one, tryAt: this.#clock.now() });
  }

  /** One goes, and the other is told; both, where he may not know yet and would believe he still seeks. */
  #walkOut(meeting: Meeting, who: DrifterId, tellsBoth = false): Ending {
    const other = meeting.searches.find((one) => one.drifter !== who)!;
    if (meeting.stage === "made" && tellsBoth)
      return this.#endMeeting(meeting, "left", meeting.between);
    if (meeting.stage !== "new") return this.#endMeeting(meeting, "left", [other.drifter]);
    const ending = this.#endMeeting(meeting, "left", []);
    this.#requeue(other);
    return ending;
  }

  #undo(meeting: Meeting): Ending {
    const ending = this.#endMeeting(meeting, "left", []);
    for (const one of meeting.searches) this.#requeue(one);
    return ending;
  }

  /** What is owed since `before` or longer, the longest first. */
  #due(before: number): [MeetId, number][] {
    return [...this.#owed]
      .filter(([, at]) => at <= before)
      .sort(([a, at], [b, bt]) => at - bt || (a < b ? -1 : 1));
  }
}

function searchOf(meeting: Meeting, drifter: DrifterId): Waiting {
  const [a, b] = meeting.searches;
  return a.drifter === drifter ? a : b;
}

function toPair({ meetId, roomId, between, shared, again, at, stage }: Meeting): Pair {
  return { meetId, roomId, between, shared, again, at, made: stage !== "new" };
}
