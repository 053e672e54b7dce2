import { Line, LineError } from "./line.ts";
import { OPCODE, encodeFrame } from "./frames.ts";
import { parsedEvent } from "./parsed-events.ts";

/** Longest wait for a reply, in ms. */
export const PATIENCE_MS = 10_000;

export type Answer =
  | { ok: true; data: unknown }
  | { ok: false; error: { code: string; message?: string; puzzle?: object } };

/** The code under which a puzzle that the server asks for is counted: of newcomers, and of throws. */
export const PUZZLE_ASKED = "puzzle_required";
/** This client solves none: it would measure itself. */
export const PUZZLE_HINT =
  "the server asks for puzzles, which are not solved here: start it with PUZZLE=off";

type Listener = (answer: Answer) => void;
interface Waiting {
  done: Listener;
  until: number;
}

export interface ClientListener {
  event: (name: string, data: unknown) => void;
  /** It has ended though `close` was not called. */
  lost: (reason: string) => void;
}

export interface ClientOptions {
  url: URL;
  from?: string | undefined;
  /** Of the CONNECT packet. */
  auth: object;
}

/** Characters of Engine.IO v4 and Socket.IO v5, as bytes. */
const [OPEN, CLOSE, PING, MESSAGE] = [0x30, 0x31, 0x32, 0x34];
const [CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR] = [0x30, 0x31, 0x32, 0x33, 0x34];

/** A drifter's line that speaks Engine.IO v4 and Socket.IO v5 itself. */
export class Client {
  /** Heartbeats that the server has sent. */
  heartbeats = 0;
  readonly #listener: ClientListener;
  readonly #waiting = new Map<number, Waiting>();
  #line: Line | null = null;
  #nextAck = 0;
  #isEnded = false;
  #pingedAt = performance.now();
  #silenceMaxMs = Infinity;
  #welcome: { done: () => void; fail: (error: LineError) => void } | null = null;
  readonly #auth: object;

  private constructor(auth: object, listener: ClientListener) {
    this.#auth = auth;
    this.#listener = listener;
  }

  /** Resolves once the namespace is entered. @throws LineError with the server's code, or the line's */
  static async connect(options: ClientOptions, listener: ClientListener): Promise<Client> {
    const client = new Client(options.auth, listener);
    const entered = new Promise<void>((done, fail) => {
      client.#welcome = { done, fail };
    });
    // Where the line does not open, nobody else would await it.
    entered.catch(() => {});
    client.#line = await Line.open(options, {
      message: (opcode, bytes, start, end) => client.#packet(opcode, bytes, start, end),
      closed: (reason) => client.#ended(reason),
    });
    const timer = setTimeout(() => {
      client.#welcome?.fail(new LineError("timeout"));
      client.cut();
    }, PATIENCE_MS);
    try {
      await entered;
    } finally {
      clearTimeout(timer);
    }
    return client;
  }

  get isOpen(): boolean {
    return !this.#isEnded;
  }

  /** Sends a command; `done` is called once, with `timeout` or `closed` where no reply comes. */
  ask(name: string, payload: object, done: Listener): void {
    if (this.#isEnded) {
      done(failure("closed"));
      return;
    }
    const id = this.#nextAck;
    this.#nextAck += 1;
    this.#waiting.set(id, { done, until: performance.now() + PATIENCE_MS });
    this.#line!.send(`42${id}${JSON.stringify([name, payload])}`);
  }

  /** To be called now and then: ends what has waited too long, and a line without heartbeat. */
  sweep(nowMs: number): void {
    for (const [id, waiting] of this.#waiting) {
      // In the order in which they were sent.
      if (waiting.until > nowMs) break;
      this.#waiting.delete(id);
      waiting.done(failure("timeout"));
    }
    if (nowMs - this.#pingedAt > this.#silenceMaxMs) this.#line?.cut("no heartbeat");
  }

  /** Leaves in the socket whatever comes, also that the other side has closed. */
  stopReading(): void {
    this.#line?.stopReading();
  }

  readOn(): void {
    this.#line?.readOn();
  }

  close(): void {
    this.#isEnded = true;
    this.#line?.close();
  }

  /** Without a word. */
  cut(): void {
    this.#isEnded = true;
    this.#line?.cut();
  }

  #packet(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode !== OPCODE.text) return;
    const type = bytes[start];
    if (type === PING) {
      this.#pingedAt = performance.now();
      this.heartbeats += 1;
      this.#line!.sendFrame(encodeFrame(OPCODE.text, "3"));
    } else if (type === OPEN) {
      const { pingInterval, pingTimeout } = JSON.parse(bytes.toString("utf8", start + 1, end));
      this.#silenceMaxMs = pingInterval + pingTimeout + PATIENCE_MS;
      this.#line!.send(`40${JSON.stringify(this.#auth)}`);
    } else if (type === CLOSE) this.#line!.cut("closed by the server");
    else if (type === MESSAGE) this.#message(bytes, start, end);
  }

  #message(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start + 1];
    if (type === ACK) this.#reply(bytes.toString("utf8", start + 2, end));
    else if (type === EVENT) this.#event(bytes, start, end);
    else if (type === CONNECT) {
      this.#welcome?.done();
      this.#welcome = null;
    } else if (type === CONNECT_ERROR) {
      const { message, data } = JSON.parse(bytes.toString("utf8", start + 2, end));
      const why = data?.code === PUZZLE_ASKED ? `${PUZZLE_ASKED}: ${PUZZLE_HINT}` : message;
      this.#welcome?.fail(new LineError(data?.code ?? "refused", why));
      this.#welcome = null;
      this.close();
    } else if (type === DISCONNECT) this.#line!.cut("put out by the server");
  }

  #reply(text: string): void {
    const bracket = text.indexOf("[");
    const id = Number(text.slice(0, bracket));
    const waiting = this.#waiting.get(id);
    // One that comes after its time has been counted as `timeout`.
    if (!waiting) return;
    this.#waiting.delete(id);
    const [answer] = JSON.parse(text.slice(bracket)) as [Answer];
    if (!answer.ok && answer.error.puzzle) answer.error.code = PUZZLE_ASKED;
    waiting.done(answer);
  }

  #event(bytes: Buffer, start: number, end: number): void {
    const { name, data } = parsedEvent(bytes, start + 2, end);
    this.#listener.event(name, data);
  }

  #ended(reason: string): void {
    const wasClosed = this.#isEnded;
    this.#isEnded = true;
    this.#welcome?.fail(new LineError("closed", reason));
    this.#welcome = null;
    for (const { done } of this.#waiting.values()) done(failure("closed"));
    this.#waiting.clear();
    if (!wasClosed) this.#listener.lost(reason);
  }
}

function failure(code: string): Answer {
  return { ok: false, error: { code } };
}
