import cluster from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { AggregatorRegistry } from "prom-client";
import type { Registry } from "prom-client";
import { OperatorError } from "../lib/errors.ts";
import type { Worker } from "./supervisor.ts";

/* Several processes as one server: what they and the one above them say to each other. */

/** One that does not answer is not waited for, in ms. */
const METRICS_WITHIN_MS = 6000;

type FromWorker = { is: "ready"; transport: "uws" | "node" } | { is: "asking"; id: number };
interface Answer {
  metricsOf: number;
  text: string | null;
}

/**
 * The port that all are to share: a free one for 0. Nobody else may have it: two servers that share a
 * port unnoticed would deal out the connections among them.
 * @throws OperatorError where it cannot be had.
 */
export async function portFor(host: string, port: number): Promise<number> {
  const server = createServer();
  const listening = once(server, "listening");
  server.listen({ host, port, exclusive: true });
  try {
    await listening;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "EADDRINUSE" ? "the port is in use" : message;
    throw new OperatorError(`cannot listen on ${host}:${port}: ${why}`, { cause: error });
  }
  const { port: found } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return found;
}

/** Starts processes of a program as workers of this one; they share `env`. */
export function startWorkers(exec: string, env: Record<string, string>): () => Worker {
  cluster.setupPrimary({ exec, args: [] });
  const all = new AggregatorRegistry();
  return () => {
    const worker = cluster.fork(env);
    const ended = new Promise<string>((resolve) => {
      worker.once("exit", (code: number | null, signal: string | null) =>
        resolve(signal ?? `exit code ${code}`),
      );
      // A word to one that has just died fails; one that could not be started has no other end.
      worker.on("error", (error: Error) => {
        if (worker.process.pid === undefined) resolve(error.message);
      });
    });
    const ready = new Promise<{ transport: "uws" | "node" } | null>((resolve) => {
      worker.on("message", (message: FromWorker) => {
        if (message.is === "ready") resolve({ transport: message.transport });
        if (message.is !== "asking") return;
        const answer = (text: string | null): void => {
          if (worker.isConnected()) worker.send({ metricsOf: message.id, text } satisfies Answer);
        };
        all.clusterMetrics().then(answer, () => answer(null));
      });
      void ended.then(() => resolve(null));
    });
    return {
      ready,
      ended,
      stop: () => void worker.process.kill("SIGTERM"),
      kill: () => void worker.process.kill("SIGKILL"),
    };
  };
}

/** A worker's side. */
export interface WorkerSide {
  send: (message: FromWorker) => void;
  hear: (listener: (message: unknown) => void) => void;
}

/** A registry that answers for all workers, or for its own process alone where the others do not answer. */
export function wholeOf(
  own: Registry,
  { send, hear }: WorkerSide,
): Pick<Registry, "contentType" | "metrics"> {
  AggregatorRegistry.setRegistries([own]);
  // Its making is what lets prom-client answer the process above.
  void new AggregatorRegistry();
  const waiting = new Map<number, (text: string | null) => void>();
  let asked = 0;
  hear((message) => {
    const { metricsOf, text } = message as Partial<Answer>;
    if (metricsOf !== undefined) waiting.get(metricsOf)?.(text ?? null);
  });
  const ask = (): Promise<string | null> =>
    new Promise((resolve) => {
      const id = (asked += 1);
      const timer = setTimeout(() => waiting.get(id)?.(null), METRICS_WITHIN_MS);
      waiting.set(id, (text) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(text);
      });
      send({ is: "asking", id });
    });
  return {
    contentType: own.contentType,
    metrics: async () => (await ask()) ?? own.metrics(),
  };
}
