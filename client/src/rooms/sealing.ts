import { LIMITS, cleanText } from "@driftsea/protocol";
import type { PersonaId, RoomId } from "@driftsea/protocol";
import { fromBase64url, toBase64url } from "./bytes.ts";

/*
 * End-to-end encryption of a room: AES-256-GCM (NIST SP 800-38D) under a key that stands behind the
 * `#` of the room's link and never in a request. A message is bound to its room, epoch, number and
 * writer, so that the server can neither move it nor put it into another's mouth.
 *
 *   sealed    = nonce (12) ‖ ciphertext ‖ tag (16), in total 256, 1024 or 4096 bytes
 *   plaintext = length of the JSON (2, big-endian) ‖ JSON ‖ zeros
 *
 * Nonces are random: of 2^32 messages under one key two share a nonce with a chance of 2^-33.
 */

/** What a sealed message says. `hello` and `rekey` are for the programs alone and never shown. */
export type Plain =
  | { t: "text"; text: string; re?: number }
  /** A member's public key of P-256 (raw, base64url), so that a new room key can be given to him. */
  | { t: "hello"; pub: string }
  /** A new room key for `epoch`, in one box a member; `pub` was made for this message alone. */
  | { t: "rekey"; epoch: number; pub: string; to: { id: PersonaId; box: string }[] };

/** Where a message stands, and who wrote it. */
export interface Place {
  roomId: RoomId;
  epoch: number;
  seq: number;
  from: PersonaId;
}

/** A room key: 32 random bytes, base64url. */
export type RoomKey = string;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LENGTH_BYTES = 2;
const SIZES = [256, 1024, 4096] as const;
/** Boxes that one rekey message has room for. */
export const BOXES_PER_MESSAGE = 25;
const KEY_FORM = /^[A-Za-z0-9_-]{43}$/;

/** Browsers give out cryptography only over https and on localhost. */
export const isSealingPossible = (): boolean => globalThis.crypto?.subtle !== undefined;
export const isRoomKey = (text: string): boolean => KEY_FORM.test(text);
export const newRoomKey = (): RoomKey => toBase64url(crypto.getRandomValues(new Uint8Array(32)));

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const imported = new Map<RoomKey, Promise<CryptoKey>>();
function importKey(key: RoomKey): Promise<CryptoKey> {
  let known = imported.get(key);
  if (!known) {
    known = crypto.subtle.importKey("raw", fromBase64url(key), "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]);
    imported.set(key, known);
  }
  return known;
}

/** Lets go of what was made of a key. */
export const forgetKey = (key: RoomKey): boolean => imported.delete(key);

const bindingOf = ({ roomId, epoch, seq, from }: Place): Uint8Array<ArrayBuffer> =>
  utf8(`${roomId}|${epoch}|${seq}|${from}`);

async function encrypt(
  key: CryptoKey,
  bytes: Uint8Array<ArrayBuffer>,
  bound: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const body = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: bound },
    key,
    bytes,
  );
  const sealed = new Uint8Array(NONCE_BYTES + body.byteLength);
  sealed.set(iv);
  sealed.set(new Uint8Array(body), NONCE_BYTES);
  return sealed;
}

/** Null where it was sealed under another key, or for another place. */
async function decrypt(
  key: CryptoKey,
  sealed: Uint8Array<ArrayBuffer>,
  bound: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const iv = sealed.subarray(0, NONCE_BYTES);
    const body = sealed.subarray(NONCE_BYTES);
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv, additionalData: bound },
      key,
      body,
    );
    return new Uint8Array(plain);
  } catch {
    return null;
  }
}

/** Seals for exactly this place. Throws RangeError where the text is longer than the largest size. */
export async function seal(key: RoomKey, place: Place, plain: Plain): Promise<string> {
  const json = utf8(JSON.stringify(plain));
  const needed = NONCE_BYTES + TAG_BYTES + LENGTH_BYTES + json.length;
  const size = SIZES.find((bytes) => bytes >= needed);
  if (size === undefined) throw new RangeError("too long to be sealed");
  const padded = new Uint8Array(size - NONCE_BYTES - TAG_BYTES);
  new DataView(padded.buffer).setUint16(0, json.length);
  padded.set(json, LENGTH_BYTES);
  return toBase64url(await encrypt(await importKey(key), padded, bindingOf(place)));
}

