import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { SEA_ID } from "@driftsea/protocol";
import type { HelpLine, Place, SeaId } from "@driftsea/protocol";
import { ConfigError, Settings } from "./lib/settings.ts";
import type { Environment } from "./lib/settings.ts";
import { DEFAULT_SEAS } from "./bottles/sea-catalogue.ts";
import type { SeaInfo } from "./bottles/sea-catalogue.ts";
import { WHEN_AWAY } from "./screening/classifier.ts";
import type { WhenAway } from "./screening/classifier.ts";
import { PLACE_MIN_PEOPLE, faultOfPlaces, readPlaces } from "./places/place-catalogue.ts";
import { PUSH_HOSTS } from "./push/endpoints.ts";
import { addressesOf } from "./redis/link.ts";
import { readHelpLines } from "./rules/help-lines.ts";

export { ConfigError };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** The lists that come with the server. */
const LISTS = fileURLToPath(new URL("../lists", import.meta.url));

/** Everything the server can be told, validated whole, frozen, handed down. */
export interface Config {
  port: number;
  host: string;
  /** Null: a private Redis where one is installed, else memory. */
  redisUrl: string | null;
  dataDir: string;
  transport: "auto" | "uws" | "node";
  /** Null: the host that the page came from. */
  allowedOrigins: readonly string[] | null;
  /** Proxies in front of the server whose X-Forwarded-For is believed; 0 for none. */
  trustedProxies: number;
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  seas: readonly SeaInfo[];
  places: readonly Place[];
  /** Active people under whom a place is not shown by itself. */
  placeMinPeople: number;
  throwsPerDay: number;
  catchesPerDay: number;
  creatureProbability: number;
  leaseMs: number;
  leaseMaxMs: number;
  holderGraceMs: number;
  bottleLifeMs: number;
  /** Where rooms, the hole and meets live; null: with everything else. */
  roomsRedisUrl: string | null;
  roomMinLifetimeMs: number;
  roomMaxLifetimeMs: number;
  roomIdleCapMs: number;
  /** Messages that a room keeps. */
  roomBacklog: number;
  holeSilenceMs: number;
  /** 0: the seas do not end by silence. */
  seaSilenceMs: number;
  meetRelaxMs: number;
  shakeWindowMs: number;
  /** Friends before the feed of a circle opens. */
  circleMinFriends: number;
  /** People who could have written a secret, before anybody is shown it. */
  circleK: number;
  /** Audiences are frozen for so long. */
  epochMs: number;
  establishedAfterMs: number;
  releaseDelayMaxMs: number;
  worldAtCircles: number;
  /** For so long somebody has just come, and what he reports weighs nearly nothing. */
  reporterFreshMs: number;
  rateLimits: boolean;
  connectionsPerAddress: number;
  puzzle: "auto" | "on" | "off";
  /** Years; 0 for none. */
  minAge: number;
  /** Null: those that the page brings. */
  helpLines: readonly HelpLine[] | null;
  metricsToken: string | null;
  /** Opens the page of what the server counts; null: there is none. */
  adminPassword: string | null;
  /** Processes that serve; more than one needs Redis. */
  workers: number;
  /** Signs what processes tell each other; null: a key that lies in Redis and is replaced daily. */
  nodeSecret: string | null;
  /** Folder of the word lists. */
  screenLists: string;
  /** An outside classifier; null for none. */
  classifierUrl: string | null;
  classifierTimeoutMs: number;
  /** What is done with a text while it is away. */
  classifierWhenAway: WhenAway;
  /** Whether a secret that names somebody waits for a moderator. */
  namesHeld: boolean;
  /** Whether browsers may keep the page's files. */
  serviceWorker: boolean;
  /** How people who run push services reach the operator; null: nothing is pushed. */
  pushContact: string | null;
  /** Where browsers may be reached by push. */
  pushHosts: readonly string[];
  seed: string | null;
}

/**
 * Reads the settings from an environment; throws one ConfigError that names every fault. `settings`
 * knows afterwards what there is to set.
 */
