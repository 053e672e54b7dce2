import type { DrifterId } from "@driftsea/protocol";

/** Who says that he is typing and then says nothing more has stopped after this, in ms (R7). */
const TYPING_MS = 6000;

type Tell = (typing: boolean) => void;

/** Who is typing where. Nothing of it is stored; the end comes from here if from nobody else. */
export class TypingTimers {
  readonly #running = new Map<string, { timer: NodeJS.Timeout; tell: Tell }>();

  start(place: string, drifter: DrifterId, tell: Tell): void {
    const key = `${place}:${drifter}`;
    const before = this.#running.get(key);
    clearTimeout(before?.timer);
    const timer = setTimeout(() => this.end(place, drifter), TYPING_MS);
    timer.unref();
    this.#running.set(key, { timer, tell });
    if (!before) tell(true);
  }

  /** He has stopped, and the other is told. */
  end(place: string, drifter: DrifterId): void {
    this.#drop(place, drifter)?.(false);
  }

  /** He has stopped; the message that he sent says it. */
  stop(place: string, drifter: DrifterId): void {
    this.#drop(place, drifter);
  }

  #drop(place: string, drifter: DrifterId): Tell | undefined {
    // Asked with each message.
    if (this.#running.size === 0) return undefined;
    const key = `${place}:${drifter}`;
    const running = this.#running.get(key);
    clearTimeout(running?.timer);
    this.#running.delete(key);
    return running?.tell;
  }

  close(): void {
    for (const { timer } of this.#running.values()) clearTimeout(timer);
    this.#running.clear();
  }
}
