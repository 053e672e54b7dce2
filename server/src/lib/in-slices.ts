/**
 * All of it, so many at once; rejects with the first failure in the end. What fails keeps nothing else from being done,
 * but where all of a slice fail nothing more is begun: the store may be away.
 */
export async function inSlices<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const failures: PromiseRejectedResult[] = [];
  for (let i = 0; i < all.length; i += atOnce) {
    const done = await Promise.allSettled(all.slice(i, i + atOnce).map(work));
    const failed = done.filter((each) => each.status === "rejected");
    failures.push(...failed);
    if (failed.length === done.length) break;
  }
  if (failures[0]) throw failures[0].reason;
}

/**
 * All of it, so many at once, the next as soon as one is done; rejects with the first failure in the end. What fails, or
 * takes long, keeps nothing else from being done: they may lie on different stores.
 */
export async function inLanes<T>(
  all: readonly T[],
  lanes: number,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  const rest = all.values();
  const lane = async (): Promise<void> => {
    for (const one of rest) await work(one).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
}
