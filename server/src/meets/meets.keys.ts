/**
 * All of the meets lives in one slot. Its scripts build their further keys from this base: random,
 * shake, asked, tries, owed, pair:<meet>, of:<drifter>, room:<room>, ending:<meet>,
 * recent:<drifter>, holders:<drifter>. See docs/keyspace.md.
 */
export const meetsBase = (prefix: string): string => `${prefix}{meets}`;
