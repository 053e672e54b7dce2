import type { Clock } from "../lib/clock.ts";
import type { ModeratorId } from "../review/review.ts";
import { TRIES_KEPT_MS } from "./desk.store.ts";
import type { Account, DeskStore, Moderator, NewAccount, Proof, TryMark } from "./desk.store.ts";

interface Session {
  name: string;
  id: ModeratorId;
  version: number;
  idleUntil: number;
  endsAt: number;
}

/** `DeskStore` in this process; the contract is written there. */
export class MemoryDeskStore implements DeskStore {
  readonly #clock: Clock;
  readonly #accounts = new Map<string, Account & { step: number }>();
  readonly #sessions = new Map<string, Session>();
  readonly #tries = new Map<string, { count: number; until: number; keptUntil: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async add(account: NewAccount): Promise<boolean> {
    if (this.#accounts.has(account.name)) return false;
    this.#accounts.set(account.name, { ...account, since: this.#clock.now(), version: 1, step: 0 });
    return true;
  }

  async find(name: string): Promise<Account | null> {
    const account = this.#accounts.get(name);
    if (!account) return null;
    const { step: _, ...rest } = account;
    return rest;
  }

  async list(): Promise<(Moderator & { since: number })[]> {
    const all = [...this.#accounts.values()].map(({ id, name, since }) => ({ id, name, since }));
    return all.sort((a, b) => a.since - b.since || (a.name < b.name ? -1 : 1));
  }

  async renew(
    name: string,
    version: number,
    { password, secret, step }: { password?: string; secret?: string; step?: number },
  ): Promise<boolean> {
    const account = this.#accounts.get(name);
    if (account?.version !== version) return false;
    account.password = password ?? account.password;
    account.secret = secret ?? account.secret;
    account.step = step ?? account.step;
    account.version += 1;
    return true;
  }

  async remove(name: string): Promise<ModeratorId | null> {
    const account = this.#accounts.get(name);
    this.#accounts.delete(name);
    return account?.id ?? null;
  }

  #liveTries(mark: string): { count: number; until: number } {
    const tries = this.#tries.get(mark);
    return tries && tries.keptUntil > this.#clock.now() ? tries : { count: 0, until: 0 };
  }

  async tryOnce(marks: readonly TryMark[]): Promise<number> {
    const now = this.#clock.now();
    const until = Math.max(...marks.map(({ mark }) => this.#liveTries(mark).until));
    if (until > now) return until - now;
    for (const { mark, free, firstMs, maxMs } of marks) {
      const count = this.#liveTries(mark).count + 1;
      const over = count - free;
      const waitMs = over > 0 ? Math.min(maxMs, firstMs * 2 ** (Math.min(over, 30) - 1)) : 0;
      this.#tries.set(mark, { count, until: now + waitMs, keptUntil: now + TRIES_KEPT_MS });
    }
    return 0;
  }

  async forgive(marks: readonly TryMark[]): Promise<void> {
    for (const [i, { mark }] of marks.entries()) {
      const tries = this.#tries.get(mark);
      if (!tries) continue;
      tries.count -= 1;
      tries.until = 0;
      if (i === 0 || tries.count <= 0) this.#tries.delete(mark);
    }
  }

  async prove(
    proof: Proof,
    session: { token: string; idleMs: number; lifeMs: number } | null,
  ): Promise<boolean> {
    const { name, version, step, isRight } = proof;
    const account = this.#accounts.get(name);
    if (!account || !isRight || account.version !== version || step <= account.step) return false;
    account.step = step;
    if (session) {
      const now = this.#clock.now();
      this.#sessions.set(session.token, {
        name,
        id: account.id,
        version,
        idleUntil: now + session.idleMs,
        endsAt: now + session.lifeMs,
      });
    }
    return true;
  }

  async resume(token: string, idleMs: number): Promise<Moderator | null> {
    const now = this.#clock.now();
    const session = this.#sessions.get(token);
    if (!session || Math.min(session.idleUntil, session.endsAt) <= now) return null;
    const account = this.#accounts.get(session.name);
    if (account?.id !== session.id || account.version !== session.version) return null;
    session.idleUntil = now + idleMs;
    return { id: account.id, name: account.name };
  }

  async close(token: string): Promise<void> {
    this.#sessions.delete(token);
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [token, { idleUntil, endsAt }] of this.#sessions)
      if (Math.min(idleUntil, endsAt) <= now) this.#sessions.delete(token);
    for (const [mark, { keptUntil }] of this.#tries) if (keptUntil <= now) this.#tries.delete(mark);
  }
}
