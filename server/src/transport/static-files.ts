import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { ownPolicy } from "./security-headers.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

const CONTENT_TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".mp3": "audio/mpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/** Encodings in the order in which the server prefers them, with the ending the build gives them. */
const ENCODINGS = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

/** Files with a hash of their content in the name. */
const HASHED = "/assets/";
const CACHE_HASHED = "public, max-age=31536000, immutable";
const CACHE_OTHERS = "no-cache";

const NOT_BUILT = `The server runs, but its client has not been built, so there is no page to show.
Build the client as the README says, then start the server again.
`;

/** One encoding of a file. */
interface Representation {
  encoding: "br" | "gzip" | "identity";
  headers: Record<string, string>;
  body: Buffer;
}

export interface StaticFiles {
  /** Answers GET and HEAD of a file; null where there is none. */
  respond: (request: HttpRequest) => HttpResponse | null;
}

/**
 * Reads a built client into memory. Nothing is read from the disk afterwards: a path is looked up
 * among those that were found, so there is nothing to traverse. Variants that the build has
 * compressed (`x.br`, `x.gz` beside `x`) are served where they are accepted; nothing is
 * compressed here. A page is found without its `.html` too.
 */
export function loadStatic(folder: string): StaticFiles {
  const files = readFiles(folder);
  if (files === null) return { respond: ({ path }) => (path === "/" ? notBuilt() : null) };

  const table = new Map<string, Representation[]>();
  for (const [path, body] of files) {
    const isVariant = ENCODINGS.some(
      ({ ending }) => path.endsWith(ending) && files.has(path.slice(0, -ending.length)),
    );
    if (isVariant) continue;
    const own = path.endsWith(".html") ? ownPolicy(body.toString()) : {};
    const representations: Representation[] = [];
    for (const { name, ending } of ENCODINGS) {
      const variant = files.get(path + ending);
      if (variant) representations.push(represent(path, name, variant, own));
    }
    representations.push(represent(path, "identity", body, own));
    table.set(path, representations);
  }
  for (const [path, representations] of table) {
    if (path === "/index.html") table.set("/", representations);
    else if (path.endsWith(".html")) table.set(path.slice(0, -".html".length), representations);
  }

  return {
    respond(request) {
      const representations = table.get(request.path);
      if (!representations) return null;
      const { headers, body } = choose(representations, request.header("accept-encoding"));
      if (matches(request.header("if-none-match"), headers["etag"]!)) {
        return { status: 304, headers };
      }
      return { status: 200, headers, body };
    },
  };
}

/** Contents by path from the root of the site; null where the folder is not there. */
function readFiles(folder: string): Map<string, Buffer> | null {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return null;
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, file).split(sep).join("/")}`, readFileSync(file));
  }
  return files;
}

function represent(
  path: string,
  encoding: Representation["encoding"],
  body: Buffer,
  own: Record<string, string>,
): Representation {
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  const headers: Record<string, string> = {
    "content-type": CONTENT_TYPES[extname(path)] ?? "application/octet-stream",
    "cache-control": path.startsWith(HASHED) ? CACHE_HASHED : CACHE_OTHERS,
    // RFC 9110, 8.8.3: representations that differ in encoding differ in their strong tag
    etag: encoding === "identity" ? `"${hash}"` : `"${hash}-${encoding}"`,
    vary: "accept-encoding",
    ...own,
  };
  if (encoding !== "identity") headers["content-encoding"] = encoding;
  return { encoding, headers, body };
}

/**
 * The representation that the client weighs highest, the smaller one among equals (RFC 9110,
 * 12.5.3). Identity comes last unless it is asked for by name, and where nothing is acceptable.
 */
function choose(
  representations: readonly Representation[],
  acceptEncoding: string | undefined,
): Representation {
  const weights = parseWeights(acceptEncoding ?? "");
  const identity = representations.at(-1)!;
  let best = identity;
  let bestWeight = weights.get("identity") ?? 0;
  for (const representation of representations) {
    if (representation === identity) continue;
    const weight = weights.get(representation.encoding) ?? weights.get("*") ?? 0;
    const isBetter = best === identity ? weight >= bestWeight : weight > bestWeight;
    if (weight > 0 && isBetter) {
      best = representation;
      bestWeight = weight;
    }
  }
  return best;
}

function parseWeights(acceptEncoding: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const item of acceptEncoding.toLowerCase().split(",")) {
    const [name = "", ...parameters] = item.split(";").map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    if (name !== "") weights.set(name, weight >= 0 && weight <= 1 ? weight : 0);
  }
  return weights;
}

/** Weak comparison, as If-None-Match asks for (RFC 9110, 13.1.2). */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
}

function notBuilt(): HttpResponse {
  return {
    status: 503,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    body: NOT_BUILT,
  };
}
