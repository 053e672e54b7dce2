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

/** What stands before the 32 bytes of an X25519 key in its DER form (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b656e04220420", "hex");
const SPKI = Buffer.from("302a300506032b656e032100", "hex");
const KEY_BYTES = 32;
const TAG_BYTES = 16;
/** Each key is used for one message, so that its number need not differ. */
const NONCE = Buffer.alloc(12);

/*
 * Keys, contents sealed and unsealed: what is text is base64url; a key is 32 bytes.
 */

/** The public half of the box that has this secret. */
export function publicHalf(secret: string): string {
  return rawOf(createPublicKey(privateKey(secret))).toString("base64url");
}

/**
 * Seals for whoever has the box's secret, and nobody else, the sealer included: X25519 with a key
 * drawn for this alone, then AES-256-GCM under the SHA-256 of what the two agree on. Two seals of the
 * same have nothing in common. 48 bytes longer than its content.
 */
export function seal(to: string, content: Buffer): string {
  const { privateKey: own, publicKey } = generateKeyPairSync("x25519");
  const ownRaw = rawOf(publicKey);
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
  const key = keyOf(shared, from, rawOf(createPublicKey(own)).toString("base64url"));
  const decipher = createDecipheriv("aes-256-gcm", key, NONCE);
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(KEY_BYTES, -TAG_BYTES)), decipher.final()]);
}

const privateKey = (secret: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.from(secret, "base64url")]),
    format: "der",
    type: "pkcs8",
  });
const publicKeyOf = (key: string): KeyObject =>
  createPublicKey({
    key: Buffer.concat([SPKI, Buffer.from(key, "base64url")]),
    format: "der",
    type: "spki",
  });
const rawOf = (key: KeyObject): Buffer =>
  key.export({ format: "der", type: "spki" }).subarray(-KEY_BYTES);
const keyOf = (shared: Buffer, from: Buffer, to: string): Buffer =>
  digest("sealed box", shared.toString("base64url"), from.toString("base64url"), to);
