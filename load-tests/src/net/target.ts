import { isIP } from "node:net";

/**
 * Connections from one address to one port: the kernel has some 28 000 ports for them
 * (net.ipv4.ip_local_port_range), of which others have some.
 */
export const PER_ADDRESS = 20_000;
/** 127.0.0.2 to 127.0.0.250 are as good as 127.0.0.1. */
const ADDRESSES = 249;

/** Whether a URL's host can only be this machine. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** The address from which the connection of this number is made; undefined: any. */
export function sourceOf(url: URL, number: number): string | undefined {
  const block = Math.floor(number / PER_ADDRESS);
  if (block === 0 || !isLoopback(url) || url.hostname.includes(":")) return undefined;
  return `127.0.0.${2 + ((block - 1) % ADDRESSES)}`;
}

/** Where the server's Socket.IO listens, for a page's URL. */
export function socketUrl(url: URL): URL {
  return new URL("/socket.io/?EIO=4&transport=websocket", url);
}
