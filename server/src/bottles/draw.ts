import type { BottleId } from "@driftsea/protocol";

/** Slots of a draw: for each class an array of bottles in which any place can be had at once. */
export class WeightedSlots {
  readonly #weights: readonly number[];
  readonly #arrays: BottleId[][];
  readonly #places = new Map<BottleId, { weightClass: number; pos: number }>();

  /** @param weights One for each class. */
  constructor(weights: readonly number[]) {
    this.#weights = weights;
    this.#arrays = weights.map(() => []);
  }

  get size(): number {
    return this.#places.size;
  }

  counts(): number[] {
    return this.#arrays.map((slots) => slots.length);
  }

  at(weightClass: number, pos: number): BottleId | undefined {
    return this.#arrays[weightClass]?.[pos];
  }

  placeOf(id: BottleId): { weightClass: number; pos: number } | undefined {
    return this.#places.get(id);
  }

  /** Moves a bottle to a class, or out of all (null). The last of its class fills its slot. */
  move(id: BottleId, weightClass: number | null): void {
    const place = this.#places.get(id);
    if ((place?.weightClass ?? null) === weightClass) return;
    if (place) {
      const slots = this.#arrays[place.weightClass]!;
      const last = slots.pop()!;
      if (last !== id) {
        slots[place.pos] = last;
        this.#places.set(last, place);
      }
      this.#places.delete(id);
    }
    if (weightClass !== null) {
      const slots = this.#arrays[weightClass]!;
      this.#places.set(id, { weightClass, pos: slots.length });
      slots.push(id);
    }
  }

  /** The slot that `u` in [0, 1) falls on, with `counts[c]` slots in class c. At least one slot. */
  locate(u: number, counts: readonly number[]): { weightClass: number; pos: number } {
    let total = 0;
    for (let c = 0; c < counts.length; c += 1) total += counts[c]! * this.#weights[c]!;
    let x = u * total;
    let lastClass = 0;
    for (let c = 0; c < counts.length; c += 1) {
      const count = counts[c]!;
      if (count === 0) continue;
      lastClass = c;
      const weight = this.#weights[c]!;
      const span = count * weight;
      if (x < span) return { weightClass: c, pos: Math.min(Math.floor(x / weight), count - 1) };
      x -= span;
    }
    return { weightClass: lastClass, pos: counts[lastClass]! - 1 };
  }
}
