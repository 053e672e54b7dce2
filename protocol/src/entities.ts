import type { BottleId, PersonaId, PlaceId, QuestionId, RoomId, SeaId } from "./ids.ts";
import type { SecretId, ThreadId, WriteId } from "./ids.ts";
import type { PublicCount } from "./limits.ts";

export const BOTTLE_KINDS = ["plain", "question", "truth", "wish", "mood", "relay"] as const;
export type BottleKind = (typeof BOTTLE_KINDS)[number];

export const MOODS = ["calm", "happy", "sad", "lonely", "angry", "hopeful", "tired"] as const;
export type Mood = (typeof MOODS)[number];

/**
 * Where a bottle is; at every instant exactly one of these. For a bottle with several finders it is
 * the first that fits: afloat while a copy floats, held while one is held, else answered.
 */
export const BOTTLE_STATES = [
  "sealed",
  "afloat",
  "held",
  "answered",
  "expired",
  "recalled",
  "hidden",
] as const;
export type BottleState = (typeof BOTTLE_STATES)[number];

/** What a catch may bring up instead of a bottle; each client has a line of its own for each. */
export const CREATURES = [
  "starfish",
  "crab",
  "jellyfish",
  "seahorse",
  "octopus",
  "turtle",
  "pufferfish",
  "snail",
  "shrimp",
  "squid",
] as const;
export type Creature = (typeof CREATURES)[number];

/** How many words a reader's client has for `Persona.name` and `Persona.creature`. */
export const PERSONA_NAMES = 32;
export const PERSONA_CREATURES = 32;

/** The mask of one person in one context. Two contexts of a person share no value. */
export interface Persona {
  id: PersonaId;
  /** Index below `PERSONA_NAMES` into the reader's own words. */
  name: number;
  /** Degrees, 0 to 359. */
  hue: number;
  /** Index below `PERSONA_CREATURES` into the reader's own words. */
  creature: number;
}

/** What people wrote. */
export interface OfCare {
  /** There are words of crisis in it (M6): whoever wrote it, and whoever reads it, is offered help. */
  care?: true;
}

export interface OwnBottle extends OfCare {
  id: BottleId;
  text: string;
  kind: BottleKind;
  mood?: string;
  sea: SeaId;
  state: BottleState;
  /** Times it was taken out of the sea. */
  found: number;
  thrownAt: number;
  expiresAt: number;
  /** Only where it is sealed, or was. */
  sealedUntilAt?: number;
  muted: boolean;
  threadIds: ThreadId[];
}

export interface CaughtBottle extends OfCare {
  id: BottleId;
  text: string;
  kind: BottleKind;
  mood?: string;
  sea: SeaId;
  persona: Persona;
  /** Rounded up to the minute: the exact time would tell when it was thrown. */
  expiresAt: number;
}

/** A bottle that the drifter has taken out and neither answered nor thrown back. */
export interface HeldBottle {
  bottle: CaughtBottle;
  leaseEndsAt: number;
}

export interface Thread {
  id: ThreadId;
  bottleId: BottleId;
  /** What the bottle said, so that the thread can be read from its beginning. */
  bottle: { text: string; kind: BottleKind; mood?: string } & OfCare;
  /** Whether the reader threw the bottle. */
  thrower: boolean;
  me: Persona;
  other: Persona;
  /** `seq` of the newest message. */
  head: number;
  expiresAt: number;
  muted: boolean;
  closed?: ThreadEnd;
}

/** Leaving and blocking look the same to the other side. */
export type ThreadEnd = "left";

export interface ThreadMessage extends OfCare {
  /** Dense within the thread, from 1. */
  seq: number;
  id: WriteId;
  mine: boolean;
  text: string;
  sentAt: number;
}

export interface Sea {
  id: SeaId;
  title: string;
  afloat: PublicCount;
  /** When it is wiped for everybody, unless somebody throws; only where the operator wants it so. */
  deadlineAt?: number;
}

/** A place that one may name: a campus, a town, a country. Nothing says how many are there. */
export interface Place {
  id: PlaceId;
  title: { en: string; zh: string };
  /** In which it lies; without, in the world. */
  parent?: PlaceId;
}

export interface Quota {
  left: number;
  /** When the whole allowance is back. */
  resetsAt: number;
}

export interface Quotas {
  throws: Quota;
  catches: Quota;
}

export const ROOM_LIFETIMES = ["fixed", "idle", "presence"] as const;
/**
 * How long a room lives: `fixed` ms from its creation; `idle` ms from its last message, with a cap;
 * `presence`, while somebody is in and `ms` longer (30 s where it is not said).
 */
export interface RoomLifetime {
  kind: (typeof ROOM_LIFETIMES)[number];
  ms?: number;
}

/** Listed ones are for everybody; into one by link whoever has its id, and from its first invite on who has one. */
export const ROOM_ACCESS = ["listed", "link"] as const;
export type RoomAccess = (typeof ROOM_ACCESS)[number];

export interface Room {
  id: RoomId;
  title?: string;
  access: RoomAccess;
  lifetime: RoomLifetime;
  /** From this instant on there is no such room. A presence room's moves on while somebody is in. */
  deadlineAt: number;
  members: number;
  capacity: number;
  encrypted: boolean;
  /** Counts removals: whoever was removed knows nothing that was sealed under a later one. */
  epoch: number;
  /** `seq` of the newest message. */
  head: number;
  locked: boolean;
  /** Message of the day. */
  motd?: string;
  /** Pause between two messages of one member, in ms; 0 for none. */
  slowModeMs: number;
  /** Whether links may be written. */
  links: boolean;
}

