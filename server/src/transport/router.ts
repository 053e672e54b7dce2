import { timingSafeEqual } from "node:crypto";
import type { Registry } from "prom-client";
import { photoTypeOf } from "@driftsea/protocol";
import type { SeaRules } from "@driftsea/protocol";
import { adminPage } from "../admin/admin-page.ts";
import { plainAnswer } from "./http.ts";
import type { ListsPage } from "../screening/lists-page.ts";
import type { StaticFiles } from "./static-files.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

export interface RouterOptions {
  files: StaticFiles;
  registry: Pick<Registry, "contentType" | "metrics">;
  /** Null: metrics are for everybody. */
  metricsToken: string | null;
  /** Null: there is no such page. */
  adminPassword: string | null;
  /** Rejects or resolves to false where commands could not be served now. */
  isReady: () => Promise<boolean>;
  /** A photo of a room or a secret, or null where it or what it belongs to is no more. */
  photo: (place: string, photoId: string) => Promise<Uint8Array | null>;
  rules: () => Promise<SeaRules>;
  /** Whether browsers may keep the page's files; else a worker that they have takes itself away. */
  hasServiceWorker: boolean;
  /** The word lists, for pages that seal what is written. */
  lists: () => Promise<ListsPage>;
}

const PHOTO = /^\/media\/([\w-]{21})\/([\w-]{21})$/;
/** What strangers sent is shown and nothing else: no script, no page, no copy kept. */
const PHOTO_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; sandbox",
  "content-disposition": "inline",
};

/** Asked for anew each time: a setting may be another since. */
const JSON_HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-cache",
};

/** The plain HTTP side: the page, and what an operator asks. */
export function createRouter(options: RouterOptions) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const [, room, photoId] = PHOTO.exec(request.path) ?? [];
    if (room !== undefined && photoId !== undefined) {
      const body = await options.photo(room, photoId);
      if (!body) return plainAnswer(404);
      const type = photoTypeOf(body) ?? "application/octet-stream";
      return { status: 200, headers: { ...PHOTO_HEADERS, "content-type": type }, body };
    }
    switch (request.path) {
      case "/healthz":
        return words(200, "ok");
      case "/readyz": {
        const ready = await options.isReady().catch(() => false);
        return ready ? words(200, "ready") : words(503, "not ready");
      }
      case "/metrics":
        return metrics(request, options);
      case "/admin":
        if (options.adminPassword === null) return plainAnswer(404);
        return adminPage(request, options.adminPassword, options.registry);
      case "/screening.json":
        return wordLists(request, await options.lists());
      case "/rules.json":
        return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(await options.rules()) };
      case "/sw.js":
        if (options.hasServiceWorker) return options.files.respond(request) ?? plainAnswer(404);
        return options.files.respond({ ...request, path: "/sw-off.js" }) ?? plainAnswer(404);
      case "/desk":
      case "/desk/":
      case "/desk.html":
        return deskPage(request, options.files);
      default:
        return options.files.respond(request) ?? lost(request, options.files);
    }
  };
}

function wordLists(request: HttpRequest, { etag, plain, brotli }: ListsPage): HttpResponse {
  const headers = { ...JSON_HEADERS, etag, vary: "accept-encoding" };
  if (request.header("if-none-match") === etag) return { status: 304, headers };
  // As strong as it is, a tag is one encoding's: a browser asks for one and the same each time.
  if (!/\bbr\b/.test(request.header("accept-encoding") ?? ""))
    return {
      status: 200,
      headers: { ...headers, etag: `${etag.slice(0, -1)}-plain"` },
      body: plain,
    };
  return { status: 200, headers: { ...headers, "content-encoding": "br" }, body: brotli };
}

/** The moderators' page: kept by nobody, found by no search. */
function deskPage(request: HttpRequest, files: StaticFiles): HttpResponse {
  const page = keptByNobody(request, files, "/desk.html");
  if (!page) return plainAnswer(404);
  return { ...page, headers: { ...page.headers, "x-robots-tag": "noindex, nofollow" } };
}

/** Somebody who came to a wrong address is shown the way; a program is told in two words. */
function lost(request: HttpRequest, files: StaticFiles): HttpResponse {
  const isPerson = (request.header("accept") ?? "").includes("text/html");
  const page = isPerson ? keptByNobody(request, files, "/lost.html") : null;
  return page ? { ...page, status: 404 } : plainAnswer(404);
}

function keptByNobody(request: HttpRequest, files: StaticFiles, path: string): HttpResponse | null {
  // Without the tag of an earlier copy: there shall be none.
  const header = (name: string): string | undefined =>
    name === "if-none-match" ? undefined : request.header(name);
  const page = files.respond({ ...request, header, path });
  if (!page) return null;
  const { etag: _, ...headers } = page.headers;
  return { ...page, headers: { ...headers, "cache-control": "no-store" } };
}

function words(status: number, text: string): HttpResponse {
  return { ...plainAnswer(status), body: `${text}\n` };
}

async function metrics(
  request: HttpRequest,
  { registry, metricsToken }: RouterOptions,
): Promise<HttpResponse> {
  if (metricsToken !== null) {
    const given = Buffer.from(request.header("authorization") ?? "");
    const wanted = Buffer.from(`Bearer ${metricsToken}`);
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
      return plainAnswer(401, { "www-authenticate": "Bearer" });
    }
  }
  const headers = { "content-type": registry.contentType, "cache-control": "no-store" };
  return { status: 200, headers, body: await registry.metrics() };
}
