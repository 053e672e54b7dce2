import type { StreamReader } from "../ledger/stream.ts";
import { pause } from "../run/together.ts";

/** What is missing in the end is asked for again and again, for so long, in ms. */
const SETTLE_WITHIN_MS = 20_000;

type Numbered = { seq: number; id: string };

/** Reads a numbered log: what comes by event, and what it missed from its cursor on, as the page does. */
export class LogReader {
  readonly #stream: StreamReader;
  readonly #arrive: (id: string) => void;
  readonly #after: (seq: number) => Promise<readonly Numbered[]>;

  constructor(
    stream: StreamReader,
    arrive: (id: string) => void,
    after: (seq: number) => Promise<readonly Numbered[]>,
  ) {
    this.#stream = stream;
    this.#arrive = arrive;
    this.#after = after;
  }

  /** An event: it may come again, and others before it may be missing. */
  heard({ seq, id }: Numbered): void {
    if (seq === this.#stream.head + 1) this.#saw(seq, id);
    // Without a line it reads when it is back.
    else if (seq > this.#stream.head) this.catchUp().catch(() => {});
  }

  async catchUp(): Promise<void> {
    for (;;) {
      const page = await this.#after(this.#stream.head);
      for (const { seq, id } of page) if (seq > this.#stream.head) this.#saw(seq, id);
      if (page.length === 0) return;
    }
  }

  /** To the number that was acknowledged last. */
  async settle(newest: number): Promise<void> {
    const until = performance.now() + SETTLE_WITHIN_MS;
    while (this.#stream.head < newest && performance.now() < until) {
      await this.catchUp().catch(() => {});
      await pause(100);
    }
    this.#stream.mustHaveSeen(newest);
  }

  #saw(seq: number, id: string): void {
    this.#stream.saw(seq);
    this.#arrive(id);
  }
}
