import { createHmac, randomBytes } from "node:crypto";

/** A code holds for so long, in ms. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** Codes of so many steps before and after now are taken: clocks of phones are not exact. */
const SLACK = 1;
const SECRET_BYTES = 20;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** A secret as `newSecret` makes it. */
export const TOTP_SECRET = /^[A-Z2-7]{32}$/;

/** The code of one step (RFC 6238 over RFC 4226, SHA-1: what every authenticator speaks). */
export function totp(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = mac[mac.length - 1]! & 15;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** digits).padStart(digits, "0");
}

export const stepAt = (now: number): number => Math.floor(now / STEP_MS);

/**
 * The step whose code this is, or 0. All steps are looked at, whichever it is: the time taken does
 * not depend on the code.
 */
export function stepOf(secret: string, code: string, now: number): number {
  const key = fromBase32(secret);
  const current = stepAt(now);
  let found = 0;
  for (let step = current - SLACK; step <= current + SLACK; step += 1)
    if (totp(key, step) === code) found = step;
  return found;
}

/** 160 random bits as RFC 4226 asks for, in base32. */
export const newSecret = (): string => toBase32(randomBytes(SECRET_BYTES));

/** The address that an authenticator reads out of a QR code. */
export function otpauthAddress(name: string, secret: string): string {
  const label = encodeURIComponent(`Driftsea:${name}`);
  return `otpauth://totp/${label}?secret=${secret}&issuer=Driftsea`;
}

function toBase32(bytes: Uint8Array): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join("");
}

export function fromBase32(text: string): Buffer {
  let bits = "";
  for (const letter of text) bits += ALPHABET.indexOf(letter).toString(2).padStart(5, "0");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
}
