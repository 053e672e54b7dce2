import { OperatorError } from "./errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Faults of the settings, all at once: the variable, what is wrong, the accepted form. */
export class ConfigError extends OperatorError {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`settings that cannot be used:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

export interface Setting {
  name: string;
  /** As it is written in the environment; null where it is not set. */
  given: string | null;
  /** Empty where there is none that can be written. */
  fallback: string;
}

/** Reads variables of an environment, and keeps what was asked for and what is wrong with it. */
export class Settings {
  readonly faults: string[] = [];
  readonly #env: Environment;
  readonly #asked = new Map<string, Setting>();

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Everything that there is to set, once it was read. */
  get all(): readonly Setting[] {
    return [...this.#asked.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  readonly raw = (name: string): string | undefined => this.#ask(name).given ?? undefined;

  readonly fault = (name: string, form: string): void => {
    this.faults.push(`${name}=${this.raw(name)}: must be ${form}`);
  };

  readonly text = (name: string, fallback: string): string =>
    this.#ask(name, fallback).given ?? fallback;

  readonly number = (name: string, fallback: number, min: number, max: number): number => {
    const value = this.text(name, String(fallback));
    const parsed = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
    if (parsed >= min && parsed <= max) return parsed;
    this.fault(name, `a whole number from ${min} to ${max}`);
    return fallback;
  };

  readonly oneOf = <const T extends string>(
    name: string,
    fallback: NoInfer<T>,
    words: readonly T[],
  ): T => {
    const value = this.text(name, fallback);
    const word = words.find((w) => w === value);
    if (word === undefined) this.fault(name, `one of ${words.join(", ")}`);
    return word ?? fallback;
  };

  #ask(name: string, fallback?: string): Setting {
    let setting = this.#asked.get(name);
    if (!setting) {
      // An empty variable is an unset one, as shells and compose files write it.
      setting = { name, given: this.#env[name]?.trim() || null, fallback: "" };
      this.#asked.set(name, setting);
    }
    if (fallback !== undefined) setting.fallback = fallback;
    return setting;
  }
}

/**
 * The settings as a `.env` file: what is set, and behind a `#` what is not. No secret is in it: by
 * its name one is hidden, so that the next one is too.
 */
export function printed(settings: readonly Setting[]): string {
  const lines = settings.map(({ name, given, fallback }) =>
    given === null ? `#${name}=${fallback}` : `${name}=${shown(name, given)}`,
  );
  return `${lines.join("\n")}\n`;
}

const HIDDEN = "***";

function shown(name: string, value: string): string {
  if (/TOKEN|SECRET|KEY|PASSWORD|SEED/.test(name)) return HIDDEN;
  if (!name.endsWith("_URL") || value.startsWith("unix:")) return value;
  // As `addressesOf` does: a comma may stand in a password too.
  return value
    .split(/\s*,\s*(?=[a-z]+:\/\/)/)
    .map(withoutSecrets)
    .join(",");
}

/** Of an address where it is, and no more: a key may be in any other part of it. */
function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return HIDDEN;
  const { protocol, username, password, host, pathname, search, hash } = new URL(address);
  const who = username || password ? `${HIDDEN}@` : "";
  // The number of a Redis's database is no secret.
  const isPlain = /^\/?\d*$/.test(pathname) && search + hash === "";
  return `${protocol}//${who}${host}${isPlain ? pathname : `/${HIDDEN}`}`;
}

/** Variables that look like a setting and are none, each with the one that was probably meant. */
export function misspelt(
  env: Environment,
  settings: readonly Setting[],
): { name: string; meant: string }[] {
  const known = settings.map(({ name }) => name);
  return Object.keys(env).flatMap((name) => {
    if (known.includes(name)) return [];
    const bare = name.toUpperCase().replace(/^DRIFTSEA_/, "");
    const near = known
      // The longer a name, the more slips it may have: HOME is not HOST.
      .filter((one) => distance(bare, one) <= Math.max(1, Math.floor(one.length / 6)))
      .sort((a, b) => distance(bare, a) - distance(bare, b));
    const meant = known.includes(`${bare}_MS`) ? `${bare}_MS` : near[0];
    return meant === undefined ? [] : [{ name, meant }];
  });
}

/** Slips between two words (Damerau–Levenshtein, adjacent letters changed count as one). */
function distance(a: string, b: string): number {
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      row[j] = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
