/** All of it, so many at once; rejects with the first failure, once those that were begun with it have ended. */
export async function inSlices<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  for (let i = 0; i < all.length; i += atOnce) {
    const done = await Promise.allSettled(all.slice(i, i + atOnce).map(work));
    for (const each of done) if (each.status === "rejected") throw each.reason;
  }
}
