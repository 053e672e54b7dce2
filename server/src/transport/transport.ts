import type { Logger } from "pino";
import type { Server } from "socket.io";

/** What is known of a stranger who asks for a WebSocket, before anything is allocated for him. */
export interface Upgrade {
  /** `Origin`, as it was sent. */
  origin: string | undefined;
  /** `Host`, as it was sent. */
  host: string | undefined;
  /** Address of the other end of the TCP connection. Never stored, never logged (M7). */
  address: string;
  /** `X-Forwarded-For`, as it was sent; to be believed only behind a trusted proxy. */
  forwardedFor: string | undefined;
}

/** The answer to an upgrade: in, with what is to be undone at its end, or out with an HTTP status. */
export type Admission =
  { admitted: true; release: () => void } | { admitted: false; status: 403 | 429 | 503 };

export interface HttpRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** Value of a header (lower-case name), or undefined. */
  header: (name: string) => string | undefined;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body?: Uint8Array | string;
}

/** A request with a body, which was small enough and came in time. */
export interface PostRequest extends HttpRequest {
  /** Address of the other end of the TCP connection. Never stored, never logged (M7). */
  address: string;
  body: Buffer;
}

/** Where POST is taken, and how much of it. Everywhere else it is 405. */
export interface Posts {
  /** Beginning of the paths, with a slash at its end. */
  below: string;
  maxBytes: number;
  /** After this a body that is not whole is cut, in ms. */
  withinMs: number;
  handle: (request: PostRequest) => Promise<HttpResponse>;
}

/** What one connection may send before it is closed: token buckets, checked before parsing. */
export interface MeterLimits {
  packets: { burst: number; perSecond: number };
  bytes: { burst: number; perSecond: number };
}

export interface TransportOptions {
  /** `auto` takes uWebSockets.js where it loads, else Node's http with one line of warning. */
  kind: "auto" | "uws" | "node";
  host: string;
  /** 0 for any free port. */
  port: number;
  logger: Logger;
  /**
   * Decides on an upgrade, synchronously and from memory: while an asynchronous check runs, a
   * client on uWebSockets.js can hang up, and the answer to it would end the process.
   */
  admit: (upgrade: Upgrade) => Admission;
  /** Answers every plain HTTP request; HEAD is GET without the body. */
  handle: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
  /** Without it nothing takes POST. */
  posts?: Posts;
  /** Null for none. */
  meter: MeterLimits | null;
  /** A connection was closed for sending too much. */
  onMetered: () => void;
}

/** Socket.IO over WebSocket alone, on one of two engines that behave alike. */
export interface Transport {
  readonly kind: "uws" | "node";
  readonly port: number;
  readonly io: Server;
  /** No new connections; those that are there stay. */
  stopListening: () => void;
  /** Closes what is open. Resolves when nothing of it keeps the process alive. */
  close: () => Promise<void>;
}