/** What it says; null where this key does not open it here, or what is inside is nothing we know. */
export async function unseal(key: RoomKey, place: Place, sealed: string): Promise<Plain | null> {
  const padded = await decrypt(await importKey(key), fromBase64url(sealed), bindingOf(place));
  if (!padded) return null;
  const length = new DataView(padded.buffer).getUint16(0);
  try {
    const json = padded.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
    return plainOf(JSON.parse(new TextDecoder().decode(json)));
  } catch {
    return null;
  }
}

/** As the server would have taken it: what it could not look into must be as fit to be read, and to be reported. */
function tidied(text: string): string {
  const lines = cleanText(text.replace(/\p{Surrogate}/gu, "")).split("\n");
  const few = [...lines.slice(0, LIMITS.lineBreaks), lines.slice(LIMITS.lineBreaks).join(" ")];
  return Array.from(few.join("\n").trim()).slice(0, LIMITS.messageChars).join("");
}

/** What another member's program wrote is looked at before it is believed. */
function plainOf(value: unknown): Plain | null {
  if (typeof value !== "object" || value === null) return null;
  const { t, text, re, pub, epoch, to } = value as Record<string, unknown>;
  if (t === "text" && typeof text === "string")
    return { t, text: tidied(text), ...(Number.isSafeInteger(re) ? { re: re as number } : {}) };
  if (t === "hello" && typeof pub === "string") return { t, pub };
  if (t === "rekey" && typeof pub === "string" && Number.isSafeInteger(epoch) && areBoxes(to))
    return { t, pub, epoch: epoch as number, to };
  return null;
}

function areBoxes(value: unknown): value is { id: PersonaId; box: string }[] {
  if (!Array.isArray(value)) return false;
  return value.every(
    (one: Record<string, unknown> | null) =>
      typeof one?.["id"] === "string" && typeof one["box"] === "string",
  );
}

/** A photo, without padding: nonce ‖ ciphertext ‖ tag. */
export async function sealBytes(
  key: RoomKey,
  place: Place,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return encrypt(await importKey(key), bytes, bindingOf(place));
}

export async function unsealBytes(
  key: RoomKey,
  place: Place,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return decrypt(await importKey(key), sealed, bindingOf(place));
}

/** Words of a phrase, and how many each may be out of. */
const PHRASE_WORDS = 6;
const WORDS = 32;

/**
 * A key as six numbers below 32, for people to compare aloud: HKDF-SHA-256 (RFC 5869), one byte a
 * number. 30 bits: enough against a key that somebody slipped in, not for keeping the key itself.
 */
export async function phraseOf(key: RoomKey): Promise<number[]> {
  const secret = await crypto.subtle.importKey("raw", fromBase64url(key), "HKDF", false, [
    "deriveBits",
  ]);
  const bits = await crypto.subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8("driftsea phrase") },
    secret,
    PHRASE_WORDS * 8,
  );
  return [...new Uint8Array(bits)].map((byte) => byte % WORDS);
}

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;

/** A pair whose private half cannot be taken out of the browser. */
export const newPair = (): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);

export async function publicHalf(pair: CryptoKeyPair): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
}

/** For whom a new key is, and in which room and epoch: a box opens for nothing else. */
export type Recipient = Pick<Place, "roomId" | "epoch"> & { id: PersonaId };

const purposeOf = ({ roomId, epoch, id }: Recipient): Uint8Array<ArrayBuffer> =>
  utf8(`driftsea rekey|${roomId}|${epoch}|${id}`);

/** ECDH over P-256, then HKDF-SHA-256, then AES-256-GCM. */
async function boxKey(mine: CryptoKey, theirs: string, whom: Recipient): Promise<CryptoKey> {
  const other = await crypto.subtle.importKey("raw", fromBase64url(theirs), CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: other }, mine, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: purposeOf(whom) },
    secret,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** The new room key for one member. Throws where his public key is none. */
export async function wrapKey(
  ephemeral: CryptoKeyPair,
  theirPub: string,
  whom: Recipient,
  key: RoomKey,
): Promise<string> {
  const box = await boxKey(ephemeral.privateKey, theirPub, whom);
  return toBase64url(await encrypt(box, fromBase64url(key), purposeOf(whom)));
}

/** The new room key out of one's own box; null where it is not for this pair. */
export async function unwrapKey(
  mine: CryptoKeyPair,
  hostPub: string,
  whom: Recipient,
  box: string,
): Promise<RoomKey | null> {
  try {
    const key = await boxKey(mine.privateKey, hostPub, whom);
    const bytes = await decrypt(key, fromBase64url(box), purposeOf(whom));
    return bytes?.length === 32 ? toBase64url(bytes) : null;
  } catch {
    return null;
  }
}