export function readConfig(env: Environment, settings = new Settings(env)): Config {
  const { faults, raw, fault, text, number, oneOf } = settings;
  // Where one of two that bound each other is set alone, the other follows.
  const givenMs = (name: string): number => Number(raw(name) ?? Infinity) || Infinity;
  const leaseMs = number(
    "LEASE_MS",
    Math.min(10 * MINUTE_MS, givenMs("LEASE_MAX_MS")),
    100,
    7 * DAY_MS,
  );
  const leaseMaxMs = number("LEASE_MAX_MS", Math.max(60 * MINUTE_MS, leaseMs), 100, 7 * DAY_MS);
  if (leaseMaxMs < leaseMs) fault("LEASE_MAX_MS", `at least LEASE_MS (${leaseMs})`);
  const roomMinLifetimeMs = number(
    "ROOM_MIN_LIFETIME_MS",
    Math.min(MINUTE_MS, givenMs("ROOM_MAX_LIFETIME_MS")),
    1,
    7 * DAY_MS,
  );
  const roomMaxLifetimeMs = number("ROOM_MAX_LIFETIME_MS", 7 * DAY_MS, 1, 30 * DAY_MS);
  if (roomMaxLifetimeMs < roomMinLifetimeMs) {
    fault("ROOM_MAX_LIFETIME_MS", `at least ROOM_MIN_LIFETIME_MS (${roomMinLifetimeMs})`);
  }
  const redisUrl = url("REDIS_URL", raw, (problem) => faults.push(problem));
  const roomsRedisUrl = url("ROOMS_REDIS_URL", raw, (problem) => faults.push(problem));
  if (roomsRedisUrl !== null && raw("REDIS_URL") === undefined) {
    faults.push("ROOMS_REDIS_URL: needs REDIS_URL, where everything else is kept");
  }
  const host = text("HOST", "0.0.0.0");
  if (isIP(host) === 0 && !/^[a-z0-9.-]{1,253}$/i.test(host)) {
    fault("HOST", "an address or a host name");
  }
  const rateLimits = oneOf("RATE_LIMITS", "on", ["on", "off"]) === "on";
  if (!rateLimits && !isLoopback(host)) {
    faults.push(`RATE_LIMITS=off: must be on unless HOST is a loopback address (HOST=${host})`);
  }
  const workers = number("WEB_CONCURRENCY", 1, 1, 256);
  const nodeSecret = raw("NODE_SECRET") ?? null;
  if (nodeSecret !== null && nodeSecret.length < 16) {
    // The value is a secret: the fault does not repeat it.
    faults.push("NODE_SECRET: must have at least 16 characters, the same for every process");
  }

  const knownSeas = seas(raw, (problem) => faults.push(`SEAS=${raw("SEAS")}: ${problem}`));

  const config: Config = {
    port: number("PORT", 3000, 0, 65_535),
    host,
    redisUrl,
    dataDir: text("DATA_DIR", ".data"),
    transport: oneOf("TRANSPORT", "auto", ["auto", "uws", "node"]),
    allowedOrigins: origins(raw, fault),
    trustedProxies: proxies(text, fault),
    logLevel: oneOf("LOG_LEVEL", "info", [
      "fatal",
      "error",
      "warn",
      "info",
      "debug",
      "trace",
      "silent",
    ]),
    seas: knownSeas,
    places: places(raw, knownSeas, (problem) => faults.push(`PLACES=${raw("PLACES")}: ${problem}`)),
    placeMinPeople: number("PLACE_MIN_PEOPLE", PLACE_MIN_PEOPLE, 1, 1_000_000),
    throwsPerDay: number("THROWS_PER_DAY", 10, 0, 1_000_000_000),
    catchesPerDay: number("CATCHES_PER_DAY", 20, 0, 1_000_000_000),
    creatureProbability: probability(text, fault),
    leaseMs,
    leaseMaxMs,
    holderGraceMs: number("HOLDER_GRACE_MS", MINUTE_MS, 0, DAY_MS),
    bottleLifeMs: number("BOTTLE_LIFE_MS", 24 * HOUR_MS, 100, 7 * DAY_MS),
    roomsRedisUrl,
    roomMinLifetimeMs,
    roomMaxLifetimeMs,
    roomIdleCapMs: number("ROOM_IDLE_CAP_MS", 30 * DAY_MS, 1, 90 * DAY_MS),
    roomBacklog: number("ROOM_BACKLOG", 200, 1, 10_000),
    holeSilenceMs: number("HOLE_SILENCE_MS", 24 * HOUR_MS, 100, 30 * DAY_MS),
    seaSilenceMs: number("SEA_SILENCE_MS", 0, 0, 30 * DAY_MS),
    meetRelaxMs: number("MEET_RELAX_MS", 10_000, 0, HOUR_MS),
    shakeWindowMs: number("SHAKE_WINDOW_MS", 2000, 100, MINUTE_MS),
    circleMinFriends: number("CIRCLE_MIN_FRIENDS", 3, 1, 500),
    circleK: number("CIRCLE_K", 5, 1, 1000),
    epochMs: number("EPOCH_MS", DAY_MS, 100, 30 * DAY_MS),
    establishedAfterMs: number("ESTABLISHED_AFTER_MS", 3 * DAY_MS, 0, 90 * DAY_MS),
    releaseDelayMaxMs: number("RELEASE_DELAY_MAX_MS", 20 * MINUTE_MS, 0, DAY_MS),
    worldAtCircles: number("WORLD_AT_CIRCLES", 30, 1, 100_000),
    reporterFreshMs: number("REPORTER_FRESH_MS", DAY_MS, 0, 90 * DAY_MS),
    rateLimits,
    connectionsPerAddress: number("CONNECTIONS_PER_ADDRESS", 100, 1, 1_000_000),
    // Who measures is a crowd himself.
    puzzle: oneOf("PUZZLE", rateLimits ? "auto" : "off", ["auto", "on", "off"]),
    minAge: raw("MIN_AGE") === "0" ? 0 : number("MIN_AGE", 16, 13, 21),
    helpLines: helpLines(raw, (problem) =>
      faults.push(`HELP_LINES=${raw("HELP_LINES")}: ${problem}`),
    ),
    metricsToken: raw("METRICS_TOKEN") ?? null,
    adminPassword: adminPassword(settings),
    workers,
    nodeSecret,
    screenLists: raw("SCREEN_LISTS") ?? LISTS,
    classifierUrl: classifier(raw, (problem) => faults.push(problem)),
    classifierTimeoutMs: number("CLASSIFIER_TIMEOUT_MS", 800, 10, 10_000),
    classifierWhenAway: oneOf("CLASSIFIER_WHEN_AWAY", "fine", WHEN_AWAY),
    namesHeld: oneOf("NAMES_HELD", "on", ["on", "off"]) === "on",
    serviceWorker: oneOf("SERVICE_WORKER", "on", ["on", "off"]) === "on",
    pushContact: pushContact(raw, fault),
    pushHosts: pushHosts(raw, fault),
    seed: raw("SEED") ?? null,
  };
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

type Raw = Settings["raw"];
type Text = Settings["text"];
type Fault = Settings["fault"];

/** Long enough that guessing is in vain at any speed. */
const PASSWORD_MIN = 16;

function adminPassword({ oneOf, raw, faults }: Settings): string | null {
  const isOn = ["on", "1"].includes(oneOf("ADMIN_UI", "off", ["on", "off", "1", "0"]));
  const password = raw("ADMIN_PASSWORD");
  if (!isOn) return null;
  // The value is a secret: the fault does not repeat it.
  if (password === undefined || password.length < PASSWORD_MIN)
    faults.push(
      `ADMIN_PASSWORD: must have at least ${PASSWORD_MIN} characters where ADMIN_UI is on`,
    );
  return password ?? null;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function url(name: string, raw: Raw, fault: (problem: string) => void): string | null {
  const value = raw(name);
  if (value === undefined) return null;
  const isUrl = (one: string): boolean => /^rediss?:\/\/./.test(one) && URL.canParse(one);
  if (/^unix:\/.+/.test(value) || addressesOf(value).every(isUrl)) return value;
  // The value may hold a password: the fault does not repeat it.
  const forms = "redis://…, rediss://… (nodes of a Cluster with commas between)";
  fault(`${name}: must be ${forms} or unix:/path/to/socket`);
  return null;
}

function classifier(raw: Raw, fault: (problem: string) => void): string | null {
  const value = raw("CLASSIFIER_URL");
  if (value === undefined) return null;
  const url = /^https?:\/\/./.test(value) && URL.canParse(value) ? new URL(value) : null;
  // fetch takes no address with a name and a password in it.
  if (url && url.username === "" && url.password === "") return value;
  // The value may hold a key: the fault does not repeat it.
  fault("CLASSIFIER_URL: must be http://… or https://…, without a name and a password");
  return null;
}

function origins(raw: Raw, fault: Fault): string[] | null {
  const value = raw("ALLOWED_ORIGINS");
  if (value === undefined) return null;
  const list = value.split(",").map((origin) => origin.trim().replace(/\/$/, ""));
  const good = list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin);
  if (!good) fault("ALLOWED_ORIGINS", "origins with a comma between, as https://sea.example");
  return list;
}

function proxies(text: Text, fault: Fault): number {
  const value = text("TRUST_PROXY", "off");
  if (value === "off") return 0;
  if (value === "on") return 1;
  if (/^[1-9]$/.test(value)) return Number(value);
  fault("TRUST_PROXY", "off, on, or the number of proxies in front, 1 to 9");
  return 0;
}

function pushContact(raw: Raw, fault: Fault): string | null {
  const value = raw("PUSH_CONTACT");
  if (value === undefined) return null;
  if (raw("SERVICE_WORKER") === "off") fault("PUSH_CONTACT", "unset where SERVICE_WORKER=off");
  if (!/^(?:mailto:.+@.+|https:\/\/.+)$/.test(value) || !URL.canParse(value))
    fault("PUSH_CONTACT", "mailto:… or https://…");
  return value;
}

function pushHosts(raw: Raw, fault: Fault): readonly string[] {
  const value = raw("PUSH_HOSTS");
  if (value === undefined) return PUSH_HOSTS;
  const list = value.split(",").map((host) => host.trim());
  const isName = (host: string): boolean => /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(host);
  const isOrigin = (host: string): boolean =>
    URL.canParse(host) && /^https?:/.test(host) && new URL(host).origin === host;
  if (!list.every((host) => (isName(host) && isIP(host) === 0) || isOrigin(host)))
    fault("PUSH_HOSTS", "host names with a comma between, as push.example or *.push.example");
  return list;
}

function probability(text: Text, fault: Fault): number {
  const value = text("CREATURE_PROBABILITY", "0.2");
  const parsed = /^\d*\.?\d+$/.test(value) ? Number(value) : NaN;
  if (parsed >= 0 && parsed <= 1) return parsed;
  fault("CREATURE_PROBABILITY", "a number from 0 to 1");
  return 0.2;
}

/** Undefined where it cannot be read, which is said. */
function readJson(file: string, problem: (text: string) => void): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    problem(`must be a JSON file that can be read: ${(error as Error).message}`);
    return undefined;
  }
}

