import { expect } from "chai";
import {
  TOTP_SECRET,
  fromBase32,
  newSecret,
  otpauthAddress,
  stepAt,
  stepOf,
  totp,
} from "./totp.ts";

const SEED = Buffer.from("12345678901234567890");
/** The same, in base32. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

describe("one-time codes", () => {
  for (const [seconds, code] of [
    [59, "94287082"],
    [1111111109, "07081804"],
    [1111111111, "14050471"],
    [1234567890, "89005924"],
    [2000000000, "69279037"],
    [20000000000, "65353130"],
  ] as const) {
    it(`[M2] RFC 6238, appendix B: at ${seconds} s the code is ${code}`, () => {
      expect(totp(SEED, stepAt(seconds * 1000), 8)).to.equal(code);
      expect(totp(SEED, stepAt(seconds * 1000))).to.equal(code.slice(2));
    });
  }

  it("[M2] a code holds for its step and one before and after it, and says which it is of", () => {
    const now = 1111111109 * 1000;
    for (const [offset, isTaken] of [
      [-2, false],
      [-1, true],
      [0, true],
      [1, true],
      [2, false],
    ] as const) {
      const step = stepAt(now) + offset;
      const found = stepOf(SECRET, totp(SEED, step), now);
      expect(found, String(offset)).to.equal(isTaken ? step : 0);
    }
    expect(stepOf(SECRET, "", now)).to.equal(0);
  });

  it("[M2] a secret is 160 random bits that base32 gives back", () => {
    expect(fromBase32(SECRET).equals(SEED)).to.equal(true);
    const [one, other] = [newSecret(), newSecret()];
    expect(one).to.match(TOTP_SECRET).and.not.equal(other);
    expect(fromBase32(one)).to.have.length(20);
    expect(otpauthAddress("mo", one)).to.equal(
      `otpauth://totp/Driftsea%3Amo?secret=${one}&issuer=Driftsea`,
    );
  });
});
