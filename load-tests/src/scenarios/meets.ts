import type { Events, RoomMessage } from "@driftsea/protocol";
import { StreamReader } from "../ledger/stream.ts";
import { now } from "../measure/clock.ts";
import { eachOf, padded, pause, until } from "../run/together.ts";
import { User, writeId } from "../run/user.ts";
import type { Crew } from "../run/user.ts";
import type { Play, Scenario } from "./scenario.ts";

/** Longest that somebody seeks before it is counted as `alone`, in ms. */
const SEEK_WITHIN_MS = 5000;
/** Longest wait for the word of the other, in ms. */
const WORD_WITHIN_MS = 5000;
/** Longest wait until two are free, in ms: it is in the latency, as of whoever comes to a door that is full. */
const FREE_WITHIN_MS = 5000;

/** Somebody who is free, seeks, or is with somebody. */
interface Seeker {
  user: User;
  /** Words that were said. */
  words: number;
  found: ((meeting: Events["meet:found"]) => void) | null;
  said: ((message: RoomMessage) => void) | null;
}

/** Two at a time begin to seek; who is found enters, says one word, hears one, and skips. */
export class Meets implements Play {
  readonly #crew: Crew;
  readonly #free: Seeker[] = [];
  /** Who waits for two that are free, the first first. */
  readonly #turns: ((pair: Seeker[]) => void)[] = [];
  #isOver = false;
  #seeking = 0;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async prepare(): Promise<void> {
    await eachOf(this.#crew.connections, async (number) => {
      const user = new User(this.#crew, number);
      const seeker: Seeker = { user, words: 0, found: null, said: null };
      user.onEvent = (event, data) => {
        if (event === "meet:found") this.#told(seeker, data as Events["meet:found"]);
        if (event === "meet:ended") {
          const { meetId: meet } = data as Events["meet:ended"];
          this.#crew.tell({ fact: "parted", meet, who: user.name });
        }
        if (event === "room:message") seeker.said?.((data as Events["room:message"]).message);
      };
      if (await seeker.user.connect()) this.#release(seeker);
    });
  }

  async act(scheduledAt: number): Promise<boolean> {
    const pair = await this.#pair();
    if (pair.length < 2) {
      this.#crew.operations.failed("meet", scheduledAt, "nobody free");
      return false;
    }
    const ends = await Promise.all(pair.map((seeker) => this.#seek(seeker, scheduledAt)));
    return ends.every(Boolean);
  }

  /** Two who are free, once there are; nobody where there are none in time. */
  async #pair(): Promise<Seeker[]> {
    if (this.#isOver) return [];
    return new Promise((done) => {
      const take = (pair: Seeker[]): void => {
        clearTimeout(timer);
        done(pair);
      };
      const timer = setTimeout(() => {
        this.#turns.splice(this.#turns.indexOf(take), 1);
        done([]);
      }, FREE_WITHIN_MS);
      this.#turns.push(take);
      this.#next();
    });
  }

  stop(): void {
    this.#isOver = true;
    for (const take of this.#turns.splice(0)) take([]);
  }

  #release(seeker: Seeker): void {
    this.#free.push(seeker);
    this.#next();
  }

  #next(): void {
    if (this.#free.length < 2) return;
    const take = this.#turns.shift();
    if (take) take(this.#free.splice(0, 2));
  }

  async #seek(seeker: Seeker, scheduledAt: number): Promise<boolean> {
    this.#seeking += 1;
    try {
      const meeting = await this.#find(seeker, scheduledAt);
      if (!meeting) return false;
      const hasTalked = await this.#talk(seeker, meeting);
      await seeker.user.reply("meet:skip", { meetId: meeting.meetId });
      return hasTalked;
    } finally {
      this.#seeking -= 1;
      this.#release(seeker);
    }
  }

  async #find(seeker: Seeker, scheduledAt: number): Promise<Events["meet:found"] | null> {
    const { user } = seeker;
    const sentAt = now();
    const found = new Promise<Events["meet:found"]>((done) => (seeker.found = done));
    if (!(await user.ask("seek", scheduledAt, "meet:seek", {}))) return null;
    const meeting = await Promise.race([found, pause(SEEK_WITHIN_MS)]);
    seeker.found = null;
    if (!meeting) {
      this.#crew.operations.failed("meet", scheduledAt, "alone");
      await user.reply("meet:cancel", {});
      return null;
    }
    this.#crew.operations.done("meet", scheduledAt, sentAt, now());
    return meeting;
  }

  #told(seeker: Seeker, meeting: Events["meet:found"]): void {
    const { meetId: meet, roomId: room } = meeting;
    this.#crew.tell({ fact: "met", meet, room, who: seeker.user.name });
    seeker.found?.(meeting);
  }

  /** Says one word, which the other must hear, once, and stays until it has heard the other's: true where it has. */
  async #talk(seeker: Seeker, { roomId }: Events["meet:found"]): Promise<boolean> {
    const { user } = seeker;
    seeker.words += 1;
    const mine = `Hello from ${user.name}, word ${seeker.words};`;
    const early: RoomMessage[] = [];
    seeker.said = (message) => early.push(message);
    const entered = await user.ask("enter", now(), "room:enter", { roomId });
    if (!entered) {
      seeker.said = null;
      return false;
    }
    const name = `${user.name} in room ${roomId}`;
    const reader = new StreamReader(name, entered.room.head, this.#crew.tell);
    const heard = new Promise<boolean>((done) => {
      const hear = (message: RoomMessage): void => {
        const word = message.text?.slice(0, message.text.indexOf(";") + 1) ?? "";
        if (word === mine) return;
        this.#crew.tell({ fact: "arrived", what: word });
        done(true);
      };
      for (const message of entered.messages) hear(message);
      const live = (message: RoomMessage): void => {
        reader.saw(message.seq);
        hear(message);
      };
      for (const message of early) if (message.seq > reader.head) live(message);
      seeker.said = live;
    });
    const text = padded(mine, this.#crew.payload);
    const payload = { id: writeId(), roomId, text, confirmed: true };
    const { operations, comeBack, tell } = this.#crew;
    const sentAt = now();
    const said = await user.reply("room:send", payload);
    const saidAt = now();
    // Whoever was heard was in the room before he could be: so he heard, or will hear, this word.
    const isTwo = (await Promise.race([heard, pause(WORD_WITHIN_MS)])) === true;
    seeker.said = null;
    // Whoever comes back may find that the other has gone on, and the room with him.
    if (said.ok && isTwo && !comeBack) tell({ fact: "acknowledged", what: mine });
    if (said.ok && (isTwo || comeBack)) {
      operations.done("say", sentAt, sentAt, saidAt);
      return true;
    }
    // Where both words are lost nothing is acknowledged, so that the ledger misses none.
    operations.failed("say", sentAt, said.ok ? "unheard" : said.error.code);
    return false;
  }

  async settle(): Promise<void> {
    await until(() => this.#seeking === 0, SEEK_WITHIN_MS + WORD_WITHIN_MS);
  }
}

export const meets: Scenario = {
  summary: "strangers are paired, say a word, and part",
  operations: ["meet", "seek", "enter", "say", "connect"],
  defaults: { connections: 200, stages: [{ durationMs: 10_000, rate: 20 }] },
  server: { MEET_RELAX_MS: 100 },
  create: (crew) => new Meets(crew),
};
