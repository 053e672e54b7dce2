import { STATUS_CODES } from "node:http";
import { nanoid } from "nanoid";
import { securityHeaders } from "./security-headers.ts";
import type {
  HttpRequest,
  HttpResponse,
  PostRequest,
  Posts,
  TransportOptions,
} from "./transport.ts";

const TEXT = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

/** An answer that says its status in words, without the headers that all answers get. */
export function plainAnswer(status: number, headers: Record<string, string> = {}): HttpResponse {
  return {
    status,
    headers: { ...TEXT, ...headers },
    body: `${STATUS_CODES[status] ?? "Error"}\n`,
  };
}

/** Adds the headers of every response; the response's own win, so that a page may differ. */
export function secured(host: string | undefined, response: HttpResponse): HttpResponse {
  return { ...response, headers: { ...securityHeaders(host), ...response.headers } };
}

type Answering = Pick<TransportOptions, "handle" | "posts" | "logger">;

/**
 * Answers a request through `options.handle`: GET and HEAD only, 500 without any detail where it
 * fails. Never throws or rejects. A promise only where `handle` gave one.
 */
export function answer(
  request: HttpRequest,
  options: Answering,
): HttpResponse | Promise<HttpResponse> {
  const host = request.header("host");
  if (options.posts && request.path.startsWith(options.posts.below)) {
    return secured(host, plainAnswer(405, { allow: "POST", connection: "close" }));
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return secured(host, plainAnswer(405, { allow: "GET, HEAD", connection: "close" }));
  }
  return guarded(host, options, () => options.handle(request));
}

/** The answer to a POST whose body is here; where it is not, `request` says why. */
export function answerPost(
  request: PostRequest | { refused: 408 | 413; host: string | undefined },
  posts: Posts,
  options: Answering,
): HttpResponse | Promise<HttpResponse> {
  if ("refused" in request) {
    return secured(request.host, plainAnswer(request.refused, { connection: "close" }));
  }
  return guarded(request.header("host"), options, () => posts.handle(request));
}

function guarded(
  host: string | undefined,
  options: Answering,
  work: () => HttpResponse | Promise<HttpResponse>,
): HttpResponse | Promise<HttpResponse> {
  const failed = (error: unknown): HttpResponse => {
    const correlationId = nanoid();
    options.logger.error({ err: error, correlationId }, "a request failed");
    return secured(host, plainAnswer(500, { "x-correlation-id": correlationId }));
  };
  try {
    const response = work();
    if (!(response instanceof Promise)) return secured(host, response);
    return response.then((settled) => secured(host, settled)).catch(failed);
  } catch (error) {
    return failed(error);
  }
}

/** Where a request may bring a body, how much of it is taken; else undefined. */
export function postsFor(
  { method, path }: Pick<HttpRequest, "method" | "path">,
  { posts }: Pick<TransportOptions, "posts">,
): Posts | undefined {
  return method === "POST" && posts && path.startsWith(posts.below) ? posts : undefined;
}

/** Collects a body. `settle` is called once: with all of it, or with the status that refuses it. */
export class BodyReader {
  readonly #maxBytes: number;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #settle: ((outcome: Buffer | 408 | 413) => void) | undefined;

  constructor({ maxBytes, withinMs }: Posts, settle: (outcome: Buffer | 408 | 413) => void) {
    this.#maxBytes = maxBytes;
    this.#settle = settle;
    this.#timer = setTimeout(() => this.#end(408), withinMs);
  }

  /** `chunk` is kept: it must not be used again. */
  push(chunk: Buffer, isLast: boolean): void {
    if (!this.#settle) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) return this.#end(413);
    this.#chunks.push(chunk);
    if (isLast) this.#end(Buffer.concat(this.#chunks));
  }

  /** Whoever sent it has gone. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#settle = undefined;
  }

  #end(outcome: Buffer | 408 | 413): void {
    const settle = this.#settle;
    this.stop();
    settle?.(outcome);
  }
}

/** Bytes of a body. */
export function contentLength(body: HttpResponse["body"]): number {
  return body === undefined ? 0 : Buffer.byteLength(body);
}

/** Whether the status itself rules a body out (RFC 9110, 6.4.1). */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

/** `HTTP/1.1` text of an answer for a socket that has left Node's http, closing the connection. */
export function rawAnswer(response: HttpResponse): string {
  const body = response.body === undefined ? "" : Buffer.from(response.body).toString("latin1");
  const headers = {
    ...response.headers,
    "content-length": String(body.length),
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}\r\n${lines.join("")}\r\n${body}`;
}
