import { randomBytes } from "node:crypto";
import { DESK_NAME, TOKEN } from "@driftsea/protocol";
import type { DeskVerbs } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { DomainError, invalid } from "../lib/errors.ts";
import { sha256 } from "../lib/sha256.ts";
import type { Review } from "../review/review.ts";
import type { Account, DeskStore, Moderator, TryMark } from "./desk.store.ts";
import { hashPassword, isPassword, noPassword } from "./passwords.ts";
import type { ScryptCost } from "./passwords.ts";
import { newSecret, otpauthAddress, stepOf } from "./totp.ts";

const MINUTE_MS = 60_000;
/** A session ends after so long without a request, and after so long in any case, in ms. */
const IDLE_MS = 30 * MINUTE_MS;
const LIFE_MS = 12 * 60 * MINUTE_MS;
/**
 * How tries are slowed down, in ms: by the name, so that many addresses do not help, but so little that
 * nobody can lock a moderator out; by the address, so that many names do not help.
 */
const BY_NAME = { free: 5, firstMs: 1000, maxMs: MINUTE_MS };
const BY_ADDRESS = { free: 10, firstMs: 2000, maxMs: 15 * MINUTE_MS };
/** Passwords that are looked at at one time: each costs 32 MiB and a core. */
const MAX_PROOFS = 4;
const BUSY_MS = 1000;
/** Failures under names that nobody has are written into the log so many times an hour. */
const UNKNOWN_NOTED = 30;
const HOUR_MS = 60 * MINUTE_MS;
/** How long it is remembered whether there are moderators, in ms. */
const ASKED_MS = 5000;

interface Proof {
  password: string;
  code: string;
}

export interface DeskServiceParts {
  store: DeskStore;
  review: Pick<Review, "note">;
  clock: Clock;
  /** Of passwords; less than the default in tests. */
  cost?: ScryptCost;
  /** False: whoever guesses does not wait. For measuring. */
  isBounded: boolean;
  /** Something that could not be written into the log. */
  onUnsettled: (error: unknown) => void;
}

/** Who may sit at the desk (M2): name, password and one-time code in one step; sessions. */
export class DeskService {
  readonly #p: DeskServiceParts;
  /** Stands in for an account that there is not: what is asked of it takes as long. */
  readonly #nobody: { password: string; secret: string };
  #proofs = 0;
  #unknown = { hour: 0, noted: 0 };
  #known = { isSome: false, askedAt: -Infinity };
  readonly #notes = new Set<Promise<void>>();

  constructor(parts: DeskServiceParts) {
    this.#p = parts;
    this.#nobody = { password: noPassword(parts.cost), secret: newSecret() };
  }

  /**
   * Opens a session. An unknown name, a wrong password, a wrong code and one that was used take the
   * same time and get the same answer.
   * @param from a mark of the address, not the address.
   * @throws DomainError unauthorized; rate_limited, for a known name as for an unknown one.
   */
  async signIn(
    { name, ...proof }: DeskVerbs["sign-in"]["payload"],
    from: string,
  ): Promise<DeskVerbs["sign-in"]["data"]> {
    const token = randomBytes(32).toString("base64url");
    const session = { token, idleMs: IDLE_MS, lifeMs: LIFE_MS };
    const account = await this.#prove(name, proof, from, session);
    if (!account) {
      throw new DomainError(
        "unauthorized",
        "name, password or code is wrong, or the code was used",
      );
    }
    await this.#p.review.note(account.id, "desk:signed-in");
    return { token, name: account.name };
  }

  /** Whose session a request is of. @throws DomainError unauthorized. */
  async who(authorization: string | undefined): Promise<Moderator> {
    // What cannot be a token is looked up like one that was never given.
    const moderator = await this.#p.store.resume(tokenOf(authorization), IDLE_MS);
    if (!moderator) throw new DomainError("unauthorized", "there is no such session");
    return moderator;
  }

  async signOut(me: Moderator, authorization: string | undefined): Promise<void> {
    await this.#p.store.close(tokenOf(authorization));
    await this.#p.review.note(me.id, "desk:signed-out");
  }

