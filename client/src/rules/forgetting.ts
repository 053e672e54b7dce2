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
  // Before a new line is made: by it somebody else would come where this one has just gone.
  await Promise.race([endPushes().catch(() => {}), new Promise((done) => setTimeout(done, 500))]);
  location.replace(location.pathname);
}
