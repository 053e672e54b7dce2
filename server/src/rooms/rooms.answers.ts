import type { DrifterId, Persona, RoomAccess, RoomId, RoomLifetime } from "@driftsea/protocol";
import { ContractError } from "../lib/errors.ts";
import { fieldsOf, list, oneOf, text, whole } from "../redis/answers.ts";
import type { Left, RoomEffect, StoredRoom, StoredRoomMessage } from "./rooms.store.ts";

/* What the scripts of a room answer, as values. */

export const parsePersona = (json: unknown): Persona => JSON.parse(text(json)) as Persona;

export const parseMessage = (json: unknown): StoredRoomMessage =>
  JSON.parse(text(json)) as StoredRoomMessage;

export function parseRoom(id: RoomId, row: unknown): StoredRoom {
  const f = fieldsOf(row);
  const kind = oneOf(f["kind"], ["fixed", "idle", "presence"]) satisfies RoomLifetime["kind"];
  return {
    id,
    creator: f["creator"] === undefined ? null : (f["creator"] as DrifterId),
    ...(f["title"] === undefined ? {} : { title: f["title"] }),
    access: oneOf(f["access"], ["listed", "link"]) satisfies RoomAccess,
    lifetime: { kind, ms: whole(f["ms"]) },
    deadlineAt: whole(f["deadlineAt"]),
    members: whole(f["members"]),
    capacity: whole(f["capacity"]),
    encrypted: f["encrypted"] === "1",
    epoch: whole(f["epoch"]),
    head: whole(f["head"]),
    locked: f["locked"] === "1",
    ...(f["motd"] === undefined ? {} : { motd: f["motd"] }),
    slowModeMs: whole(f["slowModeMs"]),
    links: f["links"] === "1",
  };
}

export function parseLeft([mask, members, deadlineAt, creator]: unknown[]): Left {
  return {
    persona: parsePersona(mask),
    members: whole(members),
    deadlineAt: whole(deadlineAt),
    hasHost: creator !== "",
  };
}

export function parseEffect(row: unknown): RoomEffect {
  const [kind, what, more, who] = list(row);
  switch (kind) {
    case "closing":
      return { kind };
    case "left":
      return {
        kind,
        drifter: text(who) as DrifterId,
        persona: parsePersona(what),
        members: whole(more),
      };
    case "missing":
      return { kind, drifter: text(what) as DrifterId };
    case "message-gone":
      return { kind, seq: whole(what) };
    default:
      throw new ContractError("a look at a room found something unknown");
  }
}
