import { expect } from "chai";
import { getMetadataStorage, validateSync } from "class-validator";
import { NoFields } from "@driftsea/protocol/dto";
import { below, seededRandom } from "../lib/random.ts";
import { commands } from "./commands.ts";
import { validate } from "./validate.ts";

const PAYLOADS = 200;
const ID = "a".repeat(21);
/** What some field takes, and what none does. */
const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  1,
  -1,
  1.5,
  1e13,
  60_000,
  "",
  "world",
  "a calm sea",
  "x".repeat(3000),
  ID,
  `${ID}b`,
  "A".repeat(43),
  [],
  ["dew", "moon"],
  [1],
  {},
  { once: true },
  { afterMs: 5000 },
  { kind: "fixed", ms: 60_000 },
  { kind: "bottle", id: ID },
  { kind: "bottle", id: ID, more: 1 },
  new Uint8Array(8),
];

describe("validating a payload", () => {
  it("[M8] takes and refuses what class-validator does, of every command", () => {
    const rng = seededRandom("payloads");
    const pick = <T>(of: readonly T[]): T => of[below(rng, of.length)]!;
    let [taken, refused] = [0, 0];
    for (const { dto, name } of commands.values()) {
      if (dto === NoFields) continue;
      const rules = getMetadataStorage().getTargetValidationMetadatas(dto, "", false, false);
      const fields = new Set(rules.map(({ propertyName }) => propertyName)).add("surplus");
      for (let i = 0; i < PAYLOADS; i += 1) {
        const payload: Record<string, unknown> = {};
        for (const field of fields)
          if (rng.uniform() < (field === "surplus" ? 0.05 : 0.6)) payload[field] = likely(field);
        const faults = validateSync(Object.assign(new dto(), payload), {
          whitelist: true,
          forbidNonWhitelisted: true,
          forbidUnknownValues: true,
        });
        let isTaken = true;
        try {
          expect(validate(dto, payload)).to.deep.equal(Object.assign(new dto(), payload));
        } catch (error) {
          if ((error as { code?: unknown }).code !== "invalid") throw error;
          isTaken = false;
        }
        expect(isTaken, `${name} ${JSON.stringify(payload)}`).to.equal(faults.length === 0);
        if (isTaken) taken += 1;
        else refused += 1;
      }
    }
    expect(taken).to.be.greaterThan(100);
    expect(refused).to.be.greaterThan(1000);

    /** Most fields as they should be, or hardly any payload would be taken. */
    function likely(field: string): unknown {
      if (rng.uniform() < 0.25) return pick(VALUES);
      if (/Key$|Hash$|invite/.test(field)) return "A".repeat(43);
      if (/id$|Id$|box/.test(field)) return ID;
      if (/text|title|question|answer/.test(field)) return "a calm sea";
      return pick(VALUES);
    }
  });

  it("[M8] takes no name that each object has by itself", () => {
    const dto = commands.get("room:leave")!.dto;
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      const payload = Object.fromEntries([
        ["roomId", ID],
        [name, 1],
      ]);
      expect(() => validate(dto, payload), name)
        .to.throw()
        .with.property("code", "invalid");
    }
  });
});