  /** @throws DomainError forbidden where password or code is not right. */
  async changePassword(
    me: Moderator,
    { next, ...proof }: DeskVerbs["change-password"]["payload"],
    from: string,
  ): Promise<void> {
    if (next.toLowerCase().includes(me.name)) {
      throw invalid({ next: "must not hold the name" });
    }
    const account = await this.#proveAgain(me, proof, from);
    const password = await hashPassword(next, this.#p.cost);
    await this.#renew(account, { password }, "desk:password-changed");
  }

  newSecret(me: Moderator): DeskVerbs["new-secret"]["data"] {
    const secret = newSecret();
    return { secret, address: otpauthAddress(me.name, secret) };
  }

  /** @throws DomainError invalid where `next` is no code of the secret; forbidden as above. */
  async changeSecret(
    me: Moderator,
    { secret, next, ...proof }: DeskVerbs["change-secret"]["payload"],
    from: string,
  ): Promise<void> {
    const step = stepOf(secret, next, this.#p.clock.now());
    if (step === 0) throw invalid({ next: "must be a code of the new secret" });
    const account = await this.#proveAgain(me, proof, from);
    await this.#renew(account, { secret, step }, "desk:secret-changed");
  }

  /** Whether there is anybody to review anything; as it was a few seconds ago. */
  async hasModerators(): Promise<boolean> {
    const now = this.#p.clock.now();
    if (now - this.#known.askedAt >= ASKED_MS) {
      this.#known = { isSome: (await this.#p.store.list()).length > 0, askedAt: now };
    }
    return this.#known.isSome;
  }

  /** Names by id, for a figure or a line of the log. */
  async names(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.#p.store.list()).map(({ id, name }) => [id, name]));
  }

  /** Resolves when what is to be written into the log is written. */
  async idle(): Promise<void> {
    await Promise.all(this.#notes);
  }

  async #renew(
    account: Account,
    changes: { password?: string; secret?: string; step?: number },
    what: string,
  ): Promise<void> {
    const { name, version, id } = account;
    if (!(await this.#p.store.renew(name, version, changes))) {
      throw new DomainError("conflict", "the account was changed meanwhile");
    }
    await this.#p.review.note(id, what);
  }

  async #proveAgain(me: Moderator, proof: Proof, from: string): Promise<Account> {
    const account = await this.#prove(me.name, proof, from, null);
    if (!account) throw new DomainError("forbidden", "password or code is wrong, or was used");
    return account;
  }

  async #prove(
    given: string,
    { password, code }: Proof,
    from: string,
    session: { token: string; idleMs: number; lifeMs: number } | null,
  ): Promise<Account | null> {
    if (this.#proofs >= MAX_PROOFS) throw tooMany(BUSY_MS);
    this.#proofs += 1;
    try {
      const { store, clock } = this.#p;
      const name = nameOf(given);
      const marks = this.#marksOf(name, from);
      const waitMs = marks.length === 0 ? 0 : await store.tryOnce(marks);
      if (waitMs > 0) throw tooMany(waitMs);
      const account = await store.find(name);
      const isKnown = await isPassword(password, (account ?? this.#nobody).password);
      const step = stepOf((account ?? this.#nobody).secret, code, clock.now());
      const isRight = account !== null && isKnown && step > 0;
      const proof = { name, version: account?.version ?? 0, step, isRight };
      if (await store.prove(proof, session)) {
        if (marks.length > 0) await store.forgive(marks);
        return account;
      }
      this.#noteFailure(account);
      return null;
    } finally {
      this.#proofs -= 1;
    }
  }

  #marksOf(name: string, from: string): TryMark[] {
    if (!this.#p.isBounded) return [];
    return [
      { mark: `n:${sha256("desk name", name)}`, ...BY_NAME },
      { mark: `a:${from}`, ...BY_ADDRESS },
    ];
  }

  /** After the answer, so that it takes no longer for one name than for another. */
  #noteFailure(account: Account | null): void {
    if (!account) {
      const hour = Math.floor(this.#p.clock.now() / HOUR_MS);
      if (hour !== this.#unknown.hour) this.#unknown = { hour, noted: 0 };
      this.#unknown.noted += 1;
      // Who tries names by the thousand does not fill the log.
      if (this.#unknown.noted > UNKNOWN_NOTED) return;
    }
    const note: Promise<void> = this.#p.review
      .note(account?.id ?? null, "desk:sign-in-failed")
      .catch(this.#p.onUnsettled)
      .finally(() => this.#notes.delete(note));
    this.#notes.add(note);
  }
}

/** Accounts are in small letters; what cannot be one of their names is looked up like one. */
function nameOf(given: string): string {
  const name = given.trim().toLowerCase();
  return DESK_NAME.test(name) ? name : "-";
}

function tokenOf(authorization: string | undefined): string {
  const token = authorization?.startsWith("Bearer ") ? authorization.slice("Bearer ".length) : "";
  return TOKEN.test(token) ? token : "";
}

const tooMany = (waitMs: number): DomainError =>
  new DomainError("rate_limited", "too many tries", { retryAfterMs: Math.ceil(waitMs) });
