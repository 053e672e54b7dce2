/** Fixed, so that every process hears all of them: never one a room. */
export const PARTITIONS = 64;

/** Channel of one partition; a slot of its own in Redis Cluster. */
export const partitionChannel = (prefix: string, partition: number): string =>
  `${prefix}{w:${partition}}`;
/** The key under which processes sign what they tell each other on one day. */
export const signingKey = (prefix: string, day: number): string => `${prefix}{w}:key:${day}`;

/** The partition of a drifter or a place: FNV-1a, the same in each process. */
export function partitionOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % PARTITIONS;
}
