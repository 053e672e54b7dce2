import { expect } from "chai";
import { hashPassword, isPassword, noPassword } from "./passwords.ts";

describe("passwords of the desk", () => {
  it("[M2] are kept as salted scrypt, and known again in any spelling of Unicode", async () => {
    const [one, other] = await Promise.all([
      hashPassword("café au lait"),
      hashPassword("café au lait"),
    ]);
    expect(one).to.match(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.to.equal(other);
    expect(await isPassword("cafe\u0301 au lait", one)).to.equal(true);
    expect(await isPassword("cafe au lait", one)).to.equal(false);
    expect(await isPassword("", one)).to.equal(false);
  });

  it("[M2] of nobody: takes the same work, and no password fits", async () => {
    const none = noPassword();
    expect(none).to.match(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(await isPassword("", none)).to.equal(false);
  });
});
