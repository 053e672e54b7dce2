/*
 * What the browser keeps: the token, what was written and not yet sent, a few choices. Where it lets
 * us keep nothing (private windows, blocked storage), this page's memory must do.
 */
const memory = new Map<string, string>();
const PREFIX = "driftsea:";
/** Opens the blocks of whoever one was here, so that they hold for whoever one becomes. */
export const BLOCKS_KEY = "blocks";
/** Writes that a person looks at first. */
export const HELD = "held:";
/** Keys of what was told here; beside them a number of answers, and no words and no times. */
export const OWN = "secret:";
/** The database of keys that cannot be written down as text. */
export const PAIRS = "driftsea";

export function load(key: string): string | null {
  const held = memory.get(key);
  if (held !== undefined) return held;
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function save(key: string, value: string | null): void {
  memory.delete(key);
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // Also where it is full.
    if (value !== null) memory.set(key, value);
  }
}

/** What this tab alone keeps over a reload; where it may keep nothing, a reload begins anew. */
export function loadOfTab(key: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function saveOfTab(key: string, value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, value);
  } catch {
    // Then it is not kept.
  }
}

/** Names of what is kept below a prefix. */
export function keysBelow(prefix: string): string[] {
  const all = new Set(memory.keys());
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(PREFIX)) all.add(key.slice(PREFIX.length));
  } catch {
    // Then all there is is in memory.
  }
  return [...all].filter((key) => key.startsWith(prefix));
}

export function loadJson<T>(key: string, fallback: T): T {
  try {
    return JSON.parse(load(key) ?? "") as T;
  } catch {
    return fallback;
  }
}

export function saveJson(key: string, value: unknown): void {
  save(key, JSON.stringify(value));
}

/** Another tab has changed something below this prefix. */
export function whenChanged(prefix: string, act: () => void): void {
  globalThis.addEventListener?.("storage", ({ key }) => {
    if (key?.startsWith(PREFIX + prefix)) act();
  });
}

/** Tells the other tabs that this person is forgotten. */
export const FORGOTTEN = "forgotten";

/** Forgets everything of this person; the choices of language and light stay, and who is kept apart. */
export function forgetAll(): void {
  saveOfTab("meet", null);
  globalThis.indexedDB?.deleteDatabase(PAIRS);
  for (const key of keysBelow(""))
    if (!key.startsWith("choice:") && key !== BLOCKS_KEY) save(key, null);
  save(FORGOTTEN, "1");
  save(FORGOTTEN, null);
}
