import type { Point } from "./timeline.ts";

/** Below this a slope says more of the moment than of the server, in s. */
const SHORTEST_S = 120;

/**
 * By how much the server's resident memory grew in an hour, in bytes, over the second half of a run:
 * the least squares line. Null where the run was too short, or had no server of its own.
 */
export function memorySlope(timeline: readonly Point[]): number | null {
  const points = timeline.flatMap(({ atS, server }) =>
    server ? [[atS, server.rss] as const] : [],
  );
  const lastS = points.at(-1)?.[0] ?? 0;
  const half = points.filter(([atS]) => atS >= lastS / 2);
  if (lastS < SHORTEST_S || half.length < 2) return null;
  const mean = (of: (point: readonly [number, number]) => number): number =>
    half.reduce((sum, point) => sum + of(point), 0) / half.length;
  const [meanS, meanRss] = [mean(([atS]) => atS), mean(([, rss]) => rss)];
  const covariance = mean(([atS, rss]) => (atS - meanS) * (rss - meanRss));
  const variance = mean(([atS]) => (atS - meanS) ** 2);
  return (covariance / variance) * 3600;
}
