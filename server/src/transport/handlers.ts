import type { CommandName, Data, Payload } from "@driftsea/protocol";
import type { AskService } from "../asks/asks.service.ts";
import type { BottleService } from "../bottles/bottles.service.ts";
import type { CircleService } from "../circles/circles.service.ts";
import type { FeedService } from "../feed/feed.service.ts";
import type { FeedStreams } from "../feed/feed.streams.ts";
import type { HoleService } from "../hole/hole.service.ts";
import type { Context } from "../lib/connection-context.ts";
import type { Viewers } from "../lib/viewers.ts";
import type { MeetService } from "../meets/meets.service.ts";
import type { PenaltyService } from "../penalties/penalties.service.ts";
import type { PlaceService } from "../places/places.service.ts";
import type { PushService } from "../push/push.service.ts";
import type { PuzzleService } from "../puzzles/puzzles.service.ts";
import type { QuotaService } from "../quotas/quotas.service.ts";
import type { ReviewService } from "../review/review.service.ts";
import type { SafetyService } from "../safety/safety.service.ts";
import type { ScreeningService } from "../screening/screening.service.ts";
import type { RoomService } from "../rooms/rooms.service.ts";
import type { NoticeService } from "../sessions/notices.service.ts";
import type { ThreadService } from "../threads/threads.service.ts";

/** What a handler may call. Built once, by app.ts. */
export interface Services {
  bottles: BottleService;
  threads: ThreadService;
  hole: HoleService;
  rooms: RoomService;
  meets: MeetService;
  circles: CircleService;
  feed: FeedService;
  streams: FeedStreams;
  asks: AskService;
  places: PlaceService;
  push: PushService;
  puzzles: PuzzleService;
  quotas: QuotaService;
  notices: NoticeService;
  safety: SafetyService;
  screening: ScreeningService;
  viewers: Viewers;
  review: Pick<ReviewService, "appeal">;
  penalties: PenaltyService;
  /** Erases everything of a drifter and ends his connections. */
  forget: (context: Context) => Promise<void>;
}

/**
 * A handler turns a validated payload into calls of services and their answer into `data`. It knows
 * no rule. What it throws becomes the reply's error, by `wire-error.ts` alone.
 */
export type Handlers<N extends CommandName> = {
  [K in N]: (services: Services, context: Context, payload: Payload<K>) => Promise<Data<K>>;
};
