/**
 * A binary min-heap of things due at an instant; at one instant, in the order of their keys, as in a
 * sorted set of Redis. Adding and taking cost O(log n).
 */
export class TimerHeap<T> {
  readonly #items: { at: number; key: string; value: T }[] = [];

  add(at: number, key: string, value: T): void {
    const items = this.#items;
    const item = { at, key, value };
    let i = items.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[i] = items[parent]!;
      i = parent;
    }
    items[i] = item;
  }

  /** Removes at most `limit` things that are due at `now`, earliest first. */
  takeDue(now: number, limit: number): T[] {
    const due: T[] = [];
    while (due.length < limit && this.#items.length > 0 && this.#items[0]!.at <= now) {
      due.push(this.#take());
    }
    return due;
  }

  #take(): T {
    const items = this.#items;
    const top = items[0]!;
    const last = items.pop()!;
    if (items.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= items.length) break;
        if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child += 1;
        if (!before(items[child]!, last)) break;
        items[i] = items[child]!;
        i = child;
      }
      items[i] = last;
    }
    return top.value;
  }
}

function before(a: { at: number; key: string }, b: { at: number; key: string }): boolean {
  return a.at < b.at || (a.at === b.at && a.key < b.key);
}
