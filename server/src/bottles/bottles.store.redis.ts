import type { BottleId, BottleKind, DrifterId, Persona, SeaId, ThreadId } from "@driftsea/protocol";
import { WRITE_RECORD_MS } from "../lib/write-record.ts";
import { fieldsOf, list, oneOf, pair, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript, rootKeys } from "../redis/scripts.ts";
import type { NodeId } from "../presence/node-id.ts";
import { stateOf } from "./bottle-state.ts";
import { bottleSuffix, outboxKey, seaRoot, seenSuffix, usedKey } from "./bottles.keys.ts";
import { KEEP_MS } from "./bottles.store.ts";
import type {
  BottleStore,
  CatchRequest,
  Changed,
  Lease,
  Level,
  NewBottle,
  OutboxEntry,
  StoredBottle,
} from "./bottles.store.ts";

const script = (name: string) => loadScript(import.meta.url, `lua/${name}.lua`, ["lua/sea.lua"]);
const THROW = script("throw-bottle");
const CATCH = script("catch-bottle");
const HOLD = script("hold-bottle");
const ANSWER = script("answer-bottle");
const RELEASE = script("release-bottle");
const RECALL = script("recall-bottle");
const HIDE = script("hide-bottle");
const MUTE = script("mute-bottle");
const SET_HOLDER = script("set-holder");
const ORPHAN = script("orphan-leases");
const SWEEP = script("sweep-sea");
const LIST = script("list-bottles");
const ERASE = script("erase-drifter");
const READ = script("read-sea");
const COUNT = script("count-afloat");
const USE = loadScript(import.meta.url, "lua/use-sea.lua");

/** Leases of a process that has died that one script takes, so that it does not run for long. */
const ORPHANS_AT_ONCE = 200;

/** `BottleStore` on Redis; the contract is written there. One script for each change. */
export class RedisBottleStore implements BottleStore {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  #root(sea: SeaId): string {
    return seaRoot(this.#redis.prefix, sea);
  }

