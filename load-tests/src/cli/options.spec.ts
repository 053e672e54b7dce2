import { expect } from "chai";
import { SCENARIOS } from "../scenarios/index.ts";
import { HELP } from "./help.ts";
import { UsageError, readDuration, readOptions, readStages } from "./options.ts";

describe("the options of a load test", () => {
  const faults = (...args: string[]): readonly string[] => {
    try {
      readOptions(args);
      return [];
    } catch (error) {
      expect(error).to.be.instanceOf(UsageError);
      return (error as UsageError).faults;
    }
  };
  const settings = (...args: string[]) => readOptions(args)!.settings;

  it("[M10] each scenario runs without any option", () => {
    for (const name of Object.keys(SCENARIOS)) {
      const { scenario, url, closed, stages } = settings(name);
      expect({ scenario, url, closed }).to.deep.equal({ scenario: name, url: null, closed: false });
      expect(stages).to.have.length(1);
    }
    expect(settings("rooms", "--size", "1000").connections, "one room at least").to.equal(1000);
  });

  it("[M10] times, rates and stages are read as they are usually written", () => {
    expect(["500ms", "10s", "2m", "1h", "7", "1.5s"].map(readDuration)).to.deep.equal([
      500, 10_000, 120_000, 3_600_000, 7000, 1500,
    ]);
    expect(["", "s", "-1s", "1d", "1 s"].map(readDuration)).to.deep.equal(Array(5).fill(null));
    expect(readStages("10s:100,30s:1000")).to.deep.equal([
      { durationMs: 10_000, rate: 100 },
      { durationMs: 30_000, rate: 1000 },
    ]);
    for (const bad of ["", "10s", "10s:", "10s:0", "0s:10", "10s:1,", "10s:x"])
      expect(readStages(bad), bad).to.equal(null);
    expect(settings("rooms", "--rate=2s:5,1m:7").stages).to.deep.equal([
      { durationMs: 2000, rate: 5 },
      { durationMs: 60_000, rate: 7 },
    ]);
    expect(settings("rooms", "--find-max", "--rate", "50").stages).to.deep.equal([
      { durationMs: 5000, rate: 50 },
    ]);
  });

  it("[M10] all that is wrong is named at once, with what would be right", () => {
    const all = faults(
      "bottels",
      "--speed=3",
      "--rate",
      "fast",
      "--connections=0",
      "--warmup=soon",
      "--slo=catch.p98<5,fly.p99<5",
      "--store=disk",
      "--url=ftp://x",
      "--closed=yes",
      "--json",
    );
    const told = (...parts: string[]): void => {
      expect(
        all.filter((fault) => parts.every((part) => fault.includes(part))),
        parts.join(" "),
      ).to.have.length(1);
    };
    told("bottels", "connect, idle, bottles, rooms");
    told("--speed", "no such option");
    told("--rate fast", "10s:100,30s:1000");
    told("--connections 0", "from 1 to");
    told("--warmup soon", "500ms, 10s");
    told("catch.p98<5", "catch.p99<200");
    told("fly.p99<5", "throw, catch, answer");
    told("--store disk", "memory or redis");
    told("--url ftp://x", "http://127.0.0.1:3000");
    told("--closed", "takes no value");
    told("--json", "needs a value");
    expect(all).to.have.length(11);
  });

  it("[M10] an option that stands where a value should is not taken for one", () => {
    const [fault, ...more] = faults("rooms", "--json", "--quiet");
    expect(fault).to.include("--json --quiet: needs a value");
    expect(more).to.deep.equal([]);
    expect(faults("rooms", "--html=--closed")).to.have.length(1);
  });

  it("[M10] what contradicts itself is refused", () => {
    const cases: [string, string[]][] = [
      ["--closed", ["--closed", "--rate", "5"]],
      ["--find-max", ["--closed", "--find-max"]],
      ["stages", ["--rate", "1s:5", "--duration", "3s"]],
      ["--store", ["--url", "http://127.0.0.1:1", "--store", "redis"]],
      ["--workers", ["--workers", "4", "--connections", "3"]],
      ["--processes", ["--processes", "2", "--store", "memory"]],
      ["--processes", ["--processes", "2", "--url", "http://127.0.0.1:1"]],
      ["one scenario", ["rooms"]],
      ["24", ["--duration", "600h"]],
      ["24", ["--rate", "300h:1,300h:2"]],
      ["24", ["--duration", "1s", "--ramp", "300h", "--warmup", "300h"]],
    ];
    for (const [word, args] of cases) {
      const found = faults("bottles", ...args);
      expect(found, args.join(" ")).to.have.length(1);
      expect(found[0]).to.include(word);
    }
    const alone = ["loss", "--processes", "1"];
    expect(faults(...alone)[0], "nobody would be left").to.include("--processes");
    expect(faults("loss", "--url", "http://127.0.0.1:1")[0]).to.include("--url");
    expect(settings("loss").processes).to.equal(3);
  });

  it("[M10] a size of rooms that cannot be kept is refused, with how many connections it needs", () => {
    const size = (...args: string[]): number => settings(...args).size;
    const [fault] = faults("rooms", "--size=50", "--connections=99", "--workers=2");
    expect(fault).to.include("--size 50: rooms needs 100 --connections").and.include("2 --workers");
    expect(size("rooms", "--size=50", "--connections=100", "--workers=2")).to.equal(50);
    expect(faults("reconnect", "--size=5", "--connections=4")).to.have.length(1);
    for (const name of ["mixed", "loss", "soak"]) {
      const [fault] = faults(name, "--size=61", "--connections=200");
      expect(fault).to.include("needs 244 --connections");
      expect(size(name, "--size=61", "--connections=244")).to.equal(61);
      expect(settings(name, "--size=61").connections, "by itself").to.equal(244);
    }
    expect(size("bottles", "--size=50", "--connections=3"), "without rooms").to.equal(50);
    expect(size("rooms", "--connections=4"), "not asked for").to.equal(4);
    expect(faults("rooms", "--connections=1")[0]).to.include("needs 2 --connections");
  });

  it("[M10] a server of other people is refused, unless somebody says it is his", () => {
    expect(faults("bottles", "--url", "https://sea.example")[0]).to.include("--i-own-this-server");
    const own = settings("bottles", "--url", "https://sea.example", "--i-own-this-server");
    expect(own.url?.host).to.equal("sea.example");
    expect(settings("bottles", "--url", "http://[::1]:3000").url?.port).to.equal("3000");
  });

  it("[M10] the help names each scenario and option and fits one screen", () => {
    expect(readOptions(["--help"])).to.equal(null);
    const lines = HELP.split("\n");
    expect(lines.length).to.be.within(24, 40);
    for (const line of lines) expect(line.length, line).to.be.at.most(100);
    const words =
      "url store processes connections size rate duration ramp warmup closed find-max workers payload slo json html quiet i-own-this-server";
    for (const word of words.split(" ")) expect(HELP).to.include(`--${word}`);
    for (const name of Object.keys(SCENARIOS)) expect(HELP).to.include(`\n  ${name} `);
  });
});
