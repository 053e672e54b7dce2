declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** SHA-256 of a drifter's token, base64url. Never leaves the server. */
export type DrifterId = Brand<string, "DrifterId">;
/**
 * Names a drifter in circles and feeds, and nowhere else: another hash of his token, so that no record
 * of a circle leads to a session, a bottle or a room. Never leaves the server.
 */
export type CircleId = Brand<string, "CircleId">;
export type BottleId = Brand<string, "BottleId">;
export type ThreadId = Brand<string, "ThreadId">;
export type RoomId = Brand<string, "RoomId">;
export type MeetId = Brand<string, "MeetId">;
export type SecretId = Brand<string, "SecretId">;
/** 32 bytes, base64url: the name of an ask box, and its link. Nothing in it leads to its owner. */
export type BoxId = Brand<string, "BoxId">;
export type QuestionId = Brand<string, "QuestionId">;
export type PersonaId = Brand<string, "PersonaId">;
/** Made by the client; the same id again is the same write. */
export type WriteId = Brand<string, "WriteId">;
/** 32 random bytes, base64url: who knows it rules the room. Shown once, to its creator; the server keeps a hash. */
export type OwnerKey = Brand<string, "OwnerKey">;
/** 32 random bytes, base64url: lets somebody into a room. The server keeps a hash. */
export type Invite = Brand<string, "Invite">;
/** 32 random bytes, base64url: makes whoever opens its link a friend. The server keeps a hash. */
export type CircleCode = Brand<string, "CircleCode">;
/** SHA-256 of an owner key's 32 bytes, base64url. */
export type OwnerHash = Brand<string, "OwnerHash">;
/** Lower-case word that names a pool of bottles. */
export type SeaId = Brand<string, "SeaId">;

/** Lower-case word that names a place of the operator's list. */
export type PlaceId = Brand<string, "PlaceId">;

/** A nanoid of 21 characters: 126 random bits. */
export const NANOID = /^[A-Za-z0-9_-]{21}$/;
/** 32 random bytes, base64url without padding. */
export const TOKEN = /^[A-Za-z0-9_-]{43}$/;
export const SEA_ID = /^[a-z0-9-]{1,32}$/;
/** The same, so that a place can be a sea as well. */
export const PLACE_ID = SEA_ID;
