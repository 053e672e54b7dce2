/** The secret under which puzzles of a day are signed; days since 1970 by the store's clock. */
export const secretKey = (prefix: string, day: number): string =>
  `${prefix}{puzzles}:secret:${day}`;

/** That a puzzle was solved. */
export const spentKey = (prefix: string, nonce: string): string => `${prefix}puzzle:{${nonce}}`;

/** How many came and threw, in one window of time. */
export const loadKey = (prefix: string, window: number): string =>
  `${prefix}{puzzles}:load:${window}`;
