import type { Data } from "@driftsea/protocol";
import { now } from "../measure/clock.ts";
import { pause } from "../run/together.ts";
import { User, writeId } from "../run/user.ts";
import type { Crew } from "../run/user.ts";

/** Life of a room that is made to end within the run, in ms; where the server allows it. */
const LIFE_MS = 1000;
/**
 * From its end on, by the clock of the store, it must not be readable. Here that clock is known by way of the
 * server's, each to half the time that somebody waited for it: so long after, it has surely come, in ms.
 */
const AFTER_MS = 50;

/** How long it waits where a room could not be made just then, in ms. */
const AGAIN_MS = 1000;
/** How often it is looked whether what is measured has begun, in ms. */
const LOOK_MS = 50;

/** Writes into a room of short life, and asks for it once it has ended: that is the operation `ended`. */
export class DeadlineProbe {
  readonly #crew: Crew;
  readonly #user: User;
  #isOver = false;
  #end: () => void = () => {};
  readonly #onEnd = new Promise<void>((done) => (this.#end = done));
  #round: Promise<void> = Promise.resolve();

  constructor(crew: Crew, number: number) {
    this.#crew = crew;
    this.#user = new User(crew, number);
  }

  /** Begins, and goes on until `stop`. */
  async start(): Promise<void> {
    if (await this.#user.connect()) this.#round = this.#go();
  }

  async #go(): Promise<void> {
    while (!this.#isOver && (await this.#once()));
  }

  /** False where this server has no rooms of so short a life. */
  async #once(): Promise<boolean> {
    const user = this.#user;
    const lifetime = { kind: "fixed" as const, ms: LIFE_MS };
    const made = await user.reply("room:create", { id: writeId(), lifetime, access: "listed" });
    if (!made.ok) {
      const { operations } = this.#crew;
      const isRefused = made.error.code === "invalid";
      // Once, when it counts: it is told that nothing is looked at.
      if (isRefused)
        while (!this.#isOver && !(operations.isRound && operations.counts(now())))
          await Promise.race([pause(LOOK_MS), this.#onEnd]);
      operations.failed("ended", now(), made.error.code);
      if (isRefused || !user.isConnected) return false;
      await Promise.race([pause(AGAIN_MS), this.#onEnd]);
      return !this.#isOver;
    }
    const { room } = made.data as Data<"room:create">;
    await user.reply("room:enter", { roomId: room.id });
    await user.reply("room:send", { id: writeId(), roomId: room.id, text: "It ends soon." });
    const askAt = room.deadlineAt - user.aheadMs + AFTER_MS;
    // A timer may go off a little early.
    while (Date.now() < askAt && !this.#isOver)
      await Promise.race([pause(askAt - Date.now()), this.#onEnd]);
    if (this.#isOver) return false;
    const sentAt = now();
    const late = await user.reply("room:enter", { roomId: room.id, after: 0 });
    if (late.ok || late.error.code === "gone")
      this.#crew.operations.done("ended", sentAt, sentAt, now());
    else this.#crew.operations.failed("ended", sentAt, late.error.code);
    if (late.ok) {
      const text = `room ${room.id} was read after its end`;
      this.#crew.tell({ fact: "broken", kind: "read after deadline", text });
    }
    return user.isConnected;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#end();
    await this.#round;
  }
}
