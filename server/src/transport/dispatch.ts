import type { Logger } from "pino";
import type { DrifterId, Reply } from "@driftsea/protocol";
import type { Context } from "../lib/connection-context.ts";
import { DomainError } from "../lib/errors.ts";
import type { Metrics } from "../lib/metrics.ts";
import { commands } from "./commands.ts";
import type { Command } from "./commands.ts";
import type { Services } from "./handlers.ts";
import type { TokenBucket } from "./meter.ts";
import { validate } from "./validate.ts";
import { wireErrorOf } from "./wire-error.ts";

/** What a connection that sends too fast is told to wait, in ms: time for a good part of a burst. */
const RETRY_MS = 1000;

/**
 * Nobody is told `gone` sooner after he asked, in ms. The time is begun before anything is looked up: what that
 * takes would tell whether there was nothing, or something that is not for him.
 */
const GONE_AFTER_MS = 5;
/** Commands that come within so long of one another wait for the same timer, in ms. */
const ONE_TIMER_MS = 1;

const FORGOTTEN = new DomainError("unauthorized", "this drifter is being forgotten");

export interface DispatchParts {
  services: Services;
  metrics: Metrics;
  logger: Logger;
}

/**
 * The one way in: from a packet to a reply. Nothing that a client sends, and nothing that is thrown
 * behind it, gets past here; what is not a DomainError becomes `internal` with a correlation id.
 */
export class Dispatch {
  readonly #p: DispatchParts;
  /** The store has hardly any room left: no more words are taken, so that people can still come and read. */
  isFull = false;
  #running = 0;
  /** Commands in work, by drifter, where somebody waits for their end. */
  readonly #inWork = new Map<DrifterId, number>();
  readonly #closed = new Map<DrifterId, (() => void)[]>();
  #idle: (() => void) | null = null;
  #due = { from: -Infinity, isDue: Promise.resolve() };

  constructor(parts: DispatchParts) {
    this.#p = parts;
  }

  /** Answers one packet. `bucket` meters the connection's commands; null for none. */
  async answer(
    context: Context,
    packet: readonly unknown[],
    bucket: TokenBucket | null,
  ): Promise<void> {
    const { metrics } = this.#p;
    const ack = packet.at(-1);
    if (typeof ack !== "function") {
      metrics.ignored.inc();
      return;
    }
    const name = String(packet[0]);
    const command = commands.get(name);
    const label = command?.name ?? "unknown";
    const from = performance.now();
    const isDue = this.#dueOf(from);
    this.#running += 1;
    const { drifter } = context;
    let reply: Reply<object>;
    if (this.#closed.has(drifter)) {
      const { code, message } = FORGOTTEN;
      reply = { ok: false, error: { code, message, retryable: false } };
    } else {
      this.#inWork.set(drifter, (this.#inWork.get(drifter) ?? 0) + 1);
      reply = await this.#reply(command, context, packet, bucket);
      this.#workDone(drifter);
    }
    metrics.answered(label, reply.ok ? "ok" : reply.error.code, performance.now() - from);
    if (!reply.ok && reply.error.code === "gone") await isDue;
    this.#running -= 1;
    try {
      (ack as (reply: Reply<object>) => void)(reply);
    } catch (error) {
      this.#p.logger.warn({ reason: String(error) }, "a reply could not be sent");
    }
    if (this.#running === 0) this.#idle?.();
  }

  /** When somebody who asked at `from` may be told that there is nothing. */
  #dueOf(from: number): Promise<void> {
    if (from - this.#due.from >= ONE_TIMER_MS) {
      const isDue = new Promise<void>((done) => setTimeout(done, GONE_AFTER_MS + ONE_TIMER_MS));
      this.#due = { from, isDue };
    }
    return this.#due.isDue;
  }

  #workDone(drifter: DrifterId): void {
    const left = this.#inWork.get(drifter)! - 1;
    if (left === 0) this.#inWork.delete(drifter);
    else this.#inWork.set(drifter, left);
    for (const look of this.#closed.get(drifter) ?? []) look();
  }

  /**
   * Refuses what a drifter asks from now on, and resolves when nothing of his is in work but the
   * command that asks for this, where it is one of this process. Else what he did last could be written
   * after all was erased.
   */
  async closeTo(drifter: DrifterId, { isAskedHere = true } = {}): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if ((this.#inWork.get(drifter) ?? 0) <= (isAskedHere ? 1 : 0)) resolve();
      };
      // He may be forgotten by way of two processes at once.
      this.#closed.set(drifter, [...(this.#closed.get(drifter) ?? []), look]);
      look();
    });
  }

  openTo(drifter: DrifterId): void {
    this.#closed.delete(drifter);
  }

  async #reply(
    command: Command | undefined,
    context: Context,
    packet: readonly unknown[],
    bucket: TokenBucket | null,
  ): Promise<Reply<object>> {
    try {
      if (bucket?.take(command?.cost ?? 1, performance.now()) === false) {
        throw new DomainError("rate_limited", "too fast", { retryAfterMs: RETRY_MS });
      }
      if (!command) throw new DomainError("not_found", "no such command");
      // Name, payload, ack.
      if (packet.length > 3) {
        throw new DomainError("invalid", "a command has one payload", {
          fields: { payload: "must be one object" },
        });
      }
      const payload = validate(command.dto, packet.length === 3 ? packet[1] : undefined);
      if (this.isFull && command.isScreened)
        throw new DomainError("unavailable", "there is no room for more just now");
      const { penalties, screening } = this.#p.services;
      // Most commands have nothing to wait for but what they do.
      const checking = command.closable && penalties.check(context.drifter, command.closable);
      if (checking) await checking;
      const admitted = screening.admit(context, command.name, payload);
      const passed = admitted instanceof Promise ? await admitted : admitted;
      const data = await command.handle(this.#p.services, context, payload);
      const written = screening.written(passed, data);
      if (written) await written;
      return { ok: true, data };
    } catch (error) {
      const { metrics, logger } = this.#p;
      const onFault = (correlationId: string): void => {
        metrics.faults.inc();
        logger.error({ correlationId, command: command?.name, err: error }, "command failed");
      };
      return { ok: false, error: wireErrorOf(error, onFault) };
    }
  }

  /** Resolves when no command is being answered, at the latest after `withinMs`. */
  async untilIdle(withinMs: number): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
