/** What is made step by step, so that long lists need hold up nothing else meanwhile. */
export type Making<T> = Generator<void, T, void>;

/** Words that are taken in without a rest. */
export const WORDS_A_STEP = 100;

export function atOnce<T>(making: Making<T>): T {
  for (;;) {
    const step = making.next();
    if (step.done) return step.value;
  }
}

/** The same with a rest after each step, where `rest` wants one. */
export async function inSteps<T>(
  making: Making<T>,
  rest: () => Promise<void> | undefined,
): Promise<T> {
  for (;;) {
    const step = making.next();
    if (step.done) return step.value;
    await rest();
  }
}
