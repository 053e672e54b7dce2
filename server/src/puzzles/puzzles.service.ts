import { randomBytes } from "node:crypto";
import { nanoid } from "nanoid";
import type { DrifterId, Payload, Puzzle, PuzzleSolution } from "@driftsea/protocol";
import type { Clock } from "../lib/clock.ts";
import { DomainError } from "../lib/errors.ts";
import { sha256 } from "../lib/sha256.ts";
import { isSolved, makePuzzle } from "./challenge.ts";
import type { Difficulty } from "./challenge.ts";
import { Crowding, WINDOW_MS } from "./crowding.ts";
import type { Level } from "./crowding.ts";
import type { Crowd, PuzzleStore } from "./puzzles.store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** As far as the clocks of two processes may ever be apart: none forgets what another still takes. */
const APART_MS = 60 * 1000;

export interface PuzzleParts {
  store: PuzzleStore;
  clock: Clock;
  /** `auto`: while a crowd comes. */
  mode: "auto" | "on" | "off";
  /** How late the event loop has been since it was asked last, in ms. */
  lateMs: () => number;
  onAnswer: (outcome: "asked" | "solved" | "refused") => void;
  onLevel: (level: Level) => void;
}

/** What a raid has to pay for joining and for throwing (M4). */
export class PuzzleService {
  readonly #p: PuzzleParts;
  readonly #crowding = new Crowding();
  /** What came here since the others were told. */
  #untold: Crowd = { newcomers: 0, throws: 0 };
  /** When somebody came here last, ms since 1970. */
  #cameAt = 0;
  /** The day's, and the one before it: its last puzzles are still being solved. */
  #secrets: { day: number; pair: readonly [string, string] } | null = null;
  #level: Level;

  constructor(parts: PuzzleParts) {
    this.#p = parts;
    this.#level = parts.mode === "on" ? 1 : 0;
    parts.onLevel(this.#level);
  }

  /** Somebody new wants to come in. A puzzle that he has to solve first; null: he may. */
  async newcomer(solution: PuzzleSolution | undefined): Promise<Puzzle | null> {
    const level = this.#level;
    // Whoever comes again with the same solution is somebody else.
    if (level > 0 && solution && (await this.#counts(solution, nanoid()))) return null;
    this.#untold.newcomers += 1;
    return level === 0 ? null : this.#ask(level);
  }

  /** One that was turned away before he could say who he is. */
  turnedAway(): void {
    this.#untold.newcomers += 1;
  }

  /** Somebody throws. @throws DomainError `confirmation_needed` with a puzzle that he has to solve */
  async throw(
    drifter: DrifterId,
    { id, puzzle: solution }: Pick<Payload<"bottle:throw">, "id" | "puzzle">,
  ): Promise<void> {
    const level = this.#level;
    // The same write may come again, whether or not its first reply arrived.
    const by = sha256("throw", drifter, id);
    if (level > 0 && solution && (await this.#counts(solution, by))) return;
    this.#untold.throws += 1;
    if (level === 0) return;
    const puzzle = await this.#ask(level);
    throw new DomainError("confirmation_needed", "solve the puzzle and send it along", { puzzle });
  }

  async #counts(solution: PuzzleSolution, by: string): Promise<boolean> {
    const { parameters } = solution.challenge;
    const now = this.#p.clock.now();
    const keepMs = parameters.expiresAt * 1000 - now + APART_MS;
    const isGood =
      (await isSolved(solution, await this.#secretsOfToday(), now)) &&
      (await this.#p.store.spend(parameters.nonce, by, keepMs));
    this.#p.onAnswer(isGood ? "solved" : "refused");
    return isGood;
  }

  async #ask(level: Difficulty): Promise<Puzzle> {
    const [secret] = await this.#secretsOfToday();
    const puzzle = await makePuzzle(secret, level, this.#p.clock.now());
    this.#p.onAnswer("asked");
    return puzzle;
  }

  async #secretsOfToday(): Promise<readonly [string, string]> {
    const day = Math.floor(this.#p.clock.now() / DAY_MS);
    return this.#secrets?.day === day ? this.#secrets.pair : this.refresh();
  }

  /** Takes over the secrets of the day. Now and then too, should the store have lost them. */
  async refresh(): Promise<readonly [string, string]> {
    const { store, clock } = this.#p;
    const day = Math.floor(clock.now() / DAY_MS);
    const fresh = (): string => randomBytes(32).toString("base64url");
    const pair = await Promise.all([store.secret(day, fresh()), store.secret(day - 1, fresh())]);
    this.#secrets = { day, pair };
    return pair;
  }

  /** Tells the other processes what came here, and looks how many came in all. Twice a second. */
  async look(): Promise<void> {
    const { clock, mode, lateMs, onLevel } = this.#p;
    if (mode === "off") return;
    const late = lateMs();
    const now = clock.now();
    const level = this.#crowding.look(await this.#crowd(now), late, now);
    this.#level = mode === "on" && level === 0 ? 1 : level;
    onLevel(this.#level);
  }

  /** What came within `WINDOW_MS`, everywhere. */
  async #crowd(now: number): Promise<Crowd> {
    const told = this.#untold;
    if (told.newcomers + told.throws > 0) this.#cameAt = now;
    // Where nobody comes, nobody is asked, however many come elsewhere.
    if (this.#level === 0 && now - this.#cameAt > 2 * WINDOW_MS) return { newcomers: 0, throws: 0 };
    this.#untold = { newcomers: 0, throws: 0 };
    const window = Math.floor(now / WINDOW_MS);
    try {
      const { now: sum, before } = await this.#p.store.tally(window, told);
      // As if what came in the window before had come evenly.
      const left = 1 - (now / WINDOW_MS - window);
      return {
        newcomers: sum.newcomers + before.newcomers * left,
        throws: sum.throws + before.throws * left,
      };
    } catch (error) {
      this.#untold.newcomers += told.newcomers;
      this.#untold.throws += told.throws;
      throw error;
    }
  }
}
