import { STATUS_CODES } from "node:http";
import { nanoid } from "nanoid";
import { securityHeaders } from "./security-headers.ts";
import type { HttpRequest, HttpResponse, TransportOptions } from "./transport.ts";

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

/**
 * Answers a request through `options.handle`: GET and HEAD only, 500 without any detail where it
 * fails. Never throws or rejects. A promise only where `handle` gave one.
 */
export function answer(
  request: HttpRequest,
  options: Pick<TransportOptions, "handle" | "logger">,
): HttpResponse | Promise<HttpResponse> {
  const host = request.header("host");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return secured(host, plainAnswer(405, { allow: "GET, HEAD", connection: "close" }));
  }
  const failed = (error: unknown): HttpResponse => {
    const correlationId = nanoid();
    options.logger.error({ err: error, correlationId }, "a request failed");
    return secured(host, plainAnswer(500, { "x-correlation-id": correlationId }));
  };
  try {
    const response = options.handle(request);
    if (!(response instanceof Promise)) return secured(host, response);
    return response.then((settled) => secured(host, settled)).catch(failed);
  } catch (error) {
    return failed(error);
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
