import type { Handlers } from "../transport/handlers.ts";

type RoomCommand =
  | "room:create"
  | "room:list"
  | "room:enter"
  | "room:send"
  | "room:seen"
  | "room:type"
  | "room:leave"
  | "room:invite"
  | "room:lock"
  | "room:kick"
  | "room:admit"
  | "room:motd"
  | "room:destroy";

export const roomHandlers: Handlers<RoomCommand> = {
  "room:create": ({ rooms }, { drifter }, payload) => rooms.create(drifter, payload),
  "room:list": async ({ rooms }) => ({ rooms: await rooms.list() }),
  "room:enter": ({ rooms }, context, payload) => rooms.enter(context, payload),
  "room:send": ({ rooms }, context, payload) => rooms.send(context, payload),
  "room:seen": ({ rooms }, { drifter }, { roomId, seq }) => rooms.seen(drifter, roomId, seq),
  "room:type": async ({ rooms }, context, { roomId, typing }) => {
    await rooms.type(context, roomId, typing);
    return {};
  },
  "room:leave": async ({ rooms }, { drifter }, { roomId }) => {
    await rooms.leave(drifter, roomId);
    return {};
  },
  "room:invite": async ({ rooms }, _context, payload) => ({ invite: await rooms.invite(payload) }),
  "room:lock": async ({ rooms }, _context, { roomId, ownerKey, locked }) => {
    await rooms.lock(roomId, ownerKey, locked);
    return {};
  },
  "room:kick": async ({ rooms }, _context, { roomId, ownerKey, personaId }) => {
    await rooms.kick(roomId, ownerKey, personaId);
    return {};
  },
  "room:admit": async ({ rooms }, _context, { roomId, ownerKey, personaId }) => {
    await rooms.admit(roomId, ownerKey, personaId);
    return {};
  },
  "room:motd": async ({ rooms }, _context, { roomId, ownerKey, text }) => {
    await rooms.motd(roomId, ownerKey, text);
    return {};
  },
  "room:destroy": async ({ rooms }, _context, { roomId, ownerKey }) => {
    await rooms.destroy(roomId, ownerKey);
    return {};
  },
};
