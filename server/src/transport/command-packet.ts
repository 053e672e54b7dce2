/*
 * Commands and their answers as Socket.IO writes them, version 5 of its protocol in version 4 of Engine.IO's: without
 * bytes and in the namespace `/`, as all of ours are but those with a photo. Source:
 * https://github.com/socketio/socket.io-protocol
 */

const MESSAGE_EVENT = "42";
const ACK = "3";
const ID_DIGITS_MAX = 15;

/** A command without its last part, the function that answers it. */
export interface CommandPacket {
  id: string;
  packet: unknown[];
}

/**
 * The command of a frame: `42`, an id, and an array that begins with a name. Null for anything else, also where it is
 * nearly one: what is to become of that Socket.IO says.
 */
export function commandIn(frame: string): CommandPacket | null {
  if (!frame.startsWith(MESSAGE_EVENT)) return null;
  const from = MESSAGE_EVENT.length;
  const bracket = frame.indexOf("[", from);
  if (bracket <= from || bracket - from > ID_DIGITS_MAX) return null;
  for (let at = from; at < bracket; at += 1) {
    const code = frame.charCodeAt(at);
    if (code < 48 || code > 57) return null;
  }
  let packet: unknown;
  try {
    packet = JSON.parse(frame.slice(bracket));
  } catch {
    return null;
  }
  if (!Array.isArray(packet) || typeof packet[0] !== "string" || !packet[0].includes(":"))
    return null;
  return { id: frame.slice(from, bracket), packet };
}

/** A packet of Socket.IO, which Engine.IO has yet to put into one of its own. Costs O(reply). */
export const answerPacket = (id: string, reply: object): string =>
  `${ACK}${id}[${JSON.stringify(reply)}]`;
