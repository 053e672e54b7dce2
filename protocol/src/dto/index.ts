/*
 * Every inbound payload, once: the server validates with these classes, and a client may too.
 * Decorators are imported by name: `import *` or IsPhoneNumber would put tens of kilobytes into the
 * page. The root entry of this package holds no class-validator, so that a page pays for none of it.
 */
import { IsBoolean, IsIn, IsInt, IsString, Matches, Max, Min, ValidateIf } from "class-validator";
import {
  BACKGROUNDS,
  BOTTLE_KINDS,
  POLL_CHOICES,
  REPORT_TARGETS,
  ROOM_ACCESS,
  SCREENED_PLACES,
} from "../entities.ts";
import type {
  Background,
  BottleKind,
  MessageTimer,
  PollChoice,
  PuzzleSolution,
  ReportTarget,
  RoomAccess,
  RoomLifetime,
  ScreenedPlace,
} from "../entities.ts";
import { PLACE_ID, SEA_ID, TOKEN } from "../ids.ts";
import type {
  BottleId,
  BoxId,
  CircleCode,
  Invite,
  MeetId,
  OwnerHash,
  OwnerKey,
  PersonaId,
  PlaceId,
  QuestionId,
  RoomId,
  SeaId,
  SecretId,
  ThreadId,
  WriteId,
} from "../ids.ts";
import { LIMITS } from "../limits.ts";
import {
  IsBytes,
  IsLetterText,
  IsLetterTextOrEmpty,
  IsLifetime,
  IsNanoid,
  IsPuzzleSolution,
  IsSealed,
  IsTarget,
  IsTimer,
  IsWords,
  ORDINAL_MAX,
} from "./rules.ts";

export { isPuzzleSolution } from "./rules.ts";
export * from "./desk.ts";

/** The field may be left out; null is a value and does not pass. */
const Maybe = (): PropertyDecorator =>
  ValidateIf((_object: unknown, value: unknown) => value !== undefined);
const IsSeaId = (): PropertyDecorator =>
  Matches(SEA_ID, { message: "must be the id of a sea: a-z 0-9 -, at most 32" });

const IsPlaceId = (): PropertyDecorator =>
  Matches(PLACE_ID, { message: "must be the id of a place: a-z 0-9 -, at most 32" });

const IsSecret = (): PropertyDecorator =>
  Matches(TOKEN, { message: "must be 32 bytes as 43 characters of base64url" });
const IsCursor = (): PropertyDecorator =>
  Matches(/^[A-Za-z0-9_.-]{1,64}$/, { message: "must be a cursor from an earlier answer" });

export class NoFields {}

export class ReadInbox {
  @Maybe()
  @Matches(/^\d{1,15}$/, { message: "must be a cursor from an earlier answer" })
  after?: string;
}

export class ThrowBottle {
  @IsNanoid() id!: WriteId;
  @IsLetterText(LIMITS.bottleChars) text!: string;
  @Maybe() @IsIn(BOTTLE_KINDS) kind?: BottleKind;
  /** A word out of `MOODS`, or one that a newer client knows; shown only where it is known. */
  @Maybe() @Matches(/^[a-z-]{1,16}$/, { message: "must be a word of a-z -" }) mood?: string;
  @Maybe() @IsSeaId() sea?: SeaId;
  /** Bounds are the server's settings; the service checks them. */
  @Maybe() @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) lifetimeMs?: number;
  @Maybe() @IsInt() @Min(1) @Max(LIMITS.finders) finders?: number;
  @Maybe() @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) sealedUntilAt?: number;
  @Maybe() @IsPuzzleSolution() puzzle?: PuzzleSolution;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class CatchBottle {
  @Maybe() @IsSeaId() sea?: SeaId;
}

export class BottleRef {
  @IsNanoid() bottleId!: BottleId;
}

