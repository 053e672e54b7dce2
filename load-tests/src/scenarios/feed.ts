import { createHash, randomBytes } from "node:crypto";
import type { Data, Events, OwnerHash, Secret } from "@driftsea/protocol";
import { now } from "../measure/clock.ts";
import type { Answer } from "../net/client.ts";
import { eachOf, padded, pause } from "../run/together.ts";
import { User, writeId } from "../run/user.ts";
import type { Crew } from "../run/user.ts";
import type { Play, Scenario } from "./scenario.ts";

/** What is frozen for an epoch counts from the next; short, so that a run need not wait. */
const EPOCH_MS = 1000;
/** Of what was posted a feed surely holds so much: it keeps 1000, and of more whichever chance puts on top. */
const KEPT = 900;
/** How much later than an epoch's first instant all is in place, in ms. */
const SETTLE_MS = 300;

/**
 * The smallest circle in which a secret is shown: two writers, and three friends of both who are not
 * each other's. What one reads by opening his feed is not streamed to him any more, so one listens and
 * another opens.
 */
interface Circle {
  listener: User;
  reader: User;
  writers: [User, User];
  /** What the writers were told is posted, as far as the feed must hold all of it. */
  posted: string[];
}

/** Secrets are posted, streamed to the reader of the circle, and read by opening the feed. */
export class Feed implements Play {
  readonly #crew: Crew;
  readonly #circles: Circle[] = [];
  #next = 0;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  async prepare(): Promise<void> {
    await eachOf(Math.max(1, Math.floor(this.#crew.connections / 5)), (i) => this.#found(i), 16);
    const nextEpoch = EPOCH_MS - (Date.now() % EPOCH_MS) + SETTLE_MS;
    await pause(nextEpoch);
    for (const { listener } of this.#circles) {
      const { open } = await listener.must("feed:open", {});
      if (!open)
        throw new Error("its feeds do not open: CIRCLE_MIN_FRIENDS and CIRCLE_K must be 2 or less");
    }
  }

  async #found(number: number): Promise<void> {
    const people = Array.from({ length: 5 }, (_, i) => new User(this.#crew, number * 5 + i));
    for (const user of people) if (!(await user.connect())) return;
    const [one, other, listener, reader, third] = people as [User, User, User, User, User];
    for (const writer of [one, other]) {
      for (const friend of [listener, reader, third]) {
        const { code } = await writer.must("circle:invite", {});
        await friend.must("circle:accept", { code });
      }
    }
    // What the listener knows: streamed, or read when it came back.
    const heard = new Set<string>();
    let wasAway = false;
    listener.onEvent = (event, data) => {
      if (event !== "feed:posted") return;
      const { post } = data as Events["feed:posted"];
      // Whoever was away may be told by a stream what he has read, and knows it by its id.
      if (wasAway && heard.has(post.id)) return;
      heard.add(post.id);
      this.#arrived(post);
    };
    // A feed is opened anew by whoever comes back, and what he missed stands in it.
    listener.onBack = () => {
      wasAway = true;
      return this.#pages(
        (payload) => listener.replyOnce("feed:open", payload),
        ({ id }) => {
          if (heard.has(id)) return;
          heard.add(id);
          this.#crew.tell({ fact: "arrived", what: `secret ${id}` });
        },
      );
    };
    this.#circles.push({ listener, reader, writers: [one, other], posted: [] });
  }

  act(scheduledAt: number): Promise<boolean> {
    const turn = this.#next;
    this.#next += 1;
    const circle = this.#circles[Math.floor(turn / 4) % this.#circles.length];
    if (!circle) return Promise.resolve(false);
    if (turn % 4 === 3) return this.#open(circle, scheduledAt);
    return this.#post(circle, circle.writers[turn % 2]!, scheduledAt);
  }

  async #post({ posted }: Circle, writer: User, scheduledAt: number): Promise<boolean> {
    const ownerHash = createHash("sha256").update(randomBytes(32)).digest("base64url") as OwnerHash;
    const text = padded(`${scheduledAt.toFixed(3)} `, Math.min(500, this.#crew.payload));
    const payload = { id: writeId(), text, ownerHash, confirmed: true };
    const data = await writer.ask("post", scheduledAt, "feed:post", payload);
    if (!data) return false;
    if (posted.length <= KEPT) posted.push(data.post.id);
    this.#crew.tell({ fact: "acknowledged", what: `secret ${data.post.id}` });
    return true;
  }

  async #open({ reader }: Circle, scheduledAt: number): Promise<boolean> {
    const data = await reader.ask("open", scheduledAt, "feed:open", {});
    if (data) this.#once(reader, data.posts, new Set());
    return data !== null;
  }

  #once(reader: User, posts: readonly Secret[], seen: Set<string>): void {
    for (const { id } of posts) {
      if (seen.has(id)) {
        const text = `secret ${id} stood twice in the feed of ${reader.name}`;
        this.#crew.tell({ fact: "broken", kind: "duplicate", text });
      }
      seen.add(id);
    }
  }

  #arrived(post: Secret): void {
    this.#crew.tell({ fact: "arrived", what: `secret ${post.id}` });
    const scheduledAt = Number.parseFloat(post.text);
    this.#crew.operations.done("stream", scheduledAt, scheduledAt, now());
  }

  /** Each feed, read to its end, must hold what its writers posted, once, as far as there is room for it. */
  async settle(): Promise<void> {
    await eachOf(this.#circles.length, (i) => this.#readAll(this.#circles[i]!));
  }

  async #readAll({ reader, posted }: Circle): Promise<void> {
    const seen = new Set<string>();
    const isWhole = await this.#pages(
      (payload) => reader.reply("feed:open", payload),
      (post) => this.#once(reader, [post], seen),
    );
    if (!isWhole || posted.length > KEPT) return;
    for (const id of posted) {
      if (seen.has(id)) continue;
      const text = `secret ${id} was acknowledged, and is not in the feed of ${reader.name}`;
      this.#crew.tell({ fact: "broken", kind: "lost", text });
    }
  }

  /** Reads a feed from its head to its end; false where a page was refused. */
  async #pages(
    open: (payload: { cursor?: string }) => Promise<Answer>,
    each: (post: Secret) => void,
  ): Promise<boolean> {
    let cursor: string | undefined;
    do {
      const answer = await open(cursor === undefined ? {} : { cursor });
      if (!answer.ok) return false;
      const page = answer.data as Data<"feed:open">;
      for (const post of page.posts) each(post);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return true;
  }
}

export const feed: Scenario = {
  summary: "secrets are posted, streamed and read",
  operations: ["post", "stream", "open", "connect"],
  defaults: { connections: 50, stages: [{ durationMs: 10_000, rate: 40 }] },
  server: {
    CIRCLE_MIN_FRIENDS: 2,
    CIRCLE_K: 2,
    EPOCH_MS,
    ESTABLISHED_AFTER_MS: 0,
    RELEASE_DELAY_MAX_MS: 0,
  },
  create: (crew) => new Feed(crew),
};