/** The operator's seas from a JSON file: `[{ "id": "…", "title": { "en": "…", "zh": "…" } }]`. */
function seas(raw: Raw, problem: (text: string) => void): readonly SeaInfo[] {
  const file = raw("SEAS");
  if (file === undefined) return DEFAULT_SEAS;
  const list = readJson(file, problem);
  if (list === undefined) return DEFAULT_SEAS;
  const isTitle = (value: unknown): value is string =>
    typeof value === "string" && value.trim() !== "" && value.length <= 40;
  const infos = (Array.isArray(list) ? list : []).flatMap((entry: unknown): SeaInfo[] => {
    const { id, title } = (entry ?? {}) as { id?: unknown; title?: { en?: unknown; zh?: unknown } };
    if (typeof id !== "string" || !SEA_ID.test(id)) return [];
    if (!isTitle(title?.en) || !isTitle(title.zh)) return [];
    return [{ id: id as SeaId, title: { en: title.en, zh: title.zh } }];
  });
  const isWhole = Array.isArray(list) && infos.length === list.length && infos.length > 0;
  if (!isWhole || new Set(infos.map((info) => info.id)).size < infos.length) {
    problem('must be [{"id": "a-z0-9-", "title": {"en": "…", "zh": "…"}}, …] with ids that differ');
    return DEFAULT_SEAS;
  }
  // `world` is always there; a throw that names no sea goes to the first.
  const world = infos.find((info) => info.id === "world") ?? DEFAULT_SEAS[0]!;
  return [world, ...infos.filter((info) => info.id !== "world")];
}

