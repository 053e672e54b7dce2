import { readFileSync } from "node:fs";
import { expect } from "chai";

/**
 * Packages that stand between a stranger and the process, or build what a page runs, with the first
 * version that has no hole known of it; of each major version that was mended, the first.
 */
const MENDED: Record<string, { least: readonly string[]; holes: string }> = {
  "socket.io": {
    least: ["4.8.4"],
    holes: "CVE-2024-38355 (unhandled error event), CVE-2020-28481 (CORS)",
  },
  "engine.io": {
    least: ["6.6.12"],
    holes:
      "CVE-2026-59725 (polling requests that never end), CVE-2022-41940, CVE-2022-21676, " +
      "CVE-2023-31125 (uncaught exceptions); a request used after it has ended on uWebSockets.js",
  },
  "socket.io-parser": {
    least: ["4.2.7"],
    holes: "CVE-2026-33151 (attachments without end), CVE-2023-32695, CVE-2022-2421",
  },
  ws: {
    least: ["8.21.0"],
    holes: "CVE-2026-48779 (tiny fragments), CVE-2026-45736, CVE-2024-37890 (many headers)",
  },
  cookie: { least: ["0.7.0"], holes: "CVE-2024-47764" },
  "class-validator": { least: ["0.14.0"], holes: "CVE-2019-18413 (bypass by __proto__)" },
  validator: {
    least: ["13.15.22"],
    holes: "CVE-2025-12758 (length by variation selectors), CVE-2025-56200",
  },
  redis: { least: ["6.3.0"], holes: "no recovery from the loss of a Cluster master before" },
  "@redis/client": { least: ["6.3.0"], holes: "the same; CVE-2021-29469" },
  nanoid: { least: ["3.3.8", "5.0.9"], holes: "CVE-2024-55565 (foreseeable ids)" },
  vite: {
    least: ["7.1.11", "8.0.0"],
    holes:
      "CVE-2025-30208, CVE-2025-31125, CVE-2025-31486, CVE-2025-32395, CVE-2025-46565, " +
      "CVE-2025-58751, CVE-2025-58752, CVE-2025-62522 (files that the dev server gives away)",
  },
  esbuild: { least: ["0.25.0"], holes: "GHSA-67mh-4wv8-2f99 (any site reads the dev server)" },
  postcss: { least: ["8.4.31"], holes: "CVE-2023-44270" },
  debug: { least: ["4.4.3"], holes: "CVE-2025-59144 (4.4.2 was published by a thief)" },
};

interface LockFile {
  packages: Record<string, { version?: string; link?: boolean }>;
}

/** 1.10.0 after 1.9.0; a version before its release (1.0.0-rc.1) is one before it. */
function compare(one: string, other: string): number {
  const parts = (version: string): number[] => {
    const [numbers = "", before] = version.split("+")[0]!.split(/-(.*)/, 2);
    return [...numbers.split(".").map(Number), before === undefined ? 1 : 0];
  };
  const [a, b] = [parts(one), parts(other)];
  for (const [i, part] of a.entries()) if (part !== b[i]) return part - b[i]!;
  return 0;
}

const major = (version: string): number => Number(version.split(".")[0]);

function isMended(version: string, least: readonly string[]): boolean {
  const own = least.find((one) => major(one) === major(version));
  if (own !== undefined) return compare(version, own) >= 0;
  return least.every((one) => major(one) < major(version));
}

/** Each copy of a package that is installed: npm may put several at different depths. */
function copies({ packages }: LockFile, name: string): string[] {
  return Object.entries(packages)
    .filter(([path]) => path.endsWith(`node_modules/${name}`))
    .map(([, { version }]) => version!);
}

describe("the lock file", () => {
  it("every copy of a package is at or above the version that mended its known holes", () => {
    const lock = JSON.parse(
      readFileSync(new URL("../../package-lock.json", import.meta.url), "utf8"),
    ) as LockFile;
    const faults: string[] = [];
    for (const [name, { least, holes }] of Object.entries(MENDED)) {
      const found = copies(lock, name);
      if (found.length === 0) faults.push(`${name} is not there: the list is out of date`);
      for (const version of found)
        if (!isMended(version, least))
          faults.push(`${name} ${version} is below ${least.join(", ")}: ${holes}`);
    }
    expect(faults).to.deep.equal([]);
  });

  it("no Node is asked for that a few hundred kB of JSON bring to a standstill (CVE-2026-21717)", () => {
    const { engines } = JSON.parse(
      readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
    ) as { engines: { node: string } };
    const least = ["20.20.2", "22.22.2", "24.14.1", "25.8.2"];
    const asked = engines.node.split("||").map((range) => range.trim().replace(/^(\^|>=)/, ""));
    expect(asked).to.have.length(least.length);
    for (const version of asked) expect(isMended(version, least), version).to.equal(true);
  });

  it("versions are compared as npm means them", () => {
    expect(isMended("8.20.9", ["8.21.0"])).to.equal(false);
    expect(isMended("8.21.0-rc.1", ["8.21.0"])).to.equal(false);
    expect(isMended("8.21.0", ["8.21.0"])).to.equal(true);
    expect(isMended("8.100.0", ["8.21.0"])).to.equal(true);
    expect(isMended("7.99.0", ["8.21.0"])).to.equal(false);
    expect(isMended("9.0.0", ["8.21.0"])).to.equal(true);
    expect(isMended("3.3.7", ["3.3.8", "5.0.9"])).to.equal(false);
    expect(isMended("4.0.0", ["3.3.8", "5.0.9"])).to.equal(false);
    expect(isMended("3.3.20", ["3.3.8", "5.0.9"])).to.equal(true);
    expect(isMended("0.14.0", ["0.14.0"])).to.equal(true);
  });

  it("a copy that lies deeper is found too, and no package of a similar name", () => {
    const packages = {
      "": {},
      "node_modules/ws": { version: "8.23.0" },
      "node_modules/engine.io/node_modules/ws": { version: "8.1.0" },
      "node_modules/not-ws": { version: "1.0.0" },
    };
    expect(copies({ packages }, "ws")).to.deep.equal(["8.23.0", "8.1.0"]);
  });
});
