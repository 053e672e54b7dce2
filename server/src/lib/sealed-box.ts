import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import { digest } from "./sha256.ts";

/** Of a key as JWK (RFC 8037). As DER, what OpenSSL 3 makes of it takes ten times as long. */
const X25519 = { kty: "OKP", crv: "X25519" };
const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** Each key is used for one message, so that its number need not differ. */
const NONCE = Buffer.alloc(12);

/*
 * Keys, contents sealed and unsealed: what is text is base64url; a key is 32 bytes.
 */

/** The public half of the box that has this secret. */
export function publicHalf(secret: string): string {
  return rawOf(createPublicKey(privateKey(secret)));
}

/**
 * Seals for whoever has the box's secret, and nobody else, the sealer included: X25519 with a key
 * drawn for this alone, then AES-256-GCM under the SHA-256 of what the two agree on. Two seals of the
 * same have nothing in common. 48 bytes longer than its content.
 */
export function seal(to: string, content: Buffer): string {
  const { privateKey: own, publicKey } = generateKeyPairSync("x25519");
  const ownRaw = Buffer.from(rawOf(publicKey), "base64url");
  const shared = diffieHellman({ privateKey: own, publicKey: publicKeyOf(to) });
  const cipher = createCipheriv("aes-256-gcm", keyOf(shared, ownRaw, to), NONCE);
  const body = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([ownRaw, body, cipher.getAuthTag()]).toString("base64url");
}

/** @throws Error where it was not sealed for this box. */
export function unseal(secret: string, sealed: string): Buffer {
  const bytes = Buffer.from(sealed, "base64url");
  const from = bytes.subarray(0, KEY_BYTES);
  const own = privateKey(secret);
  const shared = diffieHellman({
    privateKey: own,
    publicKey: publicKeyOf(from.toString("base64url")),
  });
  const key = keyOf(shared, from, rawOf(createPublicKey(own)));
  const decipher = createDecipheriv("aes-256-gcm", key, NONCE);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(KEY_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** The public half is not read: it follows. */
const privateKey = (secret: string): KeyObject =>
  createPrivateKey({ key: { ...X25519, d: secret, x: "" }, format: "jwk" });
const publicKeyOf = (key: string): KeyObject =>
  createPublicKey({ key: { ...X25519, x: key }, format: "jwk" });
const rawOf = (key: KeyObject): string => key.export({ format: "jwk" }).x!;
const keyOf = (shared: Buffer, from: Buffer, to: string): Buffer =>
  digest("sealed box", shared.toString("base64url"), from.toString("base64url"), to);
