/**
 * All of it, so many at once; rejects with the first failure in the end. What fails keeps nothing else from being done,
 * but where all of a slice fail nothing more is begun: the store may be away. @param goesOn Then too: they may lie on
 * different ones.
 */
export async function inSlices<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<unknown>,
  goesOn = false,
): Promise<void> {
  const failures: PromiseRejectedResult[] = [];
  for (let i = 0; i < all.length; i += atOnce) {
    const done = await Promise.allSettled(all.slice(i, i + atOnce).map(work));
    const failed = done.filter((each) => each.status === "rejected");
    failures.push(...failed);
    if (failed.length === done.length && !goesOn) break;
  }
  if (failures[0]) throw failures[0].reason;
}
