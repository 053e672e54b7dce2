import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { load } from "js-yaml";
import { ROOT, carryOut, copyOf, isIgnored, stagesOf } from "./harness/dockerfile.ts";
import { spawnServer } from "./harness/process.ts";
import { needRedis } from "./harness/redis.ts";
import { Visitor, until } from "./harness/visitor.ts";

interface Service {
  build?: string;
  image: string;
  user?: string;
  command?: string;
  profiles?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  networks: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
  stop_grace_period?: string;
}

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const stages = stagesOf(read("Dockerfile"));
const compose = load(read("compose.yaml")) as {
  services: Record<string, Service & { "<<"?: Partial<Service> }>;
  volumes: Record<string, null>;
};
const { volumes } = compose;
// The parser leaves what is merged in to us.
const services: Record<string, Service> = Object.fromEntries(
  Object.entries(compose.services).map(([name, own]) => [name, { ...own["<<"], ...own }]),
);

describe("the image", () => {
  it("is made of files that there are, and none that stay behind", () => {
    const copies = stages.flatMap(({ steps }) => steps.filter(({ verb }) => verb === "COPY"));
    expect(copies.length).to.be.greaterThan(5);
    const names: (string | null)[] = stages.map(({ name }) => name);
    for (const { from, sources } of copies.map(copyOf)) {
      if (from !== null) expect(names).to.include(from);
      for (const source of from === null ? sources : []) {
        expect(existsSync(join(ROOT, source)), source).to.equal(true);
        expect(isIgnored(source), source).to.equal(false);
      }
    }
    for (const path of [
      ".env",
      ".git",
      "node_modules",
      "server/node_modules",
      "client/dist",
      ".data",
    ])
      expect(isIgnored(path), path).to.equal(true);
  });

  it("is built of all that a build reads", async () => {
    const script = new URL("../../scripts/build.mjs", import.meta.url).href;
    const { sources } = (await import(script)) as { sources: readonly string[] };
    const copied = stages
      .filter(({ name }) => name === "packages" || name === "build")
      .flatMap(({ steps }) => steps.filter(({ verb }) => verb === "COPY"))
      .flatMap((step) => copyOf(step).sources);
    for (const path of sources) {
      const isCopied = copied.some((one) => path === one || path.startsWith(`${one}/`));
      expect(isCopied, path).to.equal(true);
      expect(isIgnored(path), path).to.equal(false);
    }
  });

  it("runs as nobody special on the Node of glibc, and says whether it lives", () => {
    const last = stages.at(-1)!;
    const rest = (verb: string): string | undefined =>
      last.steps.findLast((step) => step.verb === verb)?.rest;
    expect(rest("USER")).to.equal("node");
    expect(rest("HEALTHCHECK")).to.include("/healthz");
    expect(rest("CMD")).to.equal('["node", "server/dist/main.js"]');
    for (const { base } of stages.filter((one) => !stages.some(({ name }) => name === one.base)))
      expect(base).to.equal("node:22-bookworm-slim");
  });

  // A production install and a build: minutes.
  if (process.env["DRIFTSEA_LONG"])
    it("what it is made of, put together here, serves the page with one binary", async function () {
      this.timeout(600_000);
      const folder = mkdtempSync(join(tmpdir(), "driftsea-image-"));
      try {
        const image = carryOut(stages, folder);
        const binaries = readdirSync(image.folder, { recursive: true, encoding: "utf8" }).filter(
          (path) => /uws_[^/]*\.node$/.test(path),
        );
        expect(binaries).to.have.length(1);
        const [node, script] = image.CMD;
        const program = [node!, join(image.folder, script!)];
        const server = await spawnServer({ NODE_ENV: "production", DATA_DIR: folder }, program);
        expect(server.output()).to.include('"transport":"uws"');
        expect((await fetch(server.url)).status).to.equal(200);
        const ann = await Visitor.come(server.url);
        await ann.throws("from an image");
        await ann.leave();
        const [look, ...args] = image.HEALTHCHECK;
        const health = (port: string) =>
          spawnSync(look!, args, { env: { PATH: process.env["PATH"], PORT: port } }).status;
        expect(health(new URL(server.url).port)).to.equal(0);
        server.kill("SIGTERM");
        expect(await server.ended).to.equal(0);
        expect(health(new URL(server.url).port)).to.equal(1);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
});

describe("the containers", () => {
  it("may do no more than they need", () => {
    for (const [name, service] of Object.entries(services)) {
      expect(service.read_only, name).to.equal(true);
      expect(service.cap_drop, name).to.deep.equal(["ALL"]);
      expect(service.security_opt, name).to.include("no-new-privileges:true");
      expect(service.mem_limit, name).to.match(/^\d+[mg]$/);
      expect(service.image, name).to.match(
        service.build === undefined ? /:v?\d+\.\d+/ : /^driftsea$/,
      );
      for (const port of service.ports ?? []) expect(port, name).to.match(/^127\.0\.0\.1:/);
    }
    for (const name of ["redis", "rooms"])
      expect(services[name]!.networks, name).to.deep.equal(["stores"]);
  });

  it("what they mount is there", () => {
    for (const [name, service] of Object.entries(services))
      for (const [source] of (service.volumes ?? []).map((volume) => volume.split(":"))) {
        if (source!.startsWith("./")) expect(existsSync(join(ROOT, source!)), name).to.equal(true);
        else expect(Object.keys(volumes), name).to.include(source);
      }
  });

  it("only what watches waits for its profile, and the server has time to stop", () => {
    const watching = Object.keys(services).filter((name) => services[name]!.profiles);
    expect(watching).to.deep.equal(["prometheus", "grafana"]);
    expect(parseInt(services["driftsea"]!.stop_grace_period!, 10)).to.be.greaterThan(10);
  });

  describe("with redis-server", () => {
    let program: string;
    before(function () {
      program = needRedis(this);
    });

    for (const [name, wanted] of [
      ["redis", { appendonly: "yes", appendfsync: "always", save: "" }],
      ["rooms", { appendonly: "no", save: "" }],
    ] as const) {
      it(`${name} keeps what it should, and evicts nothing`, async () => {
        const folder = mkdtempSync(join(tmpdir(), "driftsea-compose-"));
        const socket = join(folder, "s");
        const [, ...args] = services[name]!.command!.split(" ").map((word) =>
          word.replace(/^""$/, ""),
        );
        const own = ["--port", "0", "--unixsocket", socket, "--dir", folder];
        const redis = spawn(program, [...args, ...own], { stdio: "ignore" });
        const ended = new Promise((resolve) => redis.once("exit", resolve));
        try {
          await until(() => existsSync(socket), "Redis to listen");
          const get = (what: string): string =>
            execFileSync("redis-cli", ["-s", socket, "CONFIG", "GET", what], { encoding: "utf8" })
              .split("\n")
              .slice(1, -1)
              .join("");
          for (const [what, value] of Object.entries(wanted))
            expect(get(what), what).to.equal(value);
          expect(get("maxmemory-policy")).to.equal("noeviction");
          expect(Number(get("maxmemory"))).to.be.greaterThan(0);
        } finally {
          redis.kill("SIGKILL");
          await ended;
          rmSync(folder, { recursive: true, force: true });
        }
      });
    }
  });
});

// Not everybody has systemd.
if (spawnSync("systemd-analyze", ["--version"]).status === 0)
  describe("the systemd unit", () => {
    it("is one, and is confined", () => {
      const unit = join(ROOT, "ops/systemd/driftsea.service");
      const analyze = (...args: string[]) =>
        spawnSync("systemd-analyze", [...args, unit], { encoding: "utf8" });
      const verify = analyze("verify", "--man=no");
      expect(verify.stderr + verify.stdout).to.equal("");
      expect(verify.status).to.equal(0);
      const security = analyze("security", "--offline=yes", "--threshold=25", "--no-pager");
      expect(security.status, security.stdout).to.equal(0);
    });
  });
