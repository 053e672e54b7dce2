/** Throwing back multiplies a bottle's weight in the draw by this, down to the floor (B5). */
const THROWN_BACK_FACTOR = 0.8;
const WEIGHT_FLOOR = 0.1;
/** Unanswered bottles in the last quarter of their life weigh this many times more (B13). */
const LAST_QUARTER_FACTOR = 4;
/** Hands that each copy of a bottle goes through before it is taken out of the sea (B5). */
export const HANDS_PER_COPY = 10;

/** Classes 0 to 11: thrown back so many times. Classes 12 to 23: the same, in the last quarter. */
export const PLAIN_CLASSES = 12;

/**
 * Weight of each class. Computed as `lua/sea.lua` computes it, step by step, so that both stores
 * draw the same bottle from the same numbers to the last bit.
 */
export const WEIGHTS: readonly number[] = (() => {
  const weights: number[] = [];
  let w = 1;
  for (let k = 0; k < PLAIN_CLASSES; k += 1) {
    const floored = w < WEIGHT_FLOOR ? WEIGHT_FLOOR : w;
    weights[k] = floored;
    weights[k + PLAIN_CLASSES] = floored * LAST_QUARTER_FACTOR;
    w *= THROWN_BACK_FACTOR;
  }
  return weights;
})();

/** What decides which bottle is drawn, and how long one may be. */
export interface DrawRules {
  weights: readonly number[];
  handsPerCopy: number;
}

export const DRAW_RULES: DrawRules = { weights: WEIGHTS, handsPerCopy: HANDS_PER_COPY };
