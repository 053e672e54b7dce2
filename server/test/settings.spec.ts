import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { readConfig } from "../src/config.ts";
import { Settings, misspelt, printed } from "../src/lib/settings.ts";
import { environmentOf, spawnRaw, spawnServer } from "./harness/process.ts";

const file = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

function settingsOf(env: Record<string, string> = {}): Settings {
  const settings = new Settings(env);
  readConfig(env, settings);
  return settings;
}

/** Of lines as `#NAME=value`. */
function assignments(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  );
}

/** Names and defaults as the table has them: several of each may stand in one line. */
function tableOf(text: string): Map<string, string> {
  const rows = [...text.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| ([^|]*) \|/gm)];
  return new Map(
    rows.flatMap(([, names, values]) => {
      const all = names!.replaceAll("`", "").split(", ");
      const defaults = all.length === 1 ? [values!] : values!.split(", ");
      return all.map((name, i): [string, string] => [
        name,
        defaults[i]!.replaceAll("`", "").trim(),
      ]);
    }),
  );
}

describe("the settings", function () {
  this.timeout(60_000);
  const { all } = settingsOf();
  const withDefault = all.filter(({ fallback }) => fallback !== "");

  it(".env.example has every setting with its default, and no other", () => {
    const example = assignments(file(".env.example"));
    expect([...example.keys()].sort()).to.deep.equal(all.map(({ name }) => name));
    for (const { name, fallback } of withDefault)
      expect(example.get(name), name).to.equal(fallback);
  });

  it("docs/operations.md has every setting with its default, and no other", () => {
    const table = tableOf(file("docs/operations.md"));
    expect([...table.keys()].sort()).to.deep.equal(all.map(({ name }) => name));
    for (const { name, fallback } of withDefault) expect(table.get(name), name).to.equal(fallback);
    // Where there is none the table says in words what holds.
    for (const { name, fallback } of all)
      if (fallback === "") expect(table.get(name), name).to.match(/^\D+$/);
  });

  it("what is printed is the same settings again", () => {
    const env = { PORT: "8080", TRANSPORT: "node", ALLOWED_ORIGINS: "https://sea.example" };
    const given = [...printed(settingsOf(env).all).matchAll(/^([A-Z_]+)=(.*)$/gm)];
    expect(Object.fromEntries(given.map(([, name, value]) => [name, value]))).to.deep.equal(env);
  });

  it("a server that a test or a load test starts takes nothing from an operator's .env", () => {
    const folder = mkdtempSync(join(tmpdir(), "driftsea-env-"));
    writeFileSync(join(folder, ".env"), all.map(({ name }) => `${name}=theirs\n`).join(""));
    const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
    const env = environmentOf({ PORT: 8080 });
    const { stdout } = spawnSync(process.execPath, [main, "--print-config"], {
      cwd: folder,
      env,
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    expect(stdout.match(/^[A-Z_]+=.*$/gm)).to.deep.equal(["PORT=8080"]);
  });

  it("no secret is printed", () => {
    const text = printed(
      settingsOf({
        REDIS_URL: "redis://me:hush,hush@a:6379/1, rediss://:hush@b:6380",
        ROOMS_REDIS_URL: "redis://hush@c",
        CLASSIFIER_URL: "https://classifier.example/hush?key=hush",
        METRICS_TOKEN: "hush",
        ADMIN_PASSWORD: "hush",
        NODE_SECRET: "hushhushhushhush",
        SEED: "hush",
      }).all,
    );
    expect(text).to.not.include("hush");
    expect(text).to.include("REDIS_URL=redis://***@a:6379/1,rediss://***@b:6380\n");
    expect(text).to.include("CLASSIFIER_URL=https://classifier.example/***\n");
  });

  it("a name that is none is told from a foreign one", () => {
    const slips: [string, string][] = [
      ["THROW_PER_DAY", "THROWS_PER_DAY"],
      ["REDIS_ULR", "REDIS_URL"],
      ["DRIFTSEA_PORT", "PORT"],
      ["HOLE_SILENCE", "HOLE_SILENCE_MS"],
      ["trust_proxy", "TRUST_PROXY"],
    ];
    const foreign = ["HOME", "PATH", "PWD", "HOSTNAME", "TERM", "LANG", "USER", "SHELL", "TZ"];
    const env = Object.fromEntries(
      [...slips.map(([name]) => name), ...foreign].map((n) => [n, "1"]),
    );
    expect(misspelt(env, all)).to.deep.equal(slips.map(([name, meant]) => ({ name, meant })));
    expect(misspelt(Object.fromEntries(all.map(({ name }) => [name, "1"])), all)).to.deep.equal([]);
  });

  it("--print-config prints them and starts nothing", async () => {
    const main = new URL("../src/main.ts", import.meta.url).pathname;
    const command = [process.execPath, "--import=tsx", "--conditions=source", main];
    const settings = { PORT: 8080, REDIS_URL: "redis://:hush@127.0.0.1:1", WEB_CONCURRENCY: 3 };
    const server = spawnRaw(settings, [...command, "--print-config"]);
    expect(await server.ended).to.equal(0);
    expect(server.output())
      .to.include("\nPORT=8080\n")
      .and.to.include("\nREDIS_URL=redis://***@127.0.0.1:1\n")
      .and.to.include("\n#LEASE_MS=600000\n")
      .and.not.to.include("hush");
  });

  it("a misspelt setting is named at the start, and ends nothing", async () => {
    const server = await spawnServer({ PATH: "", THROWS_PER_DAYS: 1 });
    expect(server.output()).to.include("THROWS_PER_DAYS is no setting: is THROWS_PER_DAY meant?");
    server.kill("SIGTERM");
    expect(await server.ended).to.equal(0);
  });
});
