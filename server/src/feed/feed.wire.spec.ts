import { expect } from "chai";
import { nanoid } from "nanoid";
import type { OwnerHash, OwnerKey, SecretId, WriteId } from "@driftsea/protocol";
import { ownerHashOf } from "../lib/sha256.ts";
import { orderOf, sinceOf } from "./feed.store.ts";
import type { StoredSecret } from "./feed.store.ts";
import { commentToWire, markOf, pollToWire, secretIdOf, sinceFor } from "./feed.wire.ts";
import { steadyIcon } from "./feed.wire.ts";

describe("how a secret looks from outside", () => {
  it("[F5] over 10 000 secrets one person's icons agree no more often than two people's", () => {
    const same = { creature: 0, hue: 0 };
    const agree = (a: string, b: string, tally: { creature: number; hue: number }): void => {
      const [one, other] = [a.split("-").map(Number), b.split("-").map(Number)];
      if (one[0] === other[0]) tally.creature += 1;
      if (Math.abs(one[1]! - other[1]!) < 36) tally.hue += 1;
    };
    const apart = { creature: 0, hue: 0 };
    for (let i = 0; i < 10_000; i += 1) {
      const [one, two] = [nanoid<SecretId>(), nanoid<SecretId>()];
      agree(steadyIcon("ann", one), steadyIcon("ann", two), same);
      agree(steadyIcon("ann", one), steadyIcon("bo", two), apart);
    }
    // A classifier that takes agreement for one author: AUC = 1/2 + half the difference of the shares.
    for (const kind of ["creature", "hue"] as const)
      expect(Math.abs(same[kind] - apart[kind]) / 10_000 / 2, kind).to.be.below(0.02);
    expect(same.creature, "icons are drawn, not constant").to.be.below(2000);
  });

  it("[F6] an answer from before the release is never older than the secret", () => {
    const HOUR = 60 * 60 * 1000;
    const releaseAt = 100 * HOUR;
    const early = { seq: 1, icon: "crown", crown: true, text: "x", at: releaseAt - 10 * 60_000 };
    const ageAfter = (ms: number): string => commentToWire(early, releaseAt, releaseAt + ms).age;
    expect(ageAfter(0)).to.equal("now");
    expect(ageAfter(HOUR - 1)).to.equal("hour");
    const late = { ...early, at: releaseAt + HOUR };
    expect(commentToWire(late, releaseAt, releaseAt + HOUR).age).to.equal("now");
  });

  it("[F6] [F15] an age says since which window a secret lies there, and nothing of its release", () => {
    const HOUR = 60 * 60 * 1000;
    const at = 100 * HOUR + 7 * 60_000;
    const secret = (releaseAt: number, more = {}) => ({ releaseAt, ...more }) as StoredSecret;
    const entry = { order: orderOf(at, 0.9) };
    for (const heldMs of [0, 60_000, 8 * HOUR])
      expect(sinceFor(secret(at - heldMs), entry)).to.equal(100.5 * HOUR);
    const worldSince = sinceOf(orderOf(at + 3 * HOUR, 0.1));
    expect(sinceFor(secret(at, { worldSince }), null)).to.equal(103.5 * HOUR);
    expect(sinceFor(secret(at, { worldSince }), entry), "his circle's").to.equal(100.5 * HOUR);
    expect(sinceFor(secret(at), null), "in a place").to.equal(100.5 * HOUR);
  });

  it("[F5] within a secret an icon stands for one person", () => {
    const id = nanoid<SecretId>();
    expect(steadyIcon("ann", id)).to.equal(steadyIcon("ann", id));
    const icons = new Set(Array.from({ length: 200 }, (_, i) => steadyIcon(`mask ${i}`, id)));
    expect(icons.size).to.be.greaterThan(180);
  });

  it("[F11] marks of one person in two secrets share nothing", () => {
    const [one, two] = [nanoid<SecretId>(), nanoid<SecretId>()];
    expect(markOf("ann", one)).to.not.equal(markOf("ann", two));
    expect(markOf("ann", one)).to.not.equal(markOf("bo", one));
  });

  it("[F16] a secret's id follows from the write and the key's hash, its owner from the key alone", () => {
    const key = Buffer.alloc(32, 7);
    const hash = ownerHashOf(key.toString("base64url") as OwnerKey);
    expect(hash).to.match(/^[\w-]{43}$/);
    const write = nanoid<WriteId>();
    expect(secretIdOf(write, hash)).to.match(/^[\w-]{21}$/);
    expect(secretIdOf(write, hash)).to.equal(secretIdOf(write, hash));
    expect(secretIdOf(write, "other" as OwnerHash)).to.not.equal(secretIdOf(write, hash));
  });

  it("[F8] a poll's result is hidden under five votes", () => {
    expect(pollToWire({ yes: 3, no: 1 })).to.deep.equal({ hidden: true });
    expect(pollToWire({ yes: 3, no: 2 })).to.deep.equal({ yes: 3, no: 2 });
  });
});
