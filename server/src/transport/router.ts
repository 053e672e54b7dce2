import { timingSafeEqual } from "node:crypto";
import type { Registry } from "prom-client";
import { plainAnswer } from "./http.ts";
import type { StaticFiles } from "./static-files.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

export interface RouterOptions {
  files: StaticFiles;
  registry: Registry;
  /** Null: metrics are for everybody. */
  metricsToken: string | null;
  /** Rejects or resolves to false where commands could not be served now. */
  isReady: () => Promise<boolean>;
}

/** The plain HTTP side: the page, and what an operator asks. */
export function createRouter(options: RouterOptions) {
  return async (request: HttpRequest): Promise<HttpResponse> => {
    switch (request.path) {
      case "/healthz":
        return words(200, "ok");
      case "/readyz": {
        const ready = await options.isReady().catch(() => false);
        return ready ? words(200, "ready") : words(503, "not ready");
      }
      case "/metrics":
        return metrics(request, options);
      default:
        return options.files.respond(request) ?? plainAnswer(404);
    }
  };
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
