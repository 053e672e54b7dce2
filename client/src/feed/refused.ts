import type { Reply, SecretId } from "@driftsea/protocol";
import { serverNow } from "../connection.ts";
import { explain, say } from "../say.ts";
import { own } from "./kept.ts";
import { putOut } from "./state.ts";

/** Says why something about a secret was not done. One that has gone goes out here as well. */
export function refused(reply: Reply<unknown> | null, id?: SecretId): void {
  if (reply === null || reply.ok) return explain(reply);
  switch (reply.error.code) {
    case "gone":
    case "not_found":
      // One's own is looked at before anybody else may: then it is not to be found for them either.
      if (id !== undefined && own.peek().has(id)) return say({ key: "secretNotOut" });
      if (id !== undefined) putOut(id);
      return say({ key: "secretGone" });
    case "quota_exceeded": {
      const time = serverNow() + (reply.error.retryAfterMs ?? 0);
      return say({ key: "riverRests", values: { time } }, 20_000);
    }
    case "forbidden":
      if (reply.error.fields?.["penalty"] !== undefined) return explain(reply);
      return say({ key: "secretForbidden" });
    default:
      explain(reply);
  }
}
