import { createHash, randomBytes } from "node:crypto";
import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import { TLSSocket, connect as connectTls } from "node:tls";
import { FrameReader, OPCODE, encodeFrame } from "./frames.ts";
import type { MessageListener } from "./frames.ts";

/** The constant of RFC 6455, section 1.3. */
const ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const HEAD_MAX_BYTES = 16_384;
/** Longest wait for the upgrade, in ms. */
const OPEN_WITHIN_MS = 10_000;

/**
 * Bytes of all connections of this process are read into one buffer: what comes is dealt with before
 * the next read, and thousands of connections need no buffer each.
 */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

/** Why a connection did not come about, or ended: `code` is short and stable. */
export class LineError extends Error {
  override readonly name = "LineError";
  readonly code: string;

  constructor(code: string, message = code) {
    super(message);
    this.code = code;
  }
}

export interface LineListener {
  /** A text or binary message; pings and closes are answered before. */
  message: MessageListener;
  /** Once, after it was open; the reason is `closed` where the server or we closed in good order. */
  closed: (reason: string) => void;
}

export interface LineOptions {
  url: URL;
  /** Address of this machine to connect from; any where it is missing. */
  from?: string | undefined;
}

/** One WebSocket over a socket of its own. */
export class Line {
  readonly #socket: Socket;
  readonly #listener: LineListener;
  readonly #reader: FrameReader;
  #reason = "closed";
  #isClosing = false;

  private constructor(socket: Socket, listener: LineListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#reader = new FrameReader((...message) => this.#message(...message));
  }

  /** @throws LineError with `refused_<status>`, the system's code, `timeout` or `protocol`. */
  static open({ url, from }: LineOptions, listener: LineListener): Promise<Line> {
    const key = randomBytes(16).toString("base64");
    return new Promise((resolve, reject) => {
      let line: Line | null = null;
      let head = Buffer.alloc(0);
      const fail = (error: LineError): void => {
        clearTimeout(timer);
        socket.destroy();
        reject(error);
      };
      const bytesCame = (bytes: Buffer): void => {
        if (line) {
          line.#bytes(bytes);
          return;
        }
        head = Buffer.concat([head, bytes]);
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) {
          if (head.length > HEAD_MAX_BYTES) fail(new LineError("protocol", "a head without end"));
          return;
        }
        const fault = faultOf(head.toString("latin1", 0, end), key);
        if (fault) {
          fail(fault);
          return;
        }
        clearTimeout(timer);
        line = new Line(socket, listener);
        resolve(line);
        const rest = head.subarray(end + 4);
        head = Buffer.alloc(0);
        // After whoever awaits the line has it.
        if (rest.length > 0) queueMicrotask(() => line!.#bytes(rest));
      };
      const socket = dial(url, from, bytesCame);
      const timer = setTimeout(() => fail(new LineError("timeout")), OPEN_WITHIN_MS);
      const greet = (): void => void socket.write(request(url, key));
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", greet);
      socket.on("error", (error: NodeJS.ErrnoException) => {
        if (line) line.#reason = error.code ?? "error";
        else fail(new LineError(error.code ?? "error", error.message));
      });
      socket.once("close", () => {
        if (line) listener.closed(line.#reason);
        else fail(new LineError("closed", "closed before it was open"));
      });
    });
  }

  /** One text message. */
  send(text: string): void {
    this.#socket.write(encodeFrame(OPCODE.text, text));
  }

  /** A frame that `encodeFrame` made. */
  sendFrame(frame: Buffer): void {
    this.#socket.write(frame);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  /** In good order. */
  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.end(encodeFrame(OPCODE.close, Uint8Array.of(0x03, 0xe8)));
  }

  /** At once, without a word, as a client that has lost its net. */
  cut(reason = "cut"): void {
    this.#reason = reason;
    this.#isClosing = true;
    if (this.#socket instanceof TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  #bytes(bytes: Buffer): void {
    try {
      this.#reader.push(bytes);
    } catch (error) {
      this.cut(`protocol: ${(error as Error).message}`);
    }
  }

  #message(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.text || opcode === OPCODE.binary) {
      if (!this.#isClosing) this.#listener.message(opcode, bytes, start, end);
    } else if (opcode === OPCODE.ping) {
      this.#socket.write(encodeFrame(OPCODE.pong, bytes.subarray(start, end)));
    } else if (opcode === OPCODE.close) this.close();
  }
}

function dial(url: URL, from: string | undefined, onBytes: (bytes: Buffer) => void): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const local = from === undefined ? {} : { localAddress: from };
  if (url.protocol === "https:") {
    const socket = connectTls({ host, port: Number(url.port || 443), servername: host, ...local });
    return socket.on("data", onBytes).setNoDelay(true);
  }
  const onread = {
    buffer: readBuffer,
    callback: (length: number) => {
      onBytes(readBuffer.subarray(0, length));
      return true;
    },
  };
  return connectTcp({ host, port: Number(url.port || 80), noDelay: true, onread, ...local });
}

function request(url: URL, key: string): string {
  return (
    `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\n` +
    `Connection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`
  );
}

/** What is wrong with the answer to an upgrade; null where nothing is. */
function faultOf(head: string, key: string): LineError | null {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
  if (status === undefined) return new LineError("protocol", "no HTTP");
  if (status !== "101") return new LineError(`refused_${status}`);
  const accept = /^sec-websocket-accept: *(\S+) *$/im.exec(head)?.[1];
  const expected = createHash("sha1")
    .update(key + ACCEPT_SALT)
    .digest("base64");
  return accept === expected ? null : new LineError("protocol", "a wrong accept key");
}
