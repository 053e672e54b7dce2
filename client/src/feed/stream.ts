import type { SecretId } from "@driftsea/protocol";

/** One of the arms of the river: what is laid out, and what has come since. */
export interface Stream {
  is: "unread" | "reading" | "read" | "failed";
  ids: readonly SecretId[];
  /** Came live and is not laid out yet, the newest first: what is being read must not move. */
  waiting: readonly SecretId[];
  /** Where the next page begins; null before the first and behind the last. */
  cursor: string | null;
}

export const NO_STREAM: Stream = { is: "unread", ids: [], waiting: [], cursor: null };

export const hasMore = ({ is, cursor }: Stream): boolean =>
  is === "unread" || is === "failed" || cursor !== null;

/** Something has come. What lies there already stays where it is. */
export function withArrival(stream: Stream, id: SecretId): Stream {
  if (stream.ids.includes(id) || stream.waiting.includes(id)) return stream;
  return { ...stream, waiting: [id, ...stream.waiting] };
}

/** What has come is laid out on top. */
export function withWaiting(stream: Stream): Stream {
  const fresh = stream.waiting.filter((id) => !stream.ids.includes(id));
  return { ...stream, ids: [...fresh, ...stream.ids], waiting: [] };
}

/** The next page lies below; what one has of it already is not laid out twice. */
export function withPage(stream: Stream, page: readonly SecretId[], cursor: string | null): Stream {
  const known = new Set([...stream.ids, ...stream.waiting]);
  const fresh = page.filter((id) => !known.has(id));
  return { ...stream, is: "read", ids: [...stream.ids, ...fresh], cursor };
}

/**
 * The first page again, after one was away. What is new waits; what lay among those that were read
 * again and is not there any more has gone. More that is new may lie below, between what was read
 * before: one reads on behind this page, and lays out what is not there yet.
 */
export function withFirstPage(
  stream: Stream,
  page: readonly SecretId[],
  cursor: string | null,
): { stream: Stream; gone: SecretId[] } {
  const there = new Set(page);
  let reach = cursor === null ? stream.ids.length : 0;
  if (cursor !== null)
    stream.ids.forEach((id, i) => {
      if (there.has(id)) reach = i + 1;
    });
  const gone = stream.ids.slice(0, reach).filter((id) => !there.has(id));
  const laid = new Set(stream.ids);
  const fresh = page.filter((id) => !laid.has(id));
  // What waits may lie below this page as well; where there is nothing below, it has gone.
  const below = cursor === null ? [] : stream.waiting.filter((id) => !there.has(id));
  const waiting = [...fresh, ...below];
  return { stream: { ...stream, is: "read", waiting, cursor }, gone };
}

export function without(stream: Stream, id: SecretId): Stream {
  return {
    ...stream,
    ids: stream.ids.filter((one) => one !== id),
    waiting: stream.waiting.filter((one) => one !== id),
  };
}
