/**
 * WebSocket framing for a client (RFC 6455, section 5): what is sent is masked in one frame, what
 * comes may be fragmented and may arrive in any pieces.
 */
import { randomFillSync } from "node:crypto";

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** A server that sends more in one message is not ours, in bytes. */
const MESSAGE_MAX_BYTES = 64 * 1024 * 1024;
/** A control frame's payload at most (5.5), in bytes. */
const CONTROL_MAX_BYTES = 125;

/** Random bytes for masks, drawn many at a time: one call for each frame would cost more than it. */
const masks = Buffer.alloc(16_384);
let masksUsed = masks.length;

function drawMask(): number {
  if (masksUsed === masks.length) {
    randomFillSync(masks);
    masksUsed = 0;
  }
  masksUsed += 4;
  return masksUsed - 4;
}

/** One whole message, or one control frame, as a client sends it. */
export function encodeFrame(opcode: number, payload: string | Uint8Array): Buffer {
  const length = typeof payload === "string" ? Buffer.byteLength(payload) : payload.byteLength;
  const head = length < 126 ? 6 : length < 65_536 ? 8 : 14;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = 0x80 | opcode;
  if (length < 126) frame[1] = 0x80 | length;
  else if (length < 65_536) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  const mask = drawMask();
  masks.copy(frame, head - 4, mask, mask + 4);
  if (typeof payload === "string") frame.write(payload, head);
  else frame.set(payload, head);
  for (let i = 0; i < length; i += 1) frame[head + i]! ^= masks[mask + (i & 3)]!;
  return frame;
}

/** Where a message lies; the bytes are valid during the call alone. */
export type MessageListener = (opcode: number, bytes: Buffer, start: number, end: number) => void;

/** What a server must not send. */
export class FramingError extends Error {
  override readonly name = "FramingError";
}

/** Finds the messages and control frames in what a server sends. */
export class FrameReader {
  readonly #onMessage: MessageListener;
  /** Bytes of a frame that is not whole yet. */
  #rest: Buffer | null = null;
  /** Payloads of a message whose last fragment has not come. */
  #fragments: Buffer[] = [];
  #fragmentBytes = 0;
  #fragmentOpcode = 0;

  constructor(onMessage: MessageListener) {
    this.#onMessage = onMessage;
  }

  /**
   * Bytes of the connection, which are not kept beyond the call.
   * @throws FramingError
   */
  push(bytes: Buffer): void {
    const all = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes;
    const used = this.#read(all);
    this.#rest = used < all.length ? Buffer.from(all.subarray(used)) : null;
  }

  /** Reads whole frames; returns how many bytes they took. */
  #read(bytes: Buffer): number {
    let at = 0;
    while (bytes.length - at >= 2) {
      let length = bytes[at + 1]!;
      if (length & 0x80) throw new FramingError("a server must not mask");
      let start = at + 2;
      if (length === 126) {
        if (bytes.length < at + 4) break;
        length = bytes.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) {
        if (bytes.length < at + 10) break;
        length = Number(bytes.readBigUInt64BE(at + 2));
        start = at + 10;
      }
      if (length > MESSAGE_MAX_BYTES) throw new FramingError(`a frame of ${length} bytes`);
      if (bytes.length < start + length) break;
      this.#frame(bytes[at]!, bytes, start, start + length);
      at = start + length;
    }
    return at;
  }

  #frame(first: number, bytes: Buffer, start: number, end: number): void {
    if (first & 0x70) throw new FramingError("reserved bits are set");
    const isLast = (first & 0x80) !== 0;
    const opcode = first & 0x0f;
    if (opcode >= OPCODE.close) {
      if (!isLast || end - start > CONTROL_MAX_BYTES)
        throw new FramingError("a control frame is fragmented or too long");
      this.#onMessage(opcode, bytes, start, end);
      return;
    }
    const isFirst = opcode !== OPCODE.continuation;
    if (isFirst !== (this.#fragments.length === 0))
      throw new FramingError("fragments are out of order");
    if (isFirst && isLast) {
      this.#onMessage(opcode, bytes, start, end);
      return;
    }
    if (isFirst) this.#fragmentOpcode = opcode;
    this.#fragments.push(Buffer.from(bytes.subarray(start, end)));
    this.#fragmentBytes += end - start;
    if (this.#fragmentBytes > MESSAGE_MAX_BYTES) throw new FramingError("a message too long");
    if (!isLast) return;
    const whole = Buffer.concat(this.#fragments);
    this.#fragments = [];
    this.#fragmentBytes = 0;
    this.#onMessage(this.#fragmentOpcode, whole, 0, whole.length);
  }
}
