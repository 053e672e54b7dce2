import { nanoid } from "nanoid";
import type { Logger } from "pino";
import { ERROR_CODES } from "@driftsea/protocol";
import type { Reply, WireError } from "@driftsea/protocol";
import type { Context } from "../lib/connection-context.ts";
import { DomainError } from "../lib/errors.ts";
import type { Metrics } from "../lib/metrics.ts";
import { commands } from "./commands.ts";
import type { Command } from "./commands.ts";
import type { Services } from "./handlers.ts";
import type { TokenBucket } from "./meter.ts";
import { validate } from "./validate.ts";

/** What a connection that sends too fast is told to wait, in ms: time for a good part of a burst. */
const RETRY_MS = 1000;

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
  #running = 0;
  #idle: (() => void) | null = null;

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
    const end = metrics.commandSeconds.startTimer({ command: label });
    this.#running += 1;
    const reply = await this.#reply(command, context, packet, bucket);
    this.#running -= 1;
    end();
    metrics.commands.inc({ command: label, outcome: reply.ok ? "ok" : reply.error.code });
    try {
      (ack as (reply: Reply<object>) => void)(reply);
    } catch (error) {
      this.#p.logger.warn({ reason: String(error) }, "a reply could not be sent");
    }
    if (this.#running === 0) this.#idle?.();
  }

  async #reply(
    command: Command | undefined,
    context: Context,
    packet: readonly unknown[],
    bucket: TokenBucket | null,
  ): Promise<Reply<object>> {
    try {
      if (bucket?.take(1, performance.now()) === false) {
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
      return { ok: true, data: await command.handle(this.#p.services, context, payload) };
    } catch (error) {
      return { ok: false, error: this.#wireError(error, command) };
    }
  }

  #wireError(error: unknown, command: Command | undefined): WireError {
    if (error instanceof DomainError) {
      const { code, message, details } = error;
      return { code, message, retryable: ERROR_CODES[code].retryable, ...details };
    }
    const correlationId = nanoid(10);
    this.#p.metrics.faults.inc();
    this.#p.logger.error({ correlationId, command: command?.name, err: error }, "command failed");
    return { code: "internal", message: correlationId, retryable: ERROR_CODES.internal.retryable };
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
