import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export interface Step {
  verb: string;
  rest: string;
}

export interface Stage {
  base: string;
  name: string | null;
  steps: Step[];
}

/** The stages of a Dockerfile, lines that go on put together. */
export function stagesOf(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of text
    .replace(/^\s*#.*$/gm, "")
    .replace(/\\\n\s*/g, "")
    .split("\n")) {
    const [, verb, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (verb === undefined || rest === undefined) continue;
    if (verb === "FROM") {
      const [base, , name] = rest.split(/\s+/);
      stages.push({ base: base!, name: name ?? null, steps: [] });
    } else stages.at(-1)!.steps.push({ verb, rest });
  }
  return stages;
}

/** Of a COPY: the stage that it is from, or null for the project's folder; what, and where to. */
export function copyOf(step: Step): { from: string | null; sources: string[]; to: string } {
  const words = step.rest.split(/\s+/);
  const from = words.find((word) => word.startsWith("--from="))?.slice("--from=".length) ?? null;
  const paths = words.filter((word) => !word.startsWith("--"));
  return { from, sources: paths.slice(0, -1), to: paths.at(-1)! };
}

/** What is not handed to a build, as far as .dockerignore here uses its language. */
export function isIgnored(path: string): boolean {
  const lines = readFileSync(join(ROOT, ".dockerignore"), "utf8").split("\n").filter(Boolean);
  const parts = path.split("/");
  return lines.some((line) => {
    if (!line.startsWith("**/")) return path === line || path.startsWith(`${line}/`);
    const name = line.slice("**/".length);
    return parts.some((part) =>
      name.startsWith("*") ? part.endsWith(name.slice(1)) : part === name,
    );
  });
}

/**
 * Does what a Dockerfile says in folders of this machine, without its base images: each stage has one
 * as its root. Answers with the last stage's and with its last CMD and HEALTHCHECK.
 */
export function carryOut(stages: readonly Stage[], folder: string) {
  const roots = new Map<string, { root: string; workdir: string }>();
  let last = { root: "", workdir: "/" };
  const program = { CMD: [] as string[], HEALTHCHECK: [] as string[] };
  for (const stage of stages) {
    const before = roots.get(stage.base);
    last = { root: mkdtempSync(join(folder, "stage-")), workdir: before?.workdir ?? "/" };
    if (before) cpSync(before.root, last.root, { recursive: true });
    if (stage.name !== null) roots.set(stage.name, last);
    const here = (path: string): string => join(last.root, resolve(last.workdir, path));
    for (const step of stage.steps) {
      if (step.verb === "WORKDIR") {
        last.workdir = step.rest;
        mkdirSync(here("."), { recursive: true });
      } else if (step.verb === "COPY") {
        const { from, sources, to } = copyOf(step);
        for (const source of sources) {
          const origin = from === null ? join(ROOT, source) : join(roots.get(from)!.root, source);
          const isInto = to.endsWith("/") && statSync(origin).isFile();
          cpSync(origin, isInto ? join(here(to), basename(origin)) : here(to), {
            recursive: true,
            verbatimSymlinks: true,
            filter: (path) => from !== null || !isIgnored(relative(ROOT, path)),
          });
        }
      } else if (step.verb === "RUN" && last.workdir !== "/") {
        const { PATH, HOME } = process.env;
        const run = spawnSync("/bin/sh", ["-c", step.rest], {
          cwd: here("."),
          env: { PATH, HOME },
          encoding: "utf8",
        });
        if (run.status !== 0) throw new Error(`${step.rest}:\n${run.stdout}${run.stderr}`);
      } else if (step.verb === "CMD" || step.verb === "HEALTHCHECK") {
        program[step.verb] = JSON.parse(step.rest.slice(step.rest.indexOf("["))) as string[];
      }
    }
  }
  return { folder: join(last.root, last.workdir), ...program };
}