/** A message goes `afterMs` after a reader first saw it, or once each present reader has. */
export type MessageTimer = { afterMs: number } | { once: true };

/** Without text, sealed and photo it has gone: its number stays. */
export interface RoomMessage extends OfCare {
  /** Dense within the room, from 1. */
  seq: number;
  id: WriteId;
  from: Persona;
  text?: string;
  /** Ciphertext of 256, 1024 or 4096 bytes, base64url. */
  sealed?: string;
  /** A path on this server that dies with the message or the room. */
  photo?: { url: string };
  timer?: MessageTimer;
  /** `seq` of the message that this one answers. */
  re?: number;
  /** The room's epoch when it was written. */
  epoch: number;
  sentAt: number;
  goneAt?: number;
}

/** Why a room is no longer there; the last two, for one person alone. */
export type RoomEnd = "expired" | "destroyed" | "removed" | "left";

/** Why two strangers are together no longer, or why one seeks no longer. */
export type MeetEnd = "left" | "expired" | "nobody";

/** A letter of the hole, without any trace of its writer. */
export interface Letter extends OfCare {
  id: string;
  text: string;
  age: LetterAge;
}

export const LETTER_AGES = ["now", "hour", "hours", "day", "days"] as const;
/** Under ten minutes, under an hour, under six, under a day, older. */
export type LetterAge = (typeof LETTER_AGES)[number];

/** How near a secret is. There is no finer word: a friend's and a friend of a friend's look alike. */
export const SECRET_LABELS = ["circle", "world"] as const;
export type SecretLabel = (typeof SECRET_LABELS)[number];

/** Painted backgrounds of a secret. */
export const BACKGROUNDS = [
  "dusk",
  "deep",
  "moss",
  "ember",
  "fog",
  "plum",
  "sand",
  "night",
] as const;
export type Background = (typeof BACKGROUNDS)[number];

export type Poll = { yes: number; no: number } | { hidden: true };
export const POLL_CHOICES = ["yes", "no"] as const;
export type PollChoice = (typeof POLL_CHOICES)[number];

/** An entry of the feed, as its reader sees it. */
export interface Secret extends OfCare {
  id: SecretId;
  text: string;
  background?: Background;
  /** A path on this server that dies with the secret. */
  photo?: { url: string };
  label: SecretLabel;
  age: LetterAge;
  hearts: number;
  comments: number;
  mayComment: boolean;
  poll?: Poll;
  /** Only where it was written under the lasting pseudonym. */
  persona?: Omit<Persona, "id">;
  /** The reader's own: whether he gave a heart, what he voted, whether he has muted it: it is folded, and changes as before. */
  hearted: boolean;
  voted?: PollChoice;
  muted: boolean;
}

/** `icon` stands for one person within one secret, or for one comment where its author chose so. */
export interface SecretComment extends OfCare {
  /** Dense within the secret, from 1. */
  seq: number;
  /** `<creature>-<hue>`, as in a persona. */
  icon: string;
  /** The secret's author wrote it. */
  crown: boolean;
  text: string;
  age: LetterAge;
}

/** What the owner of an ask box answered in public. Nothing in it tells who asked. */
export interface BoxAnswer extends OfCare {
  id: QuestionId;
  question: string;
  answer: string;
  /** Of the answer. */
  age: LetterAge;
}

/** A question that waits for its answer; for the box's owner alone. */
export interface BoxQuestion extends OfCare {
  id: QuestionId;
  text: string;
  age: LetterAge;
}

/** A drifter's own circle, by numbers alone. */
export interface CircleStatus {
  /** Whether the feed of the circle is open. */
  open: boolean;
  friends: number;
  /** Friends that are missing before it opens. */
  needed: number;
  /** How many people, counted as those who see it count them, could have written what one posts now. */
  couldWrite: PublicCount;
}

export const REPORT_TARGETS = ["bottle", "thread", "room", "secret", "comment", "letter"] as const;
export type ReportTarget = (typeof REPORT_TARGETS)[number];
export const REPORT_REASONS = [
  "spam",
  "sexual",
  "harassment",
  "threat",
  "self-harm",
  "minor",
  "personal-data",
  "other",
] as const;
export type ReportReason = (typeof REPORT_REASONS)[number];

/**
 * A proof of work, in the form of altcha-lib 2: find the counter, up to `data.most`, for which
 * SHA-256(salt, nonce, counter as uint32 big-endian) begins with `keyPrefix`. All bytes are lower-case hex.
 */
export interface Puzzle {
  parameters: {
    algorithm: "SHA-256";
    /** 1: hashed once. */
    cost: number;
    data: { most: number };
    /** Seconds since 1970; one that is solved later is refused. */
    expiresAt: number;
    keyLength: number;
    keyPrefix: string;
    nonce: string;
    salt: string;
  };
  signature: string;
}

/** The puzzle as it was given, and what was found. It counts once. */
export interface PuzzleSolution {
  challenge: Puzzle;
  solution: {
    counter: number;
    derivedKey: string;
    /**
     * How long it took, in ms; nobody reads it.
     * @fraction
     */
    time?: number;
  };
}
/** Where a text is to stand, as far as it is screened. */
export const SCREENED_PLACES = [
  "bottle",
  "answer",
  "thread",
  "room",
  "title",
  "letter",
  "secret",
  "comment",
  "ask",
] as const;
export type ScreenedPlace = (typeof SCREENED_PLACES)[number];
