import type { CircleId, DrifterId, Persona } from "@driftsea/protocol";
import type { ConnectionId } from "./publisher.ts";

/** Who sends a command, and through which of his connections. */
export interface Context {
  drifter: DrifterId;
  connection: ConnectionId;
  locale: "en" | "zh";
  /** His name in circles and feeds; nothing that is stored leads from it to `drifter` or back. */
  circle: CircleId;
  /** Stored nowhere: what he does with a secret is noted under hashes of it that differ for each. */
  mask: string;
  /** Secret of the box for which his blocks are sealed, base64url of 32 bytes. Stored nowhere. */
  box: string;
  /** His lasting pseudonym. */
  persona: Omit<Persona, "id">;
}
