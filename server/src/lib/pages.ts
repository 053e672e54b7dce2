/** What one answer holds of a log, in bytes: well below what may wait for a slow reader. */
const PAGE_BYTES = 512 * 1024;

/** From the beginning, as much as one answer holds and one at least; who wants the rest asks again. */
export function firstPage<T extends object>(log: readonly T[]): T[] {
  let bytes = 0;
  const end = log.findIndex((one) => {
    bytes += Buffer.byteLength(JSON.stringify(one));
    return bytes > PAGE_BYTES;
  });
  return end < 0 ? [...log] : log.slice(0, Math.max(1, end));
}

/** The newest, in their order, as many as one answer holds. */
export const lastPage = <T extends object>(log: readonly T[]): T[] =>
  firstPage([...log].reverse()).reverse();
