import type { RoomId } from "@driftsea/protocol";
import { PAIRS } from "../store.ts";
import { newPair } from "./sealing.ts";

/*
 * A member's pair of keys in a room. The private half never leaves the browser's own keeping, not
 * even to this page; only IndexedDB can store such a key over a reload. Where there is none, this
 * page's memory must do, and a reload makes a new pair.
 */
const memory = new Map<RoomId, CryptoKeyPair>();
const STORE = "pairs";

function asPromise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.addEventListener("success", () => done(request.result));
    request.addEventListener("error", () => failed(request.error ?? new Error("IndexedDB")));
  });
}

async function withStore<T>(act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const opening = indexedDB.open(PAIRS, 1);
    opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE));
    const database = await asPromise(opening);
    // Forgetting everything deletes the whole database: nothing of ours may hold it open.
    database.addEventListener("versionchange", () => database.close());
    try {
      return await asPromise(act(database.transaction(STORE, "readwrite").objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}

/** The pair of this room, and whether it was made just now, so that nobody knows it yet. */
export async function pairOf(id: RoomId): Promise<{ pair: CryptoKeyPair; isNew: boolean }> {
  const known =
    memory.get(id) ?? (await withStore<CryptoKeyPair | undefined>((store) => store.get(id)));
  const pair = known ?? (await newPair());
  memory.set(id, pair);
  if (!known) await withStore((store) => store.put(pair, id));
  return { pair, isNew: !known };
}

/** Those of rooms that ended while this part of the page was not here. */
export async function forgetPairsBut(isKept: (id: RoomId) => boolean): Promise<void> {
  const ids = (await withStore((store) => store.getAllKeys())) ?? [];
  for (const id of ids as RoomId[]) if (!memory.has(id) && !isKept(id)) await forgetPair(id);
}

export async function forgetPair(id: RoomId): Promise<void> {
  memory.delete(id);
  await withStore((store) => store.delete(id));
}
