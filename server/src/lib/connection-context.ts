import type { DrifterId } from "@driftsea/protocol";
import type { ConnectionId } from "./publisher.ts";

/** Who sends a command, and through which of his connections. */
export interface Context {
  drifter: DrifterId;
  connection: ConnectionId;
  locale: "en" | "zh";
}
