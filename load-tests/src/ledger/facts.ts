/** What must never happen, however fast the server is. */
export type ViolationKind = "double lease" | "lost" | "duplicate" | "gap" | "read after deadline";

export interface Violation {
  kind: ViolationKind;
  text: string;
}

/**
 * What a process has seen, in a form that travels: the ledger puts together what all have seen.
 * Times are ms of the machine's clock.
 */
export type Fact =
  /** Somebody held a bottle, surely from then to then. */
  | { fact: "held"; bottle: string; by: string; from: number; to: number }
  /** The server has acknowledged something that must arrive, once. */
  | { fact: "acknowledged"; what: string }
  | { fact: "arrived"; what: string }
  /** Somebody was told of a meeting, which is for two. */
  | { fact: "met"; meet: string; room: string; who: string }
  /** Somebody was told that a meeting is over. */
  | { fact: "parted"; meet: string; who: string }
  /** A violation that one process can see by itself. */
  | { fact: "broken"; kind: ViolationKind; text: string };

/** Where the facts of a process go. */
export type Tell = (fact: Fact) => void;
