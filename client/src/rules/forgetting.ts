import { send } from "../connection.ts";
import { emptyOutbox } from "../outbox.ts";
import { endPushes } from "../push/index.ts";
import { explain } from "../say.ts";
import { forgetAll } from "../store.ts";

export async function forgetMe(): Promise<void> {
  const reply = await send("session:forget", {});
  if (!reply?.ok) return explain(reply);
  emptyOutbox();
  forgetAll();
  await endPushes().catch(() => {});
  location.replace(location.pathname);
}
