/** A line that somebody in need can call, or a page that lists such lines. */
export interface HelpLine {
  /** ISO 3166-1, two capital letters; `*` for whoever is elsewhere. */
  country: string;
  name: { en: string; zh: string };
  /** A number to call, or the name of a site: shown as text, and never fetched. */
  reach: string;
}

/**
 * What is done with what on this server, out of its settings: `GET /rules.json`. The page says it in
 * words. Durations in ms; null is no bound.
 */
export interface SeaRules {
  /** Years; 0 for none. */
  minAge: number;
  aDay: { throws: number; catches: number; secrets: number | null; comments: number | null };
  lifeMs: {
    session: number;
    bottle: number;
    /** How long a bottle is remembered after its end. */
    afterBottle: number;
    lease: number;
    thread: number;
    room: number;
    idleRoom: number;
    hole: number;
    /** 0: seas do not end. */
    sea: number;
    secret: number;
    box: number;
    report: number;
    block: number;
  };
  roomBacklog: number;
  /** People who could have written a secret, before anybody of a circle is shown it. */
  circleK: number;
  /** People without whom a place is not shown by itself; null where there are no places. */
  placeMinPeople: number | null;
  /** Whether texts are handed to a program outside of this server. */
  classifier: boolean;
  /** Whether what names a private person waits for a moderator. */
  namesHeld: boolean;
  /** Whether there are people who look at what is reported. */
  moderators: boolean;
  puzzle: "auto" | "on" | "off";
  /** The operator's own; null: those that the page brings. */
  helpLines: readonly HelpLine[] | null;
}
