import { execFile, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

const run = promisify(execFile);
const FOLDER = fileURLToPath(new URL("..", import.meta.url));
const ROOT = dirname(dirname(FOLDER));
/** As somebody else runs it: without what runs these tests. */
const env = { PATH: process.env["PATH"], HOME: process.env["HOME"] };

interface Packed {
  filename: string;
  files: { path: string }[];
}

const pack = async (...args: string[]): Promise<Packed> => {
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", ...args], {
    cwd: FOLDER,
    env,
  });
  return (JSON.parse(stdout) as Packed[])[0]!;
};

describe("the protocol as a package", function () {
  this.timeout(120_000);
  let folder = "";
  let installed = "";

  before(async function () {
    if (spawnSync("tar", ["--version"]).error) {
      if (process.env["DRIFTSEA_REQUIRE_ALL"]) throw new Error("tar is required here");
      return this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), "driftsea-package-"));
    const { filename } = await pack("--pack-destination", folder);
    const modules = join(folder, "node_modules");
    installed = join(modules, "@driftsea/protocol");
    mkdirSync(installed, { recursive: true });
    await run("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", installed]);
    // What npm would install beside it.
    const validator = createRequire(import.meta.url).resolve("class-validator/package.json");
    symlinkSync(dirname(validator), join(modules, "class-validator"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("holds all that it says it exports, and no tests and no page", async () => {
    const paths = (await pack("--dry-run")).files.map(({ path }) => path);
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
      exports: Record<string, string | Record<string, string>>;
    };
    const named = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    expect(named).to.have.length(10);
    for (const name of named) {
      expect(paths).to.include(name.replace("./", ""));
      expect(existsSync(join(installed, name)), name).to.equal(true);
    }
    expect(paths).to.include.members(["README.md", "dist/terms.js", "dist/terms.d.ts"]);
    expect(paths.filter((path) => /spec|docs\.html|^describe/.test(path))).to.deep.equal([]);
  });

  it("is imported by another program: codes, limits, classes, the document", async () => {
    writeFileSync(
      join(folder, "program.mjs"),
      `import { createRequire } from "node:module";
      import { validateSync } from "class-validator";
      import { ERROR_CODES, LIMITS, PROTOCOL_VERSION, errorsOf } from "@driftsea/protocol";
      import { ThrowBottle } from "@driftsea/protocol/dto";
      const wire = createRequire(import.meta.url)("@driftsea/protocol/asyncapi.json");
      const bottle = Object.assign(new ThrowBottle(), { id: "x".repeat(21), text: "" });
      console.log(JSON.stringify({
        codes: Object.keys(ERROR_CODES).length,
        chars: LIMITS.bottleChars,
        version: PROTOCOL_VERSION,
        errors: errorsOf("bottle:hold"),
        faults: validateSync(bottle).map(({ property }) => property),
        commands: Object.keys(wire.operations).length,
      }));`,
    );
    const { stdout } = await run(process.execPath, ["program.mjs"], { cwd: folder, env });
    const told = JSON.parse(stdout) as Record<string, unknown>;
    expect(told).to.include({ chars: 1000, version: 1 });
    expect(told["faults"]).to.deep.equal(["text"]);
    expect(told["errors"]).to.include("gone");
    expect(told["codes"]).to.be.greaterThan(10);
    expect(told["commands"]).to.be.greaterThan(100);
  });

  it("has types that another program is checked by", async () => {
    writeFileSync(
      join(folder, "program.ts"),
      `import type { Data, Events, Payload, Reply } from "@driftsea/protocol";
      import { ThrowBottle } from "@driftsea/protocol/dto";
      export const bottle: Payload<"bottle:throw"> = new ThrowBottle();
      export const read = (reply: Reply<Data<"bottle:catch">>): string =>
        reply.ok && reply.data.outcome === "bottle" ? reply.data.bottle.text : "";
      export const sea = (tide: Events["sea:tide"]): string => tide.sea;
      // @ts-expect-error: a sea has a word for a name
      export const wrong: Payload<"bottle:catch"> = { sea: 5 };
      // @ts-expect-error: there is no such command
      export type None = Payload<"bottle:drink">;`,
    );
    const options = "--noEmit --strict --module nodenext --target es2022 --types";
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const args = [tsc, ...options.split(" "), "", "--skipLibCheck", "program.ts"];
    const said = await run(process.execPath, args, { cwd: folder, env }).then(
      () => "",
      (error: { stdout: string }) => error.stdout,
    );
    expect(said).to.equal("");
  });
});
