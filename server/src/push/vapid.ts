import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

const HOUR_S = 60 * 60;

/** A new key of a server, as it is kept: PKCS #8, PEM. */
export const newServerKey = (): string =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  }) as string;

/** Says to push services who sends (RFC 8292): each browser lets in the one that its page has named. */
export class Vapid {
  readonly #key: KeyObject;
  readonly #contact: string;
  /** The public half as browsers take it: an uncompressed point, base64url. */
  readonly publicKey: string;

  /** `contact`: a `mailto:` or `https:` address, for the people who run push services. */
  constructor(key: string, contact: string) {
    this.#key = createPrivateKey(key);
    this.#contact = contact;
    const { x, y } = createPublicKey(this.#key).export({ format: "jwk" });
    const half = (part: string | undefined): Buffer => Buffer.from(part!, "base64url");
    this.publicKey = Buffer.concat([Buffer.of(4), half(x), half(y)]).toString("base64url");
  }

  /** The `Authorization` of a request to this origin; `now` in ms since 1970. */
  authorization(origin: string, now: number): string {
    const part = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const exp = Math.floor(now / 1000) + 12 * HOUR_S;
    const claims = `${part({ typ: "JWT", alg: "ES256" })}.${part({ aud: origin, exp, sub: this.#contact })}`;
    const signature = sign("sha256", Buffer.from(claims), {
      key: this.#key,
      dsaEncoding: "ieee-p1363",
    });
    return `vapid t=${claims}.${signature.toString("base64url")}, k=${this.publicKey}`;
  }
}
