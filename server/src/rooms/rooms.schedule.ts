import { expect } from "chai";
import type { DrifterId, Persona, PersonaId, RoomId, WriteId } from "@driftsea/protocol";
import type { TimedStore } from "../../test/harness/each-store.ts";
import { below, seededRandom } from "../lib/random.ts";
import type { RoomAppend, RoomStore, Rule } from "./rooms.store.ts";

const DRIFTERS = ["ann", "bo", "eve", "dan", "kim"] as DrifterId[];
const NODES = ["n1", "n2"];
const OWNER = "owner";
const BACKLOG = 8;

/**
 * Random commands on some rooms, and what the store answered to each: two stores that keep
 * the contract answer the same. What must hold in any store is checked on the way.
 */
export async function runRoomSchedule(
  { store, advance, now }: TimedStore<RoomStore>,
  seed: string,
  steps: number,
): Promise<unknown[]> {
  const rng = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[below(rng, items.length)]!;
  const rooms: RoomId[] = [];
  const masks: PersonaId[] = ["nobody's" as PersonaId];
  const removed = new Set<string>();
  const lines: unknown[] = [];
  let made = 0;

  const newMask = (): Persona => {
    made += 1;
    masks.push(`mask ${made}` as PersonaId);
    return { id: `mask ${made}` as PersonaId, name: 1, hue: 2, creature: 3 };
  };
  const create = (): Promise<unknown> => {
    const id = `room ${rooms.length}` as RoomId;
    rooms.push(id);
    const kind = pick(["fixed", "idle", "presence"] as const);
    return store.create({
      id,
      creator: pick([...DRIFTERS, null]),
      ownerHash: OWNER,
      access: pick(["listed", "link"]),
      lifetime: { kind, ms: pick([20_000, 70_000, 300_000]) },
      capMs: 400_000,
      capacity: pick([2, 3, 5]),
      encrypted: rng.uniform() < 0.3,
      slowModeMs: pick([0, 0, 3000]),
      links: rng.uniform() < 0.7,
      invited: rng.uniform() < 0.2,
      admitted: rng.uniform() < 0.5 ? [pick(DRIFTERS)] : [],
    });
  };
  const append = (id: RoomId): Promise<unknown> => {
    const kind = pick(["text", "text", "sealed", "photo"] as const);
    const name = `w${below(rng, 40)}`;
    const message: RoomAppend = {
      writeId: name as WriteId,
      body:
        kind === "text"
          ? { text: `said ${name} "漂" \\ 🌊\n` }
          : kind === "sealed"
            ? { sealed: `sealed ${name}` }
            : { photoId: `photo ${name} ${lines.length}` },
      ...(kind === "photo" ? { photo: new Uint8Array([1, lines.length % 256]) } : {}),
      ...(rng.uniform() < 0.3 ? { timer: pick([{ afterMs: 5000 }, { once: true }]) } : {}),
      ...(rng.uniform() < 0.2 ? { re: 1 } : {}),
      ...(rng.uniform() < 0.2 ? { epoch: below(rng, 2), seq: 1 + below(rng, 6) } : {}),
      hasLink: rng.uniform() < 0.2,
    };
    return store.append(id, pick(DRIFTERS), message, BACKLOG);
  };
  const rule = async (id: RoomId): Promise<unknown> => {
    const persona = pick(masks);
    const one: Rule = pick<Rule>([
      { op: "look", persona },
      { op: "lock", locked: rng.uniform() < 0.5 },
      { op: "motd", text: pick(["", "be kind"]) },
      { op: "admit", persona },
      { op: "kick", persona },
      { op: "kick", persona },
      ...(rng.uniform() < 0.1 ? [{ op: "destroy" } as const] : []),
    ]);
    const ruled = await store.rule(id, rng.uniform() < 0.9 ? OWNER : "another's", one);
    if (ruled.code === "done" && ruled.whom) {
      if (one.op === "kick") removed.add(`${id} ${ruled.whom.drifter}`);
      if (one.op === "admit") removed.delete(`${id} ${ruled.whom.drifter}`);
    }
    return ruled;
  };
  const look = async (): Promise<unknown> => {
    const due = (await store.claimDue(50, 1000)).sort();
    const told: unknown[] = [];
    for (const id of due) {
      const tended = await store.tend(id);
      told.push([id, tended]);
      // Now and then a process dies before it has told it.
      if (rng.uniform() < 0.8) await store.told(id);
      const nextAt = tended.code === "alive" ? tended.nextAt : null;
      await store.tended([{ id, nextAt }]);
    }
    return told;
  };
  const enter = async (id: RoomId): Promise<unknown> => {
    const drifter = pick(DRIFTERS);
    const invite = rng.uniform() < 0.4 ? { inviteHash: `i${below(rng, 3)}` } : {};
    const who = { drifter, node: pick(NODES), mask: newMask(), ...invite };
    const entered = await store.enter(id, who);
    if (entered.code === "in") {
      expect(entered.room.members, seed).to.be.at.most(entered.room.capacity);
      expect(entered.room.deadlineAt, seed).to.be.greaterThan(now());
      expect(removed.has(`${id} ${drifter}`), `${seed}: ${drifter} was removed`).to.equal(false);
    }
    return entered;
  };
  const read = async (id: RoomId): Promise<unknown> => {
    const [room, log] = [
      await store.read(id),
      await store.messages(id, pick(DRIFTERS), pick([0, 3, null]), 100_000),
    ];
    const seqs = log.map(({ seq }) => seq);
    const first = (room?.head ?? 0) - seqs.length + 1;
    expect(seqs, seed).to.deep.equal(seqs.map((_, i) => first + i));
    expect(seqs.at(-1) ?? room?.head ?? 0, seed).to.equal(room?.head ?? 0);
    return [room, log, await store.members(id, 10), await store.knocks(id)];
  };

  await create();
  for (let step = 0; step < steps; step += 1) {
    const id = pick(rooms);
    const drifter = pick(DRIFTERS);
    const seq = 1 + below(rng, 12);
    const commands: readonly [weight: number, name: string, run: () => Promise<unknown>][] = [
      [3, "create", create],
      [16, "enter", () => enter(id)],
      [16, "append", () => append(id)],
      [5, "leave", () => store.leave(id, drifter)],
      [5, "away", () => store.away(id, drifter, pick(NODES), 10_000)],
      [1, "orphan", () => store.orphan(pick(NODES), now() - 2000, 10_000)],
      [8, "see", () => store.see(id, drifter, seq)],
      [8, "rule", () => rule(id)],
      [
        3,
        "invite",
        () =>
          store.invite(id, OWNER, {
            hash: `i${below(rng, 3)}`,
            uses: 1 + below(rng, 2),
            ttlMs: 60_000,
          }),
      ],
      [6, "read", () => read(id)],
      [3, "written", () => store.written(id, drifter, seq)],
      [2, "inside", () => store.areIn(id, DRIFTERS)],
      [
        6,
        "veil",
        () => store.veil(id, seq, pick(["look", "hide", "hide", "restore", "remove"] as const)),
      ],
      [2, "standing", () => store.standing(id, drifter)],
      [2, "other", () => store.otherOfTwo(id, drifter)],
      [2, "listed", () => store.listed(50)],
      [1, "erase", () => store.erase(id, drifter)],
      [8, "look", look],
      [10, "time", () => advance(pick([1, 900, 4000, 9000, 25_000, 61_000]))],
    ];
    let roll = below(
      rng,
      commands.reduce((sum, [weight]) => sum + weight, 0),
    );
    const [, name, run] = commands.find(([weight]) => (roll -= weight) < 0)!;
    lines.push([name, id, await run()]);
  }
  return lines;
}
