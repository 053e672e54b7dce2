import { list, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript } from "../redis/scripts.ts";
import { friendsKey, inviteKey, linksKey, personKey } from "./circles.keys.ts";
import { ACTIVE_SLOT_MS, ENDED_KEPT_EPOCHS, PERSON_LIFE_MS, SPANS_KEPT } from "./circles.store.ts";
import type { CircleId } from "@driftsea/protocol";
import type { CircleStore, CodeHash, Friend, PendingLink, Person, Taken } from "./circles.store.ts";

const TOUCH = loadScript(import.meta.url, "lua/touch-person.lua");
const INVITE = loadScript(import.meta.url, "lua/make-invite.lua");
const TAKE = loadScript(import.meta.url, "lua/take-invite.lua");
const RETURN = loadScript(import.meta.url, "lua/return-invite.lua");
const ADD = loadScript(import.meta.url, "lua/add-friend.lua");
const END = loadScript(import.meta.url, "lua/end-friends.lua");

/** `CircleStore` on Redis; the contract is written there. */
export class RedisCircleStore implements CircleStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async touch(me: CircleId, bornSlotMs: number): Promise<void> {
    const { prefix } = this.#redis;
    const keys = [personKey(prefix, me), friendsKey(prefix, me)];
    await this.#redis.run(TOUCH, keys, [PERSON_LIFE_MS, ACTIVE_SLOT_MS, bornSlotMs]);
  }

  async invite(
    me: CircleId,
    codeHash: CodeHash,
    { uses, ttlMs }: { uses: number; ttlMs: number },
  ): Promise<void> {
    const key = inviteKey(this.#redis.prefix, codeHash);
    await this.#redis.run(INVITE, [key], [me, uses, ttlMs]);
  }

  async take(codeHash: CodeHash, by: CircleId): Promise<Taken | null> {
    const key = inviteKey(this.#redis.prefix, codeHash);
    const [friend, again] = list(await this.#redis.run(TAKE, [key], [by]));
    return friend === undefined ? null : { friend: text(friend) as CircleId, isAgain: again === 1 };
  }

  async giveBack(codeHash: CodeHash, by: CircleId): Promise<void> {
    await this.#redis.run(RETURN, [inviteKey(this.#redis.prefix, codeHash)], [by]);
  }

  async link(link: PendingLink, most: number): Promise<boolean> {
    const { from, to, codeHash, epoch } = link;
    const links = linksKey(this.#redis.prefix);
    const name = [from, to, codeHash, epoch].join("|");
    await this.#redis.command("ZADD", links, "NX", this.#redis.clock.now(), name);
    await this.#redis.command("PEXPIRE", links, PERSON_LIFE_MS);
    const isAdded =
      (await this.#add(from, to, link, most)) && (await this.#add(to, from, link, most));
    // One side of an edge is no friendship: it is taken back.
    if (!isAdded) await this.#end(from, epoch, "undo", to);
    await this.#redis.command("ZREM", links, name);
    return isAdded;
  }

  async #add(me: CircleId, friend: CircleId, link: PendingLink, most: number): Promise<boolean> {
    const kept = [PERSON_LIFE_MS, ENDED_KEPT_EPOCHS, SPANS_KEPT];
    const args = [friend, link.epoch, link.codeHash, most, ...kept];
    return (await this.#redis.run(ADD, [friendsKey(this.#redis.prefix, me)], args)) === 1;
  }

  async #end(me: CircleId, epoch: number, which: string, what: string): Promise<CircleId[]> {
    const key = friendsKey(this.#redis.prefix, me);
    return list(await this.#redis.run(END, [key], [epoch, which, what])).map(
      (id) => text(id) as CircleId,
    );
  }

  async friends(me: CircleId): Promise<number> {
    const [person] = await this.people([me]);
    return person!.friends.filter(({ until }) => until === Infinity).length;
  }

  async part(me: CircleId, codeHash: CodeHash | null, epoch: number): Promise<void> {
    const which = codeHash === null ? "all" : "invite";
    // Those who have ended are named again: asked once more, it ends what was left half done.
    const parted = await this.#end(me, epoch, which, codeHash ?? "");
    await Promise.all(parted.map((friend) => this.#end(friend, epoch, "friend", me)));
  }

  async activity(ids: readonly CircleId[]): Promise<number[]> {
    const { prefix } = this.#redis;
    const all = ids.map((id) => this.#redis.command("HGET", personKey(prefix, id), "activeAt"));
    return (await Promise.all(all)).map((at) => whole(at ?? 0));
  }

  async people(ids: readonly CircleId[]): Promise<Person[]> {
    return Promise.all(
      ids.map(async (id) => {
        const [person, friends] = await Promise.all([
          this.#redis.command("HMGET", personKey(this.#redis.prefix, id), "bornAt", "activeAt"),
          this.#redis.command("HGETALL", friendsKey(this.#redis.prefix, id)),
        ]);
        const [bornAt, activeAt] = list(person);
        return {
          bornAt: whole(bornAt ?? 0),
          activeAt: whole(activeAt ?? 0),
          friends: parseFriends(list(friends)),
        };
      }),
    );
  }

  async unfinished(before: number, limit: number): Promise<PendingLink[]> {
    const links = linksKey(this.#redis.prefix);
    const names = list(
      await this.#redis.command("ZRANGEBYSCORE", links, "-inf", before, "LIMIT", 0, limit),
    );
    return names.map((name) => {
      const [from, to, codeHash, epoch] = text(name).split("|");
      return {
        from: from as CircleId,
        to: to as CircleId,
        codeHash: codeHash!,
        epoch: whole(epoch),
      };
    });
  }

  async erase(me: CircleId): Promise<void> {
    const { prefix } = this.#redis;
    const [person] = await this.people([me]);
    // A link that was left half done would tie him anew.
    for (const name of list(await this.#redis.command("ZRANGE", linksKey(prefix), 0, -1))) {
      const [from, to] = text(name).split("|");
      if (from === me || to === me) await this.#redis.command("ZREM", linksKey(prefix), text(name));
    }
    await Promise.all(
      person!.friends.map(({ id }) => this.#redis.command("HDEL", friendsKey(prefix, id), me)),
    );
    await this.#redis.command("DEL", friendsKey(prefix, me), personKey(prefix, me));
  }
}

function parseFriends(flat: unknown[]): Friend[] {
  const friends: Friend[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    for (const span of text(flat[i + 1]).split(";")) {
      const [from, until] = span.split("|");
      friends.push({
        id: text(flat[i]) as CircleId,
        from: whole(from),
        until: until === "" ? Infinity : whole(until),
      });
    }
  }
  return friends;
}
