import { now } from "../measure/clock.ts";
import { usageOf } from "../measure/process-usage.ts";
import { Client } from "../net/client.ts";
import { socketUrl } from "../net/target.ts";
import { eachOf, pause } from "../run/together.ts";
import type { Subject } from "./subjects.ts";

/** How long a server's cost of doing nothing is watched, in ms. */
const IDLE_MS = 1500;

/** One connection of a comparison; counts what it is told. */
export class Visitor {
  /** Events that came after the first word of the server. */
  messages = 0;
  readonly #client: Client;
  readonly token: string | undefined;

  private constructor(client: Client, token: string | undefined) {
    this.#client = client;
    this.token = token;
  }

  static async come(
    { url }: Pick<Subject, "url">,
    onMessage: () => void = () => {},
    known?: string,
  ): Promise<Visitor> {
    let visitor: Visitor | null = null;
    let ready: (data: { token?: string }) => void = () => {};
    const isReady = new Promise<{ token?: string }>((done) => (ready = done));
    const auth = { protocol: 1, ...(known !== undefined && { token: known }) };
    const client = await Client.connect(
      { url: socketUrl(url), auth },
      {
        event: (name, data) => {
          if (visitor) visitor.messages += 1;
          if (name === "room:message") onMessage();
          else if (name === "session:ready") ready(data as { token?: string });
        },
        lost: (reason) => {
          throw new Error(`a connection was lost: ${reason}`);
        },
      },
    );
    const { token } = await isReady;
    visitor = new Visitor(client, token ?? known);
    return visitor;
  }

  get heartbeats(): number {
    return this.#client.heartbeats;
  }

  /** @throws Error where the reply is none, or an error */
  ask<T>(name: string, payload: object): Promise<T> {
    return new Promise((done, fail) => {
      this.#client.ask(name, payload, (answer) => {
        if (answer.ok) done(answer.data as T);
        else fail(new Error(`${name}: ${answer.error.code}`));
      });
    });
  }

  close(): void {
    this.#client.close();
  }
}

/** So many visitors, made some at a time; `known` are tokens to come back with. */
export async function crowd(
  subject: Subject,
  count: number,
  onMessage: () => void = () => {},
  known: readonly (string | undefined)[] = [],
): Promise<Visitor[]> {
  const visitors = Array.from<Visitor>({ length: count });
  await eachOf(count, async (i) => {
    visitors[i] = await Visitor.come(subject, onMessage, known[i]);
  });
  return visitors;
}

/** CPU in µs. */
export interface Cost {
  server: number;
  redis: number;
}

const cpuUs = (pid: number | null): number =>
  pid === null ? 0 : (usageOf(pid)?.cpuMs ?? 0) * 1000;

/** CPU of a server's processes while something is done, less what they use when nothing is. */
export async function costOf(subject: Subject, act: () => Promise<void>): Promise<Cost> {
  const both = (): [number, number, number] => [now(), cpuUs(subject.pid), cpuUs(subject.redisPid)];
  const idleFrom = both();
  await pause(IDLE_MS);
  const from = both();
  await act();
  const to = both();
  const share = (to[0] - from[0]) / (from[0] - idleFrom[0]);
  return {
    server: to[1] - from[1] - share * (from[1] - idleFrom[1]),
    redis: to[2] - from[2] - share * (from[2] - idleFrom[2]),
  };
}
