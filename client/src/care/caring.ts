import { signal } from "@preact/signals";
import type { Write } from "../outbox.ts";
import { go, route } from "../route.ts";
import { say } from "../say.ts";
import { placeOf } from "../writes.ts";

/** Beside this place to write the card lies open. */
export const caring = signal<string | null>(null);

/** What somebody wrote sounds heavy: a hand is held out, once it has gone out. */
export function careFor(write: Write, data: object): void {
  // An answer is gone on with in the letters that it has begun.
  const { thread } = data as { thread?: { id: string } };
  caring.value = thread?.id ?? placeOf(write);
  if (write.name !== "bottle:throw") return;
  const run = (): void => go({ sheet: "care" });
  if (route.peek().sheet === "none") run();
  else say({ key: "careTitle", act: { key: "tryAgain", run } }, 20_000);
}
