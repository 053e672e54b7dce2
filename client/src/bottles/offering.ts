import { layAside } from "../drafts.ts";
import { go } from "../route.ts";
import { say } from "../say.ts";

/** Words that come too late for whom they were meant can still be thrown as a bottle of one's own. */
export function offerAsBottle(text: string, key: "lateAnswer" | "lateLetter" | "boxTooLate"): void {
  layAside("throw", text);
  const run = (): void => go({ sheet: "throw" });
  say({ key, act: { key: "throwItInstead", run } }, 60_000);
}
