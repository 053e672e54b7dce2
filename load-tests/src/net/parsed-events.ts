/** An event as its listeners get it. The same object may go to many: nobody may change it. */
export interface ParsedEvent {
  name: string;
  data: unknown;
}

interface Known extends ParsedEvent {
  bytes: Buffer;
}

/** Events that are remembered before all are forgotten. */
const REMEMBERED = 256;
/** Longer ones are parsed each time. */
const LONGEST_BYTES = 16_384;
/** The multiplier of FNV-1a, 32 bits. */
const FNV_PRIME = 16_777_619;

/**
 * Members of a room are sent the same bytes. To parse them once for all connections of a thread makes
 * a generator that can listen for a thousand.
 */
const known = new Map<number, Known>();

/** The event whose JSON `["name",data]` stands there. */
export function parsedEvent(bytes: Buffer, start: number, end: number): ParsedEvent {
  const length = end - start;
  if (length > LONGEST_BYTES) return parse(bytes, start, end);
  let hash = length;
  for (let at = start; at < end; at += 5) hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME);
  const same = known.get(hash);
  if (same?.bytes.length === length && same.bytes.compare(bytes, start, end) === 0) return same;
  const event = { ...parse(bytes, start, end), bytes: Buffer.from(bytes.subarray(start, end)) };
  if (known.size >= REMEMBERED) known.clear();
  known.set(hash, event);
  return event;
}

function parse(bytes: Buffer, start: number, end: number): ParsedEvent {
  const [name, data] = JSON.parse(bytes.toString("utf8", start, end)) as [string, unknown];
  return { name, data };
}