  async #run(s: typeof THROW, sea: SeaId, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(s, rootKeys(this.#root(sea)), args);
  }

  async throw(sea: SeaId, b: NewBottle, silenceMs = 0): Promise<"new" | "again"> {
    const answer = await this.#run(
      THROW,
      sea,
      b.id,
      b.owner,
      b.text,
      b.kind,
      b.mood ?? "",
      b.lifeMs,
      b.finders,
      b.sealedUntilAt ?? 0,
      KEEP_MS,
      silenceMs,
    );
    return oneOf(answer, ["new", "again"] as const);
  }

  async catch(
    sea: SeaId,
    r: CatchRequest,
  ): Promise<Changed<{ bottle: StoredBottle; lease: Lease } | null>> {
    const args = [
      r.catcher,
      r.node,
      r.leaseMs,
      r.leaseMaxMs,
      JSON.stringify(r.persona),
      KEEP_MS,
      r.blocked.length,
      ...r.blocked,
      ...r.draws.map((u) => u.toPrecision(17)),
    ];
    const [caught, outbox] = pair(await this.#run(CATCH, sea, ...args));
    const [id, endsAt, fence] = list(caught);
    if (id === undefined) return { result: null, outbox: entries(outbox) };
    const bottle = await this.read(sea, text(id) as BottleId);
    // Between the lease and this read its thrower may have recalled or erased it, or a report hidden it.
    const result =
      bottle === null || bottle.state === "recalled" || bottle.state === "hidden"
        ? null
        : { bottle, lease: { endsAt: Number(endsAt), fence: Number(fence), persona: r.persona } };
    return { result, outbox: entries(outbox) };
  }

  async hold(
    sea: SeaId,
    id: BottleId,
    holder: DrifterId,
    o: { leaseMs: number; node: NodeId; graceMs: number },
  ): Promise<number | null> {
    const answer = await this.#run(HOLD, sea, id, holder, o.leaseMs, o.node, o.graceMs);
    return answer === "gone" ? null : whole(answer);
  }

  async answer(
    sea: SeaId,
    id: BottleId,
    holder: DrifterId,
    a: Parameters<BottleStore["answer"]>[3],
  ): Promise<{ threadId: ThreadId; entry: OutboxEntry | null } | null> {
    const [code, threadId, entry] = list(
      await this.#run(
        ANSWER,
        sea,
        id,
        holder,
        a.writeId,
        a.threadId,
        JSON.stringify(a.persona),
        a.text,
        WRITE_RECORD_MS,
      ),
    );
    if (oneOf(code, ["gone", "answered", "again"]) === "gone") return null;
    return {
      threadId: text(threadId) as ThreadId,
      entry: entry === "" ? null : parseEntry(text(entry)),
    };
  }

  async release(sea: SeaId, id: BottleId, holder: DrifterId): Promise<Changed<boolean>> {
    return changed(await this.#run(RELEASE, sea, id, holder), "released");
  }

  async recall(sea: SeaId, id: BottleId, thrower: DrifterId | null): Promise<Changed<boolean>> {
    return changed(await this.#run(RECALL, sea, id, thrower ?? ""), "recalled");
  }

  async hide(sea: SeaId, id: BottleId, hidden: boolean): Promise<Changed<boolean>> {
    return changed(await this.#run(HIDE, sea, id, hidden ? "1" : "0"), "done");
  }

  async mute(sea: SeaId, id: BottleId, thrower: DrifterId, muted: boolean): Promise<boolean> {
    const answer = await this.#run(MUTE, sea, id, thrower, muted ? "1" : "0");
    return oneOf(answer, ["done", "gone"]) === "done";
  }

  async list(sea: SeaId, drifter: DrifterId): ReturnType<BottleStore["list"]> {
    const [own, held] = pair(await this.#run(LIST, sea, drifter));
    return {
      own: list(own).map((row) => decodeBottle(fieldsOf(row), sea)),
      held: list(held).map((row) => {
        const fields = fieldsOf(row);
        const lease = JSON.parse(fields["lease"] ?? "") as {
          at: number;
          fence: number;
          persona: string;
        };
        const persona = JSON.parse(lease.persona) as Persona;
        return {
          bottle: decodeBottle(fields, sea),
          lease: { endsAt: lease.at, fence: lease.fence, persona },
        };
      }),
    };
  }

  async read(sea: SeaId, id: BottleId): Promise<StoredBottle | null> {
    const flat = list(await this.#run(READ, sea, "HGETALL", bottleSuffix(id)));
    return flat.length === 0 ? null : decodeBottle({ ...fieldsOf(flat), id }, sea);
  }

  async hasSeen(sea: SeaId, id: BottleId, drifter: DrifterId): Promise<boolean> {
    return (await this.#run(READ, sea, "ZSCORE", seenSuffix(drifter), id)) !== null;
  }

  async use(sea: SeaId, until: number): Promise<void> {
    await this.#redis.run(USE, [usedKey(this.#redis.prefix)], [sea, until]);
  }

  async used(): Promise<SeaId[]> {
    const { prefix, clock } = this.#redis;
    const seas = await this.#redis.command("ZRANGEBYSCORE", usedKey(prefix), clock.now(), "+inf");
    return list(seas).map((sea) => text(sea) as SeaId);
  }

  async locate(seas: readonly SeaId[], id: BottleId): Promise<SeaId | null> {
    const found = await Promise.all(
      seas.map((sea) => this.#run(READ, sea, "EXISTS", bottleSuffix(id))),
    );
    return seas[found.indexOf(1)] ?? null;
  }

  async levels(seas: readonly SeaId[]): Promise<Level[]> {
    return Promise.all(
      seas.map(async (sea) => {
        const [afloat, silences, silentAt] = list(await this.#run(COUNT, sea));
        return {
          afloat: whole(afloat),
          silences: whole(silences),
          silentAt: silentAt === "" ? null : whole(silentAt),
        };
      }),
    );
  }

  async setHolder(
    sea: SeaId,
    drifter: DrifterId,
    { node, isHere }: { node: NodeId; isHere: boolean },
    graceMs: number,
  ): Promise<void> {
    await this.#run(SET_HOLDER, sea, drifter, node, isHere ? "1" : "0", graceMs);
  }

  async orphan(
    sea: SeaId,
    node: NodeId,
    lastBeatAt: number,
    graceMs: number,
  ): Promise<{ drifters: DrifterId[]; isMore: boolean }> {
    const args = [node, Math.round(lastBeatAt), graceMs, ORPHANS_AT_ONCE];
    const [more, ...touched] = list(await this.#run(ORPHAN, sea, ...args));
    const drifters = [...new Set(touched.map((one) => text(one) as DrifterId))];
    return { drifters, isMore: whole(more) === 1 };
  }

  async sweep(sea: SeaId, limit: number): Promise<Changed<number>> {
    const [done, outbox] = pair(await this.#run(SWEEP, sea, limit));
    return { result: whole(done), outbox: entries(outbox) };
  }

  async outbox(sea: SeaId): Promise<OutboxEntry[]> {
    return entries(await this.#redis.command("HVALS", outboxKey(this.#root(sea))));
  }

  async settled(sea: SeaId, key: string): Promise<void> {
    await this.#redis.command("HDEL", outboxKey(this.#root(sea)), key);
  }

  async erase(sea: SeaId, drifter: DrifterId): Promise<Changed<number>> {
    const [count, outbox] = pair(await this.#run(ERASE, sea, drifter));
    return { result: whole(count), outbox: entries(outbox) };
  }
}

function changed(value: unknown, yes: string): Changed<boolean> {
  const [code, outbox] = pair(value);
  return { result: oneOf(code, [yes, "gone"]) === yes, outbox: entries(outbox) };
}

function entries(value: unknown): OutboxEntry[] {
  // An empty Lua table is an empty list on the way out.
  return list(value).map((json) => parseEntry(text(json)));
}

function parseEntry(json: string): OutboxEntry {
  const entry = JSON.parse(json) as Record<string, unknown>;
  for (const mask of ["throwerPersona", "finderPersona"]) {
    if (typeof entry[mask] === "string") entry[mask] = JSON.parse(entry[mask]);
  }
  const bottle = entry["bottle"] as { mood?: string } | undefined;
  if (bottle?.mood === "") delete bottle.mood;
  return entry as unknown as OutboxEntry;
}

function decodeBottle(f: Record<string, string>, sea: SeaId): StoredBottle {
  const sealedUntilAt = Number(f["sealedUntilAt"] ?? 0);
  return {
    id: text(f["id"]) as BottleId,
    owner: text(f["owner"]) as DrifterId,
    text: f["text"] ?? "",
    kind: text(f["kind"]) as BottleKind,
    ...(f["mood"] ? { mood: f["mood"] } : {}),
    sea,
    state: stateOf(text(f["state"]), Number(f["free"]), Number(f["held"])),
    hands: whole(f["hands"]),
    thrownBack: whole(f["thrownBack"]),
    thrownAt: whole(f["thrownAt"]),
    expiresAt: whole(f["expiresAt"]),
    ...(sealedUntilAt > 0 ? { sealedUntilAt } : {}),
    muted: f["muted"] === "1",
    threadIds: (f["threads"] ? f["threads"].split(",") : []) as ThreadId[],
  };
}
