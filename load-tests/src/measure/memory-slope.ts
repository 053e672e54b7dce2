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
  return linearSlope(half) * 3600;
}

/** Of the least squares line through points of different x. */
export function linearSlope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)];
  const covariance = mean(([x, y]) => (x - meanX) * (y - meanY));
  return covariance / mean(([x]) => (x - meanX) ** 2);
}