/** The operator's places: `[{ "id": "…", "title": { "en": "…", "zh": "…" }, "parent": "…" }]`. */
function places(
  raw: Raw,
  besides: readonly SeaInfo[],
  problem: (text: string) => void,
): readonly Place[] {
  const file = raw("PLACES");
  if (file === undefined) return [];
  const list = readJson(file, problem);
  if (list === undefined) return [];
  const found = readPlaces(list);
  if (!found) {
    problem('must be [{"id": "a-z0-9-", "title": {"en": "…", "zh": "…"}, "parent": "…"}, …]');
    return [];
  }
  const fault = faultOfPlaces(
    found,
    besides.map((sea) => sea.id),
  );
  if (fault !== null) problem(fault);
  return fault === null ? found : [];
}

/** The operator's lines for people in need: `[{ "country": "GB", "name": { … }, "reach": "…" }]`. */
function helpLines(raw: Raw, problem: (text: string) => void): readonly HelpLine[] | null {
  const file = raw("HELP_LINES");
  if (file === undefined) return null;
  const list = readJson(file, problem);
  if (list === undefined) return null;
  const lines = readHelpLines(list);
  if (!lines)
    problem('must be [{"country": "GB", "name": {"en": "…", "zh": "…"}, "reach": "…"}, …]');
  return lines;
}
