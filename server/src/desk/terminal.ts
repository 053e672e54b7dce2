import { text } from "node:stream/consumers";
import { OperatorError } from "../lib/errors.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACES = new Set(["\u007f", "\b"]);

/**
 * A password: at a terminal it is asked for twice and never shown; else the first line of the standard
 * input.
 */
export async function readPassword(): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).split(/\r?\n/)[0] ?? "";
  const password = await ask("Password: ");
  if ((await ask("Once more: ")) !== password) throw new OperatorError("They are not the same.");
  return password;
}

/** Reads a line of which nothing is shown. */
async function ask(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.resume();
  try {
    return await new Promise<string>((resolve, reject) => {
      let line = "";
      const hear = (typed: string): void => {
        for (const key of typed) {
          if (key === "\r" || key === "\n" || key === CTRL_D) return done(() => resolve(line));
          if (key === CTRL_C) return done(() => reject(new OperatorError("Nothing was changed.")));
          if (BACKSPACES.has(key)) line = line.replace(/.$/su, "");
          else line += key;
        }
      };
      const done = (end: () => void): void => {
        stdin.off("data", hear);
        end();
      };
      stdin.on("data", hear);
    });
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}
