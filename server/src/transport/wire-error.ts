import { nanoid } from "nanoid";
import { ERROR_CODES, type WireError } from "@driftsea/protocol";
import { DomainError } from "../lib/errors.ts";

/** What the wire says of an error: of a fault of ours no more than an id, which `onFault` is given for the log. */
export function wireErrorOf(error: unknown, onFault: (correlationId: string) => void): WireError {
  if (error instanceof DomainError) {
    const { code, message, details } = error;
    return { code, message, retryable: ERROR_CODES[code].retryable, ...details };
  }
  const correlationId = nanoid(10);
  onFault(correlationId);
  return { code: "internal", message: correlationId, retryable: ERROR_CODES.internal.retryable };
}
