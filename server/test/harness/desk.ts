import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { fromBase32, stepAt, totp } from "../../src/desk/totp.ts";
import { CONTROLS } from "../../src/review/controls.ts";
import type { ModeratorId, Review, ReviewItem, ReviewKind } from "../../src/review/review.ts";
import type { Settings } from "./server.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const COMMAND = fileURLToPath(new URL("../../src/desk/command.ts", import.meta.url));

/** Runs the operator's command for accounts as a process of its own, as `npm run desk:account` does. */
export async function deskCommand(
  settings: Settings,
  args: readonly string[],
  input = "",
): Promise<{ code: number | null; output: string; errors: string }> {
  const env: NodeJS.ProcessEnv = { PATH: process.env["PATH"] };
  for (const [name, value] of Object.entries(settings)) env[name] = String(value);
  const node = ["--import=tsx", "--conditions=source", COMMAND, ...args];
  const child = spawn(process.execPath, node, { cwd: ROOT, env });
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, output, errors };
}

/** What waits for this moderator and was written by somebody: one decision in twenty brings a control. */
export async function firstOf(
  review: Review,
  moderator: ModeratorId,
  kind: ReviewKind,
): Promise<ReviewItem> {
  const controls = CONTROLS.flatMap(({ texts }) => texts);
  const isAsked = (item: ReviewItem): boolean =>
    item.kind === kind && !controls.includes(item.texts.at(-1)!);
  const found = (await review.queue(moderator, 100)).find(isAsked);
  if (!found) throw new Error(`no ${kind} waits`);
  return found;
}

/** A moderator whom the operator's command has made. */
export class DeskPerson {
  readonly name: string;
  readonly password: string;
  readonly secret: string;
  #used = 0;

  private constructor(name: string, password: string, secret: string) {
    this.name = name;
    this.password = password;
    this.secret = secret;
  }

  static async make(settings: Settings, name: string): Promise<DeskPerson> {
    const password = `a password of this person's own`;
    const { code, output, errors } = await deskCommand(settings, ["add", name], `${password}\n`);
    const secret = /^secret: ([A-Z2-7]{32})$/m.exec(output)?.[1];
    if (code !== 0 || secret === undefined) throw new Error(`no account: ${output}${errors}`);
    return new DeskPerson(name, password, secret);
  }

  /** A code that was not used yet: the next step's, where this one's was, which is taken as well. */
  code(): string {
    this.#used = Math.max(stepAt(Date.now()), this.#used + 1);
    return totp(fromBase32(this.secret), this.#used);
  }
}
