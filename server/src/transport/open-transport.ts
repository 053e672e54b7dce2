import type * as Uws from "uWebSockets.js";
import { openNode } from "./node-engine.ts";
import type { Transport, TransportOptions } from "./transport.ts";
import { openUws } from "./uws-engine.ts";

/** Loads the native module; rejects where there is none for this platform or version of Node. */
export type LoadUws = () => Promise<typeof Uws>;

const loadUws: LoadUws = () => import("uWebSockets.js");

/**
 * Opens Socket.IO and plain HTTP on one port.
 *
 * @param load for tests.
 * @throws Error where `kind` is `uws` and it cannot be loaded, or where it cannot listen.
 */
export async function openTransport(
  options: TransportOptions,
  load: LoadUws = loadUws,
): Promise<Transport> {
  if (options.kind === "node") return openNode(options);
  let uws: typeof Uws;
  try {
    uws = await load();
  } catch (error) {
    if (options.kind === "uws") {
      throw new Error("uWebSockets.js cannot be loaded here; TRANSPORT=node works everywhere", {
        cause: error,
      });
    }
    options.logger.warn("uWebSockets.js cannot be loaded here: serving with Node's http instead");
    return openNode(options);
  }
  return openUws(uws, options);
}
