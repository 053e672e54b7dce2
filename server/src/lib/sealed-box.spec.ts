import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { publicHalf, seal, unseal } from "./sealed-box.ts";

describe("a sealed box", () => {
  const secret = (): string => randomBytes(32).toString("base64url");

  it("[S4] is opened by its secret alone; the same content twice has nothing in common", () => {
    const [mine, other] = [secret(), secret()];
    const content = Buffer.from("who is kept apart from whom");
    const [first, second] = [seal(publicHalf(mine), content), seal(publicHalf(mine), content)];
    expect(unseal(mine, first).equals(content)).to.equal(true);
    expect(unseal(mine, second).equals(content)).to.equal(true);
    expect(first.slice(0, 43)).to.not.equal(second.slice(0, 43));
    expect(first.slice(43)).to.not.equal(second.slice(43));
    expect(() => unseal(other, first)).to.throw();
    const torn = Buffer.from(first, "base64url");
    torn[40]! ^= 1;
    expect(() => unseal(mine, torn.toString("base64url"))).to.throw();
  });

  it("its public half is that of RFC 7748, section 6.1", () => {
    const base64url = (hex: string): string => Buffer.from(hex, "hex").toString("base64url");
    const bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
    const half = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    expect(publicHalf(base64url(bob))).to.equal(base64url(half));
  });
});
