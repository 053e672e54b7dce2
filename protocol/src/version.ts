/**
 * The wire's version. A client names it in the CONNECT payload; another number is refused with
 * `protocol_unsupported`. Members may be added under the same version; nothing is renamed or dropped.
 *
 * History: 1 — sessions, bottles, threads, safety; rooms, hole, meets; circles, feed, places; asks; push.
 */
export const PROTOCOL_VERSION = 1;
