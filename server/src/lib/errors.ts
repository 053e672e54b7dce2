import type { ErrorCode, ErrorDetails } from "@driftsea/protocol";

/** A refusal that the caller is told as it is. Everything else that is thrown becomes `internal`. */
export class DomainError extends Error {
  override readonly name = "DomainError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** The store did not answer in time. The write may or may not have happened; the same id is safe. */
export class StoreUnavailable extends DomainError {
  constructor(cause?: unknown) {
    super("unavailable", "the store is away", { retryAfterMs: 1000 });
    this.cause = cause;
  }
}

/** What the operator can mend: he is told the message alone, without a trace. */
export class OperatorError extends Error {
  override readonly name: string = "OperatorError";
}

/** A script or store broke its own contract. */
export class ContractError extends Error {
  override readonly name = "ContractError";
}

/** Gone and never-been are one answer, so that nobody can probe for what exists. */
export const gone = (): DomainError => new DomainError("gone", "it has ended, or never was");

export const invalid = (fields: Record<string, string>): DomainError =>
  new DomainError("invalid", "the payload is not valid", { fields });
