import { randomBytes } from "node:crypto";
import { TOKEN } from "@driftsea/protocol";
import type { CircleId, DrifterId } from "@driftsea/protocol";
import { newPersona } from "../lib/personas.ts";
import { publicHalf } from "../lib/sealed-box.ts";
import { sha256 } from "../lib/sha256.ts";
import { slotOf } from "../lib/slot.ts";
import type { Session, SessionStore } from "./sessions.store.ts";

/** A session ends this long after the last connection, in ms. */
export const SESSION_LIFE_MS = 30 * 24 * 60 * 60 * 1000;

/** Being new has so many slots at least. */
const SLOTS_FRESH = 24;

export interface Arrival {
  drifter: DrifterId;
  persona: Session["persona"];
  circle: CircleId;
  mask: string;
  box: string;
  /** Only where it is new: the one time that it leaves the server. */
  token?: string;
}

/** Anonymous sessions: 256 random bits that the browser keeps; the store knows their SHA-256. */
export class SessionService {
  readonly #store: SessionStore;
  readonly #slotMs: number;

  /** @param freshMs Who has come within this, in ms, is a newcomer to whoever asks for his standing. */
  constructor(store: SessionStore, { freshMs }: { freshMs: number }) {
    this.#store = store;
    this.#slotMs = slotOf(freshMs, SLOTS_FRESH);
  }

  /** Null: the token is unknown, expired or malformed. */
  async arrive(token: string | undefined): Promise<Arrival | null> {
    if (token === undefined) {
      const { id: _, ...persona } = newPersona();
      const fresh = randomBytes(32).toString("base64url");
      const drifter = drifterOf(fresh);
      const names = namesOf(fresh);
      const box = publicHalf(names.box);
      const time = { lifeMs: SESSION_LIFE_MS, slotMs: this.#slotMs };
      await this.#store.create(drifter, { persona, box }, time);
      return { drifter, persona, ...names, token: fresh };
    }
    if (!TOKEN.test(token)) return null;
    const drifter = drifterOf(token);
    const session = await this.#store.resume(drifter, SESSION_LIFE_MS);
    return session && { drifter, persona: session.persona, ...namesOf(token) };
  }

  /** Keeps the sessions alive of those who have been connected for long. */
  async renew(drifters: Iterable<DrifterId>): Promise<void> {
    for (const drifter of drifters) await this.#store.resume(drifter, SESSION_LIFE_MS);
  }

  /** Since when he is known, in ms since 1970, and on how many days he came; null where he is no more. */
  standing(drifter: DrifterId): Promise<{ since: number; days: number } | null> {
    return this.#store.standing(drifter);
  }

  /** The public half of his box; null where he is no more. */
  boxOf(drifter: DrifterId): Promise<string | null> {
    return this.#store.boxOf(drifter);
  }

  async erase(drifter: DrifterId): Promise<void> {
    await this.#store.erase(drifter);
  }
}

const drifterOf = (token: string): DrifterId => sha256(token) as DrifterId;

/** Secret of the box for which his blocks are sealed. */
export const boxOfToken = (token: string): string => sha256("box", token);

/** Further names of the same person: from none of them can another be computed without the token. */
const namesOf = (token: string): Pick<Arrival, "circle" | "mask" | "box"> => ({
  circle: sha256("circle", token) as CircleId,
  mask: sha256("mask", token),
  box: boxOfToken(token),
});