export class AnswerBottle {
  @IsNanoid() id!: WriteId;
  @IsNanoid() bottleId!: BottleId;
  @IsLetterText(LIMITS.messageChars) text!: string;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class MuteBottle {
  @IsNanoid() bottleId!: BottleId;
  @IsBoolean() muted!: boolean;
}

export class WatchBottle {
  @IsNanoid() bottleId!: BottleId;
  @Matches(/^https?:\/\/[!-~]{1,990}$/, { message: "must be an address of a push service" })
  endpoint!: string;
}

export class ThreadRef {
  @IsNanoid() threadId!: ThreadId;
}

export class OpenThread {
  @IsNanoid() threadId!: ThreadId;
  @Maybe() @IsInt() @Min(0) @Max(ORDINAL_MAX) after?: number;
}

export class SendToThread {
  @IsNanoid() id!: WriteId;
  @IsNanoid() threadId!: ThreadId;
  @IsLetterText(LIMITS.messageChars) text!: string;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class TypeInThread {
  @IsNanoid() threadId!: ThreadId;
  @IsBoolean() typing!: boolean;
}

export class MuteThread {
  @IsNanoid() threadId!: ThreadId;
  @IsBoolean() muted!: boolean;
}

export class CreateRoom {
  @IsNanoid() id!: WriteId;
  @Maybe() @IsLetterText(LIMITS.titleChars) title?: string;
  /** Bounds are the server's settings; the service checks them. */
  @IsLifetime() lifetime!: RoomLifetime;
  @IsIn(ROOM_ACCESS) access!: RoomAccess;
  @Maybe() @IsInt() @Min(1) @Max(LIMITS.capacityMax) capacity?: number;
  @Maybe() @IsBoolean() encrypted?: boolean;
  @Maybe() @IsInt() @Min(0) @Max(LIMITS.slowModeMaxMs) slowModeMs?: number;
  @Maybe() @IsBoolean() links?: boolean;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class RoomRef {
  @IsNanoid() roomId!: RoomId;
}

export class EnterRoom {
  @IsNanoid() roomId!: RoomId;
  @Maybe() @IsSecret() invite?: Invite;
  @Maybe() @IsInt() @Min(0) @Max(ORDINAL_MAX) after?: number;
  @Maybe() @IsInt() @Min(0) @Max(ORDINAL_MAX) epoch?: number;
}

/** One of text, sealed and photo; the service checks which the room takes. */
export class SendToRoom {
  @IsNanoid() id!: WriteId;
  @IsNanoid() roomId!: RoomId;
  @Maybe() @IsLetterText(LIMITS.messageChars) text?: string;
  @Maybe() @IsSealed() sealed?: string;
  /** A little more than a photo: one that is sealed carries its nonce and its tag. */
  @Maybe() @IsBytes(LIMITS.photoBytes + 64) photo?: Uint8Array;
  @Maybe() @IsTimer(LIMITS.timerMinMs, LIMITS.timerMaxMs) timer?: MessageTimer;
  /** `seq` of the message that this one answers. */
  @Maybe() @IsInt() @Min(1) @Max(ORDINAL_MAX) re?: number;
  /** What it was sealed for. Where the room has moved on meanwhile: `conflict`, and nothing is written. */
  @Maybe() @IsInt() @Min(0) @Max(ORDINAL_MAX) epoch?: number;
  @Maybe() @IsInt() @Min(1) @Max(ORDINAL_MAX) seq?: number;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class SeeMessage {
  @IsNanoid() roomId!: RoomId;
  @IsInt() @Min(1) @Max(ORDINAL_MAX) seq!: number;
}

export class TypeInRoom {
  @IsNanoid() roomId!: RoomId;
  @IsBoolean() typing!: boolean;
}

export class RuledRoom {
  @IsNanoid() roomId!: RoomId;
  @IsSecret() ownerKey!: OwnerKey;
}

export class InviteToRoom extends RuledRoom {
  /** 1 where it is not said. */
  @Maybe() @IsInt() @Min(1) @Max(LIMITS.inviteUses) uses?: number;
  /** In ms; a day where it is not said. */
  @Maybe() @IsInt() @Min(1) @Max(LIMITS.inviteMaxMs) ttlMs?: number;
}

export class LockRoom extends RuledRoom {
  @IsBoolean() locked!: boolean;
}

export class PersonaOfRoom extends RuledRoom {
  @IsNanoid() personaId!: PersonaId;
}

export class SetMotd extends RuledRoom {
  /** Empty: none any more. */
  @IsLetterTextOrEmpty(LIMITS.motdChars) text!: string;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class WriteLetter {
  @IsNanoid() id!: WriteId;
  @IsLetterText(LIMITS.letterChars) text!: string;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class SeekPartner {
  @Maybe() @IsWords(LIMITS.interests, LIMITS.interestChars) interests?: string[];
  @Maybe() @IsIn(["random", "shake"]) mode?: "random" | "shake";
}

export class EndMeet {
  @Maybe() @IsNanoid() meetId?: MeetId;
}

/** What a report or a block points at. */
export interface Target {
  kind: ReportTarget;
  id: string;
  seq?: number;
}

export class InviteToCircle {
  /** How many people may use it. */
  @Maybe() @IsInt() @Min(1) @Max(LIMITS.circleUses) uses?: number;
}

export class AcceptIntoCircle {
  @IsSecret() code!: CircleCode;
}

/** Nobody is named: those who came by one link, or else all friends. */
export class LeaveCircle {
  @Maybe() @IsIn([true]) all?: true;
  @Maybe() @IsSecret() code?: CircleCode;
}

export class OpenFeed {
  @Maybe() @IsCursor() cursor?: string;
  /** Says where one is, and asks for what drifts there. */
  @Maybe() @IsPlaceId() place?: PlaceId;
}

export class OpenWorld {
  @Maybe() @IsCursor() cursor?: string;
}

export class PostSecret {
  @IsNanoid() id!: WriteId;
  @IsLetterText(LIMITS.secretChars) text!: string;
  @Maybe() @IsIn(BACKGROUNDS) background?: Background;
  @Maybe() @IsBytes(LIMITS.photoBytes) photo?: Uint8Array;
  @IsSecret() ownerHash!: OwnerHash;
  @Maybe() @IsIn(["once", "pseudonym"]) identity?: "once" | "pseudonym";
  @Maybe() @IsIn(["circle", "anyone"]) comments?: "circle" | "anyone";
  @Maybe() @IsIn(["steady", "fresh"]) icons?: "steady" | "fresh";
  @Maybe() @IsBoolean() poll?: boolean;
  /** Says where one is, and puts the secret there as well. */
  @Maybe() @IsPlaceId() place?: PlaceId;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
  /** And so are the names of private people in it, of which one is asked a second time. */
  @Maybe() @IsBoolean() confirmedNames?: boolean;
}

export class SecretRef {
  @IsNanoid() postId!: SecretId;
}

export class OwnSecret extends SecretRef {
  @IsSecret() ownerKey!: OwnerKey;
}

export class HeartSecret extends SecretRef {
  @IsBoolean() on!: boolean;
}

export class CommentSecret extends SecretRef {
  @IsNanoid() id!: WriteId;
  @IsLetterText(LIMITS.commentChars) text!: string;
  @Maybe() @IsSecret() ownerKey?: OwnerKey;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class ReadComments extends SecretRef {
  @Maybe() @IsInt() @Min(0) @Max(ORDINAL_MAX) after?: number;
  /** Its author's, who reads before its release too. */
  @Maybe() @IsSecret() ownerKey?: OwnerKey;
}

export class VoteSecret extends SecretRef {
  @IsIn(POLL_CHOICES) choice!: PollChoice;
}

export class MakeBox {
  @IsNanoid() id!: WriteId;
  @IsSecret() ownerHash!: OwnerHash;
  @Maybe() @IsWords(LIMITS.mutedWords, LIMITS.mutedWordChars) mutedWords?: string[];
}

export class BoxRef {
  @IsSecret() box!: BoxId;
}

export class OwnBox extends BoxRef {
  @IsSecret() ownerKey!: OwnerKey;
}

export class SetBox extends OwnBox {
  @Maybe() @IsBoolean() isOn?: boolean;
  @Maybe() @IsWords(LIMITS.mutedWords, LIMITS.mutedWordChars) mutedWords?: string[];
}

export class ReadBox extends BoxRef {
  @Maybe() @IsCursor() cursor?: string;
}

export class AskQuestion extends BoxRef {
  @IsNanoid() id!: WriteId;
  @IsLetterText(LIMITS.questionChars) text!: string;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class AnswerQuestion extends OwnBox {
  @IsNanoid() id!: WriteId;
  @IsNanoid() questionId!: QuestionId;
  @IsLetterText(LIMITS.answerChars) text!: string;
  /** What was marked is meant so. */
  @Maybe() @IsBoolean() confirmed?: boolean;
}

export class DropQuestion extends OwnBox {
  /** Of a question that waits, or of one that was answered. */
  @IsNanoid() questionId!: QuestionId;
}

export class SayPlace {
  /** Null: nowhere. */
  @ValidateIf((_object: unknown, value: unknown) => value !== null)
  @IsPlaceId()
  placeId!: PlaceId | null;
}

export class Report {
  @IsNanoid() id!: WriteId;
  @IsTarget(REPORT_TARGETS) target!: Target;
  /** A word out of `REPORT_REASONS`, or the reporter's own. */
  @IsLetterText(64) reason!: string;
  @Maybe() @IsLetterText(LIMITS.noteChars) note?: string;
  /** What a message of an encrypted room said, or one that has gone by its timer, as the reporter's page had it. */
  @Maybe() @IsLetterText(LIMITS.openedChars) opened?: string;
}

export class Appeal {
  @IsNanoid() id!: WriteId;
  @IsNanoid() noticeId!: string;
  @IsLetterText(LIMITS.noteChars) text!: string;
}

/** What would be said of a text; nothing is written. */
export class ScreenText {
  @IsLetterText(LIMITS.bottleChars) text!: string;
  @IsIn(SCREENED_PLACES) where!: ScreenedPlace;
}

export class Block {
  @IsTarget(REPORT_TARGETS) target!: Target;
}

/** `auth` of the CONNECT packet. */
export class Connect {
  @IsInt() protocol!: number;
  @Maybe() @IsString() token?: string;
  @Maybe() @IsString() locale?: string;
  @Maybe() @IsSecret() blocksKey?: string;
  @Maybe() @IsPuzzleSolution() puzzle?: PuzzleSolution;
}
