import type { Notice, SecretId } from "@driftsea/protocol";
import type { CircleService } from "../circles/circles.service.ts";
import type { Clock } from "../lib/clock.ts";
import type { Publisher } from "../lib/publisher.ts";
import type { Rng } from "../lib/random.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { Viewers } from "../lib/viewers.ts";
import type { PlaceService } from "../places/places.service.ts";
import type { QuotaService } from "../quotas/quotas.service.ts";
import { FeedErrands } from "./feed.errands.ts";
import { FeedService } from "./feed.service.ts";
import type { FeedStore } from "./feed.store.ts";
import { FeedStreams } from "./feed.streams.ts";

export interface FeedParts {
  store: FeedStore;
  circles: CircleService;
  quotas: Pick<QuotaService, "spend">;
  places: PlaceService;
  publisher: Publisher;
  nodes?: Nodes;
  viewers: Viewers;
  /** What the author of one of his, by its key, is to be told of a review. */
  standingOf: (id: SecretId) => Promise<Notice | null>;
  /** The store's. */
  clock: Clock;
  random: Rng;
  rules: {
    /** A secret is released at a random time within this, in ms (F15). */
    releaseDelayMaxMs: number;
    /** Carried to so many circles it is the world's (F3). */
    worldAtCircles: number;
  };
  /** What could not be done now; somebody does later. */
  onUnsettled: (error: unknown) => void;
}

export interface Feed {
  /** What people do with secrets. */
  feed: FeedService;
  /** What they read and hear. */
  streams: FeedStreams;
  /** What brings the one to the other. */
  errands: FeedErrands;
}

/** The three parts of the feed, each knowing the others no more than it must. */
export function createFeed({ rules, ...parts }: FeedParts): Feed {
  const streams = new FeedStreams({
    ...parts,
    isHeard: (connection, id) => feed.hears(connection, id),
  });
  const errands = new FeedErrands({
    ...parts,
    worldAtCircles: rules.worldAtCircles,
    onDelivered: (readers, at) => streams.coming(readers, at),
    onDropped: (dropped) => streams.dropped(dropped),
  });
  const feed: FeedService = new FeedService({
    ...parts,
    releaseDelayMaxMs: rules.releaseDelayMaxMs,
    streams,
    errands,
  });
  return { feed, streams, errands };
}
