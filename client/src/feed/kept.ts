import { signal } from "@preact/signals";
import type { CircleCode, OwnerHash, OwnerKey, Secret, SecretId } from "@driftsea/protocol";
import { fromBase64url, toBase64url } from "../rooms/bytes.ts";
import { OWN, keysBelow, load, loadJson, save, saveJson, whenChanged } from "../store.ts";

/** How many answers to it one has seen. */
export const seenName = (id: SecretId): string => `seen:${id}`;
const loadOwn = (): ReadonlyMap<SecretId, OwnerKey> =>
  new Map(
    keysBelow(OWN).flatMap((name): [SecretId, OwnerKey][] => {
      const key = load(name);
      return key === null ? [] : [[name.slice(OWN.length) as SecretId, key as OwnerKey]];
    }),
  );

/** One's own secrets, as far as this browser can prove it. */
export const own = signal(loadOwn());
whenChanged(OWN, () => (own.value = loadOwn()));

export function keepOwn(id: SecretId, key: OwnerKey): void {
  save(OWN + id, key);
  own.value = new Map(own.peek()).set(id, key);
}

/** Photos of one's own that were told on this page: nobody is given them before the release. */
const photos = new Map<SecretId, string>();

export function keepPhoto(id: SecretId, bytes: Uint8Array<ArrayBuffer>): void {
  photos.set(id, URL.createObjectURL(new Blob([bytes])));
}

/** Where the photo of a secret is to be had. */
export const photoOf = ({ id, photo }: Secret): string | undefined => photos.get(id) ?? photo?.url;

/** From here on nobody can prove whose it is, and nothing is sent about it. */
export function forgetOwn(id: SecretId): void {
  save(OWN + id, null);
  save(seenName(id), null);
  const photo = photos.get(id);
  if (photo !== undefined) URL.revokeObjectURL(photo);
  photos.delete(id);
  const rest = new Map(own.peek());
  rest.delete(id);
  own.value = rest;
}

/** Hashing needs a page that came over https. */
export const isOwningPossible = (): boolean => globalThis.crypto?.subtle !== undefined;

export const newOwnerKey = (): OwnerKey =>
  toBase64url(crypto.getRandomValues(new Uint8Array(32))) as OwnerKey;

export async function hashOf(key: OwnerKey): Promise<OwnerHash> {
  const hash = await crypto.subtle.digest("SHA-256", fromBase64url(key));
  return toBase64url(new Uint8Array(hash)) as OwnerHash;
}

/** A link into a circle that this browser made or followed: by it one can part again. */
export interface KeptCode {
  code: CircleCode;
  way: "made" | "followed";
  at: number;
}
const CODES = "circle-codes";
/** The oldest are forgotten. */
const MOST_CODES = 100;
const loadCodes = (): KeptCode[] => loadJson<KeptCode[]>(CODES, []);
export const codes = signal<readonly KeptCode[]>(loadCodes());
whenChanged(CODES, () => (codes.value = loadCodes()));

export function keepCode(code: CircleCode, way: KeptCode["way"]): void {
  const others = codes.peek().filter((one) => one.code !== code);
  codes.value = [{ code, way, at: Date.now() }, ...others].slice(0, MOST_CODES);
  saveJson(CODES, codes.peek());
}

/** One of them, or all. */
export function forgetCodes(code?: CircleCode): void {
  codes.value = code === undefined ? [] : codes.peek().filter((one) => one.code !== code);
  saveJson(CODES, codes.peek());
}
