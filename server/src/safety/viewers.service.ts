import { Recent } from "../lib/recent.ts";
import type { Viewers } from "../lib/viewers.ts";
import { itemOf, viewerMark } from "./safety.keys.ts";
import type { SafetyStore } from "./safety.store.ts";

/** What this process has noted lately, and need not note again; the oldest give way. */
const REMEMBERED = 50_000;
/** As long as anything that is counted lives, in ms. */
const KEEP_MS = 31 * 24 * 60 * 60 * 1000;

/** Counts who has been shown a thing, without a list of them. */
export class ViewerService implements Viewers {
  readonly #store: SafetyStore;
  readonly #onFailure: (error: unknown) => void;
  readonly #noted = new Recent<string>(REMEMBERED);

  constructor(store: SafetyStore, onFailure: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  saw(mask: string, thing: { kind: string; id: string; seq?: number }): void {
    const item = itemOf(thing);
    const mark = viewerMark(mask, item);
    if (this.#noted.has(mark)) return;
    this.#noted.set(mark, true);
    this.#store.saw(item, mark, KEEP_MS).catch((error: unknown) => {
      this.#noted.delete(mark);
      this.#onFailure(error);
    });
  }

  count(thing: { kind: string; id: string; seq?: number }): Promise<number> {
    return this.#store.viewers(itemOf(thing));
  }
}
