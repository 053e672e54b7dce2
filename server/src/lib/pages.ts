import { invalid } from "./errors.ts";

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

/** Where the next page begins, as an earlier answer said it in base 36; null for the first. */
export function parseCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const order = /^[0-9a-z]{1,12}$/.test(cursor) ? parseInt(cursor, 36) : NaN;
  if (!Number.isSafeInteger(order)) throw invalid({ cursor: "must come from an earlier answer" });
  return order;
}
