import type {
  BoxId,
  CircleId,
  DrifterId,
  EventName,
  Events,
  Notice,
  OwnerHash,
  Persona,
  PlaceId,
  RoomEnd,
  RoomId,
  RoomMessage,
  SeaId,
  SecretId,
  ThreadId,
} from "@driftsea/protocol";
import type { Place } from "../lib/publisher.ts";

/** Any event with what it carries. */
export type Told = { [N in EventName]: { event: N; payload: Events[N] } }[EventName];

/** What processes tell each other, by kind. */
export interface Tellings {
  "to-drifter": Told & { drifter: DrifterId };
  "to-place": Told & { place: Place };
  /** His last connection to the teller is gone. */
  departed: { drifter: DrifterId };
  /** It lies in his inbox: whoever takes it out tells him. */
  notice: { drifter: DrifterId; seq: number; notice: Notice };
  /** Something may lie in his inbox of which he was not told. */
  "notice-owed": { drifter: DrifterId };
  /** It is being told, on all his lines. */
  "notice-told": { drifter: DrifterId; seq: number; notice: Notice };
  /** Something more is closed to him. */
  penalised: { drifter: DrifterId };
  /** No command of his begins while he is being forgotten. */
  forgetting: { drifter: DrifterId };
  /** Or not, where that failed. */
  forgotten: { drifter: DrifterId; isDone: boolean };

  "room-event": Told & { id: RoomId };
  /** Without a message: the log holds one of this number. */
  "room-message": {
    id: RoomId;
    author: DrifterId;
    seq: number;
    message?: RoomMessage;
    epoch: number;
    deadlineAt: number;
  };
  "room-member": Told & { id: RoomId; drifter: DrifterId };
  "room-typing": { id: RoomId; drifter: DrifterId; persona: Persona; typing: boolean };
  /** He hears nothing of it until more is heard of him, and may not come in where he is barred. */
  "room-deaf": { id: RoomId; drifter: DrifterId; isBarred: boolean };
  /** He may hear it, and come in. */
  "room-heard": { id: RoomId; drifter: DrifterId };
  /** He is out; `epoch` where that has begun a new one. */
  "room-out": { id: RoomId; drifter: DrifterId; reason: RoomEnd; epoch?: number };
  "room-ended": { id: RoomId; reason: RoomEnd };

  /** Whoever serves one of the two reads it. */
  "thread-message": {
    id: ThreadId;
    seq: number;
    sentAt: number;
    sides: readonly (DrifterId | null)[];
  };
  "thread-typing": { id: ThreadId; from: DrifterId; to: DrifterId; typing: boolean };
  meet: Extract<Told, { event: "meet:found" | "meet:ended" }> & { drifter: DrifterId };

  "feed-deleted": { id: SecretId };
  "feed-hidden": { circle: CircleId; id: SecretId };
  /** From then on something lies ready for them, by the beginnings of their names. */
  "feed-coming": { readers: readonly string[]; at: number };
  "feed-dropped": { place: PlaceId; id: SecretId; releaseAt: number };
  /** And where it stands among the answers. */
  "ask-answered": Events["ask:answered"] & { order: number };
  /** Nobody hears of it any more, its owner neither. */
  "ask-closed": { box: BoxId; ownerHash: OwnerHash };
  "sea-used": { sea: SeaId };
}
