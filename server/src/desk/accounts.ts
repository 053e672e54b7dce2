import { nanoid } from "nanoid";
import { DESK_LIMITS, DESK_NAME } from "@driftsea/protocol";
import { OperatorError } from "../lib/errors.ts";
import type { ModeratorId, Review } from "../review/review.ts";
import type { DeskStore, Moderator } from "./desk.store.ts";
import { COST, hashPassword } from "./passwords.ts";
import type { ScryptCost } from "./passwords.ts";
import { newSecret } from "./totp.ts";

/** What the operator does with the accounts of moderators. Each change stands in the audit log. */
export class DeskAccounts {
  readonly #store: DeskStore;
  readonly #review: Pick<Review, "note">;

  readonly #cost: ScryptCost;

  constructor(store: DeskStore, review: Pick<Review, "note">, cost = COST) {
    this.#store = store;
    this.#review = review;
    this.#cost = cost;
  }

  list(): Promise<(Moderator & { since: number })[]> {
    return this.#store.list();
  }

  /**
   * A new account; the secret of its codes is told here alone.
   * @throws OperatorError where the name is taken or has another form, or the password is too short.
   */
  async add(name: string, password: string): Promise<{ secret: string }> {
    if (!DESK_NAME.test(name)) {
      throw new OperatorError(
        `${name}: a name is 2 to 32 of a-z 0-9 . _ -, and begins with a letter`,
      );
    }
    checkPassword(name, password);
    const id = nanoid<ModeratorId>();
    const secret = newSecret();
    const isNew = await this.#store.add({
      id,
      name,
      password: await hashPassword(password, this.#cost),
      secret,
    });
    if (!isNew) throw new OperatorError(`${name}: there is such an account already`);
    await this.#review.note(id, "desk:account-made");
    return { secret };
  }

  /** Another password and another secret; its sessions end. @throws OperatorError as `add`. */
  async reset(name: string, password: string): Promise<{ secret: string }> {
    checkPassword(name, password);
    const account = await this.#store.find(name);
    const secret = newSecret();
    const changes = { password: await hashPassword(password, this.#cost), secret, step: 0 };
    if (!account || !(await this.#store.renew(name, account.version, changes))) throw unknown(name);
    await this.#review.note(account.id, "desk:account-reset");
    return { secret };
  }

  /** Ends it and its sessions. @throws OperatorError where there is none. */
  async remove(name: string): Promise<void> {
    const id = await this.#store.remove(name);
    if (id === null) throw unknown(name);
    await this.#review.note(id, "desk:account-ended");
  }
}

function checkPassword(name: string, password: string): void {
  const { passwordMinChars: min, passwordMaxChars: max } = DESK_LIMITS;
  if (password.length < min || password.length > max) {
    throw new OperatorError(`a password has ${min} to ${max} characters`);
  }
  if (password.toLowerCase().includes(name)) {
    throw new OperatorError("a password does not hold the name");
  }
}

const unknown = (name: string): OperatorError =>
  new OperatorError(`${name}: there is no such account`);
