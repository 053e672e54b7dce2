/** From the beginning, as much as `maxBytes` hold as JSON, and one at least. */
export function firstPage<T extends object>(log: readonly T[], maxBytes: number): T[] {
  let bytes = 0;
  const end = log.findIndex((one) => {
    bytes += Buffer.byteLength(JSON.stringify(one));
    return bytes > maxBytes;
  });
  return end < 0 ? [...log] : log.slice(0, Math.max(1, end));
}

/** The newest, in their order, as many as `maxBytes` hold, and one at least. */
export const lastPage = <T extends object>(log: readonly T[], maxBytes: number): T[] =>
  firstPage([...log].reverse(), maxBytes).reverse();
