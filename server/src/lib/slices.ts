/** Long work lets the event loop go after so long, in ms. */
const SLICE_MS = 5;

/** Who waits for the next slice; one goes in each turn of the event loop, however many there are. */
const waiting: (() => void)[] = [];

function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
}

/**
 * Long work in slices: `if (slices.isOver()) await slices.rest();` wherever it may have gone on for a
 * while. Begin with a rest, so that many who begin at once stand in line as well.
 */
export class Slices {
  #beganAt = performance.now();

  isOver(): boolean {
    return performance.now() - this.#beganAt > SLICE_MS;
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(next);
    });
    this.#beganAt = performance.now();
  }
}
