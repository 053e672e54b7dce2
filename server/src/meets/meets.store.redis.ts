import type { DrifterId, MeetEnd, MeetId, RoomId } from "@driftsea/protocol";
import { ContractError } from "../lib/errors.ts";
import type { NodeId } from "../presence/node-id.ts";
import { fieldsOf, list, oneOf, pair as two, text, whole } from "../redis/answers.ts";
import type { RedisConnection } from "../redis/connection.ts";
import { loadScript, rootKeys } from "../redis/scripts.ts";
import type { Script } from "../redis/scripts.ts";
import { meetsBase } from "./meets.keys.ts";
import type {
  Ending,
  FreshIds,
  MeetRules,
  MeetStore,
  Pair,
  Search,
  Standing,
} from "./meets.store.ts";

const script = (name: string, ...preludes: string[]): Script =>
  loadScript(import.meta.url, `lua/${name}.lua`, ["lua/meets.lua", ...preludes]);
const SEEK = script("seek-partner", "lua/pairing.lua");
const MATCH = script("match-waiting", "lua/pairing.lua");
const MADE = script("make-meet");
const TOLD = script("mark-told");
const END = script("end-meet");
const CANCEL = script("cancel-search");
const DROP = script("drop-drifter");
const ORPHAN = script("orphan-node");
const PART = script("part-two");
const ROOM_ENDED = script("end-room");
const ERASE = script("erase-drifter");
const SETTLED = script("settle-ending");
const CLAIM = script("claim-owed");
const READ = script("read-standing");

/** `MeetStore` on Redis; the contract is written there. */
export class RedisMeetStore implements MeetStore {
  readonly #redis: RedisConnection;
  readonly #keys: readonly [string, string];

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#keys = rootKeys(meetsBase(redis.prefix));
  }

  #run(s: Script, ...args: (string | number)[]): Promise<unknown> {
    return this.#redis.run(s, this.#keys, args);
  }

  async seek(
    drifter: DrifterId,
    search: Search,
    ids: FreshIds & { searchId: MeetId },
    rules: MeetRules,
  ): Promise<{ pair: Pair | null; ending: Ending | null }> {
    const json = JSON.stringify({ ...search, searchId: ids.searchId });
    const args = [...rulesOf(rules), drifter, json, ids.meetId, ids.roomId];
    const [pair, ending] = two(await this.#run(SEEK, ...args));
    return { pair: parsePair(pair), ending: parseEnding(ending) };
  }

  async match(
    ids: readonly FreshIds[],
    rules: MeetRules,
  ): Promise<{ pairs: Pair[]; endings: Ending[] }> {
    const fresh = ids.flatMap(({ meetId, roomId }) => [meetId, roomId]);
    return parseBoth(await this.#run(MATCH, ...rulesOf(rules), ...fresh));
  }

  async made(meetId: MeetId): Promise<boolean> {
    return (await this.#run(MADE, meetId)) === 1;
  }

  async told(meetId: MeetId): Promise<boolean> {
    return (await this.#run(TOLD, meetId)) === 1;
  }

  async end(by: DrifterId, meetId?: MeetId): Promise<Ending | null> {
    return parseEnding(await this.#run(END, by, meetId ?? ""));
  }

  async cancel(drifter: DrifterId, meetId?: MeetId): Promise<Ending | null> {
    return parseEnding(await this.#run(CANCEL, drifter, meetId ?? ""));
  }

  async drop(drifter: DrifterId, node: NodeId): Promise<Ending | null> {
    return parseEnding(await this.#run(DROP, drifter, node));
  }

  async orphan(node: NodeId): Promise<Ending[]> {
    return parseEndings(await this.#run(ORPHAN, node));
  }

  async part(by: DrifterId, other: DrifterId): Promise<Ending | null> {
    return parseEnding(await this.#run(PART, by, other));
  }

  async roomEnded(roomId: RoomId, reason: MeetEnd): Promise<Ending | null> {
    return parseEnding(await this.#run(ROOM_ENDED, roomId, reason));
  }

  async erase(drifter: DrifterId): Promise<Ending | null> {
    return parseEnding(await this.#run(ERASE, drifter));
  }

  async settled(meetId: MeetId): Promise<void> {
    await this.#run(SETTLED, meetId);
  }

  async unfinished(
    olderThanMs: number,
    limit: number,
  ): Promise<{ pairs: Pair[]; endings: Ending[] }> {
    return parseBoth(await this.#run(CLAIM, olderThanMs, limit));
  }

  async read(drifter: DrifterId): Promise<Standing> {
    const [since, row] = two(await this.#run(READ, drifter));
    const pair = parsePair(row);
    if (pair && since !== "") throw new ContractError("somebody waits and is paired");
    if (pair) return { state: "paired", pair };
    return since === "" ? { state: "idle" } : { state: "waiting", since: whole(since) };
  }
}

const rulesOf = ({ relaxMs, windowMs, waitMs }: MeetRules): number[] => [relaxMs, windowMs, waitMs];

function parsePair(row: unknown): Pair | null {
  const f = fieldsOf(row);
  if (f["meetId"] === undefined) return null;
  return {
    meetId: text(f["meetId"]) as MeetId,
    roomId: text(f["roomId"]) as RoomId,
    between: [text(f["a"]) as DrifterId, text(f["b"]) as DrifterId],
    shared: JSON.parse(text(f["shared"])) as string[],
    again: f["again"] === "1",
    at: whole(f["at"]),
    made: oneOf(f["stage"], ["new", "made", "told"]) !== "new",
  };
}

function parseEnding(row: unknown): Ending | null {
  const f = fieldsOf(row);
  if (f["meetId"] === undefined) return null;
  const untold = f["shared"];
  return {
    meetId: f["meetId"] as MeetId,
    roomId: f["roomId"] === "" ? null : (text(f["roomId"]) as RoomId),
    reason: oneOf(f["reason"], ["left", "expired", "nobody"]),
    tell: text(f["tell"]).split(" ").filter(Boolean) as DrifterId[],
    untold:
      untold === undefined
        ? null
        : { shared: JSON.parse(untold) as string[], again: f["again"] === "1" },
  };
}

function parseEndings(rows: unknown): Ending[] {
  return list(rows).flatMap((row) => parseEnding(row) ?? []);
}

function parseBoth(answer: unknown): { pairs: Pair[]; endings: Ending[] } {
  const [pairs, endings] = two(answer);
  return {
    pairs: list(pairs).flatMap((row) => parsePair(row) ?? []),
    endings: parseEndings(endings),
  };
}
