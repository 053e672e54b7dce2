import type { DrifterId, Notice } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { INBOX_CAP, NOTICED_MS } from "./sessions.store.ts";
import type { Session, SessionStore } from "./sessions.store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

interface Entry extends Session {
  /** On how many he came, and the last of them. */
  days: number;
  day: number;
  endsAt: number;
  seq: number;
  read: number;
  inbox: { seq: number; visibleAt: number; notice: Notice }[];
  /** Id of a notice → when it was put in; null where there was none. */
  noticed: Map<string, number> | null;
}

/** `SessionStore` in this process; the contract is written there. */
export class MemorySessionStore implements SessionStore {
  readonly #clock: Clock;
  readonly #sessions = new Map<DrifterId, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #live(drifter: DrifterId): Entry | undefined {
    const session = this.#sessions.get(drifter);
    return session && session.endsAt > this.#clock.now() ? session : undefined;
  }

  async create(
    drifter: DrifterId,
    session: Omit<Session, "since">,
    { lifeMs, slotMs }: { lifeMs: number; slotMs: number },
  ): Promise<void> {
    const now = this.#clock.now();
    this.#sessions.set(drifter, {
      since: now - (now % slotMs),
      ...session,
      days: 1,
      day: Math.floor(now / DAY_MS),
      endsAt: now + lifeMs,
      seq: 0,
      read: 0,
      inbox: [],
      noticed: null,
    });
  }

  async resume(drifter: DrifterId, lifeMs: number): Promise<Session | null> {
    const session = this.#live(drifter);
    if (!session) return null;
    const now = this.#clock.now();
    session.endsAt = now + lifeMs;
    const today = Math.floor(now / DAY_MS);
    if (session.day !== today) session.days += 1;
    session.day = today;
    return { since: session.since, persona: session.persona, box: session.box };
  }

  async standing(drifter: DrifterId): Promise<{ since: number; days: number } | null> {
    const session = this.#live(drifter);
    return session ? { since: session.since, days: session.days } : null;
  }

  async boxOf(drifter: DrifterId): Promise<string | null> {
    return this.#live(drifter)?.box ?? null;
  }

  async push(
    drifter: DrifterId,
    noticeId: string,
    notice: Notice,
    pendingMs: number,
  ): Promise<number | null> {
    const session = this.#live(drifter);
    if (!session) return null;
    const now = this.#clock.now();
    const noticed = (session.noticed ??= new Map());
    for (const [id, at] of noticed) {
      if (at > now - NOTICED_MS) break;
      noticed.delete(id);
    }
    if (noticed.has(noticeId)) return null;
    noticed.set(noticeId, now);
    session.seq += 1;
    session.inbox.push({ seq: session.seq, visibleAt: now + pendingMs, notice });
    if (session.inbox.length > INBOX_CAP) session.inbox.shift();
    return session.seq;
  }

  async drop(drifter: DrifterId, seq: number): Promise<boolean> {
    const session = this.#live(drifter);
    if (!session || session.read >= seq) return false;
    const before = session.inbox.length;
    session.inbox = session.inbox.filter((item) => item.seq !== seq);
    return session.inbox.length < before;
  }

  async claim(drifter: DrifterId, seq: number, pendingMs: number): Promise<boolean> {
    const session = this.#live(drifter);
    const now = this.#clock.now();
    const item = session?.inbox.find((one) => one.seq === seq);
    if (!session || !item || session.read >= seq || item.visibleAt > now) return false;
    item.visibleAt = now + pendingMs;
    return true;
  }

  async isUnread(drifter: DrifterId, seq: number): Promise<boolean> {
    const session = this.#live(drifter);
    return session !== undefined && session.read < seq && session.inbox.some((n) => n.seq === seq);
  }

  async read(
    drifter: DrifterId,
    after: number | undefined,
    limit: number,
  ): Promise<{ items: Notice[]; cursor: number; isHeldUp: boolean }> {
    const session = this.#live(drifter);
    if (!session) return { items: [], cursor: after ?? 0, isHeldUp: false };
    const now = this.#clock.now();
    // A cursor that no answer of ours gave must not hide what is still to come.
    const from = Math.min(after ?? session.read, session.read);
    if (after !== undefined) session.inbox = session.inbox.filter((item) => item.seq > from);
    const later = session.inbox.filter((item) => item.seq > from).slice(0, limit);
    const pending = later.findIndex((item) => item.visibleAt > now);
    const visible = pending === -1 ? later : later.slice(0, pending);
    const cursor = visible.at(-1)?.seq ?? from;
    session.read = Math.max(session.read, cursor);
    const isHeldUp = visible.length < later.length;
    return { items: visible.map((item) => item.notice), cursor, isHeldUp };
  }

  async unread(drifter: DrifterId, limit: number): Promise<{ seq: number; notice: Notice }[]> {
    const session = this.#live(drifter);
    if (!session) return [];
    const unread = session.inbox.filter((item) => item.seq > session.read).slice(0, limit);
    return unread.map(({ seq, notice }) => ({ seq, notice }));
  }

  async erase(drifter: DrifterId): Promise<void> {
    this.#sessions.delete(drifter);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [drifter, session] of this.#sessions)
      if (session.endsAt <= now) this.#sessions.delete(drifter);
  }
}
