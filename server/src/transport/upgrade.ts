import { SocketAddress } from "node:net";
import { nanoid } from "nanoid";
import type { Admission, TransportOptions, Upgrade } from "./transport.ts";

/** The one path that is upgraded. */
export const SOCKET_PATH = "/socket.io/";

/** A header `Connection` with this token, as RFC 6455 asks for (4.2.1). */
const UPGRADES = /(^|,)\s*upgrade\s*(,|$)/i;

export type Refused = { admitted: false; status: 400 | 403 | 429 | 503 };

/** The headers that an upgrade is judged by, and the rest of what is known of it. */
export interface UpgradeRequest {
  /** What follows `?`, or an empty string. */
  query: string;
  header: (name: string) => string | undefined;
  address: string;
}

/**
 * Whether a query asks for a new WebSocket of Engine.IO 4 and nothing else. Another transport, the
 * id of a session, or a parameter given twice lead into engine.io's code for polling and for
 * changing the transport, which has no place here and can be brought to throw. Parameters of
 * other names are let be; nothing reads them.
 */
export function asksForNewSocket(query: string): boolean {
  const seen = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (seen.has(name)) return false;
    seen.set(name, value);
  }
  return (
    seen.get("EIO") === "4" &&
    seen.get("transport") === "websocket" &&
    !seen.has("sid") &&
    !seen.has("b64") &&
    !seen.has("j")
  );
}

/** One spelling for an address: IPv4 in dots (mapped into IPv6 or not), IPv6 compressed. */
export function canonicalAddress(text: string): string {
  if (!text.includes(":")) return text;
  let address: string;
  try {
    ({ address } = new SocketAddress({ address: text, family: "ipv6" }));
  } catch {
    return text;
  }
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

/**
 * Judges an upgrade, synchronously: first its form, then `options.admit`. An `admit` that throws
 * lets nobody in.
 */
export function judgeUpgrade(
  request: UpgradeRequest,
  options: Pick<TransportOptions, "admit" | "logger">,
): Extract<Admission, { admitted: true }> | Refused {
  if (
    request.header("upgrade")?.toLowerCase() !== "websocket" ||
    !UPGRADES.test(request.header("connection") ?? "") ||
    request.header("sec-websocket-version") !== "13" ||
    !asksForNewSocket(request.query)
  ) {
    return { admitted: false, status: 400 };
  }
  const upgrade: Upgrade = {
    origin: request.header("origin"),
    host: request.header("host"),
    address: canonicalAddress(request.address),
    forwardedFor: request.header("x-forwarded-for"),
  };
  try {
    return options.admit(upgrade);
  } catch (error) {
    options.logger.error({ err: error, correlationId: nanoid() }, "the check of an upgrade threw");
    return { admitted: false, status: 503 };
  }
}
