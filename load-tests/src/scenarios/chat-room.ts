import type { Data, Events, RoomId } from "@driftsea/protocol";
import { StreamReader } from "../ledger/stream.ts";
import { now } from "../measure/clock.ts";
import { padded, until } from "../run/together.ts";
import { User, writeId } from "../run/user.ts";
import type { Crew } from "../run/user.ts";

const LIFE_MS = 24 * 60 * 60 * 1000;
/** Longest wait at the end for what was acknowledged, in ms. */
const SETTLE_WITHIN_MS = 5000;

interface Member {
  user: User;
  reader: StreamReader;
}

/**
 * One room and those who are in it, all of one process. A message carries the time at which it was due,
 * so that each delivery is timed from there.
 */
export class ChatRoom {
  readonly #crew: Crew;
  readonly #members: Member[] = [];
  #id: RoomId | null = null;
  /** Number of the newest message that the server has acknowledged. */
  #acknowledged = 0;
  #next = 0;

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  get members(): readonly User[] {
    return this.#members.map(({ user }) => user);
  }

  /** Those who are connected go in; the first makes the room. */
  async fill(users: readonly User[]): Promise<void> {
    const [host] = users;
    if (!host) return;
    const { room } = await host.must("room:create", {
      id: writeId(),
      lifetime: { kind: "fixed", ms: LIFE_MS },
      access: "listed",
      capacity: Math.max(2, users.length),
    });
    this.#id = room.id;
    for (const user of users) await this.#enter(user);
  }

  async #enter(user: User): Promise<void> {
    // What is written while he enters comes both ways or by one: only then is he a reader.
    const early: number[] = [];
    let member: Member | null = null;
    user.onEvent = (event, data) => {
      if (event !== "room:message") return;
      const { message } = data as Events["room:message"];
      if (member) this.#deliver(member, data as Events["room:message"]);
      else early.push(message.seq);
    };
    user.onBack = () => this.#back(user);
    const entered = await user.must("room:enter", { roomId: this.#id! });
    const reader = new StreamReader(this.#nameOf(user), entered.room.head, this.#crew.tell);
    member = { user, reader };
    for (const seq of early) if (seq > reader.head) reader.saw(seq);
    this.#members.push(member);
  }

  /** The next member writes; true where it was acknowledged. */
  async send(scheduledAt: number): Promise<boolean> {
    const member = this.#members[this.#next % this.#members.length];
    this.#next += 1;
    return member ? this.#sendAs(member.user, scheduledAt) : false;
  }

  /** As `send`, by one who stays. */
  async sendByHost(scheduledAt: number): Promise<boolean> {
    return this.#members[0] ? this.#sendAs(this.#members[0].user, scheduledAt) : false;
  }

  async #sendAs(user: User, scheduledAt: number): Promise<boolean> {
    const text = padded(`${scheduledAt.toFixed(3)} `, this.#crew.payload);
    const payload = { id: writeId(), roomId: this.#id!, text };
    const sent = await user.ask("send", scheduledAt, "room:send", payload);
    if (!sent) return false;
    this.#acknowledged = Math.max(this.#acknowledged, sent.seq);
    return true;
  }

  #deliver({ reader }: Member, { message }: Events["room:message"]): void {
    reader.saw(message.seq);
    const scheduledAt = Number.parseFloat(message.text ?? "");
    this.#crew.operations.done("deliver", scheduledAt, scheduledAt, now());
  }

  /** Comes back with a cursor after the line was lost; true once everything missed is there. */
  async resume(user: User, scheduledAt: number): Promise<boolean> {
    return this.#resume(
      user,
      () => user.connect(scheduledAt),
      (payload) => user.ask("resume", scheduledAt, "room:enter", payload),
    );
  }

  /** As `resume`, where it is connected again already. */
  async #back(user: User): Promise<boolean> {
    return this.#resume(
      user,
      async () => true,
      async (payload) => {
        const answer = await user.replyOnce("room:enter", payload);
        return answer.ok ? (answer.data as Data<"room:enter">) : null;
      },
    );
  }

  async #resume(
    user: User,
    connect: () => Promise<boolean>,
    enter: (payload: { roomId: RoomId; after: number }) => Promise<Data<"room:enter"> | null>,
  ): Promise<boolean> {
    const member = this.#members.find((each) => each.user === user);
    if (!member) return false;
    const { reader } = member;
    const early: Events["room:message"][] = [];
    let isCaughtUp = false;
    user.onEvent = (event, data) => {
      if (event !== "room:message") return;
      if (isCaughtUp) this.#deliver(member, data as Events["room:message"]);
      else early.push(data as Events["room:message"]);
    };
    if (!(await connect())) return false;
    for (;;) {
      const back = await enter({ roomId: this.#id!, after: reader.head });
      if (!back) return false;
      this.#catchUp(reader, back);
      if (reader.head >= back.room.head || back.messages.length === 0) break;
    }
    isCaughtUp = true;
    for (const event of early) if (event.message.seq > reader.head) this.#deliver(member, event);
    return true;
  }

  #catchUp(reader: StreamReader, back: Data<"room:enter">): void {
    const [first] = back.messages;
    // The server says that its backlog does not reach so far: that is no silent loss.
    if (!back.recovered) reader.skipTo(first ? first.seq - 1 : back.room.head);
    for (const { seq } of back.messages) reader.saw(seq);
  }

  /** Each member that is connected must have seen all that was acknowledged. */
  async settle(): Promise<void> {
    const present = this.#members.filter(({ user }) => user.isConnected);
    const isThere = (): boolean => present.every(({ reader }) => reader.head >= this.#acknowledged);
    await until(isThere, SETTLE_WITHIN_MS);
    for (const { reader } of present) reader.mustHaveSeen(this.#acknowledged);
  }

  #nameOf(user: User): string {
    return `${user.name} in room ${this.#id}`;
  }
}
