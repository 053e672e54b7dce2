import { createHmac } from "node:crypto";
import { cleanText } from "@driftsea/protocol";
import type { CommandName, DrifterId, ScreenedPlace } from "@driftsea/protocol";
import { SCREEN_VERDICTS, graver } from "@driftsea/protocol/screening";
import type { MarkKind, ScreenMark, ScreenVerdict, Screened } from "@driftsea/protocol/screening";
import { findNames } from "../feed/names.ts";
import { rethink } from "../feed/rethink.ts";
import { Bound } from "../lib/bound.ts";
import type { Context } from "../lib/connection-context.ts";
import { DomainError } from "../lib/errors.ts";
import { Turns } from "../lib/turns.ts";
import type { Care } from "./care.ts";
import type { Classifier, WhenAway } from "./classifier.ts";
import { WEIGHT_BARE, WEIGHT_MARKED, WEIGHT_TALK, bandsOf, mayWeigh } from "./near.ts";
import type { ForReview, Reviewers } from "./reviewers.ts";
import { targetOf, writingOf } from "./screened.ts";
import type { Writing } from "./screened.ts";
import type { ScreeningMetrics } from "./screening.metrics.ts";
import type { HeldMark, HeldState, ScreeningStore } from "./screening.store.ts";
import { marksInSent } from "./spans.ts";

/** Who writes what so many others have written within the window is refused: the third of them. */
export const OTHERS = 2;
/** When a text may come again for which the classifier was away, in ms. */
const RETRY_MS = 10_000;
/** Talk: whoever is spoken to is there now, and nothing can be made to wait. */
const TALK: ReadonlySet<ScreenedPlace> = new Set(["answer", "thread", "room"]);
/** What is done before anybody could look at it cannot be undone. */
const GRAVE: ReadonlySet<MarkKind> = new Set(["threat", "email", "phone", "handle", "name"]);
/** Where people talk they may say how they are found; a room has its own word on links. */
const OWN: ReadonlySet<MarkKind> = new Set(["link", "email", "phone", "handle"]);
/** What is said in hope of being found: it is looked for among others even where it is short. */
const BAIT: ReadonlySet<MarkKind> = new Set<MarkKind>([
  "link",
  "email",
  "phone",
  "handle",
  "sexual",
  "spam",
  "solicitation",
  "drugs",
  "gambling",
]);

/** Texts of one person that are put before people in an hour: his others wait, or are shown. */
const LOOKED_AT_AN_HOUR = 20;
/** Texts of one person that are kept in a minute, to be compared with what others write. */
const COMPARED_A_MINUTE = 300;
const MINUTE_MS = 60_000;

/** Who writes. */
type Writer = Pick<Context, "drifter" | "mask">;

export interface ScreeningParts {
  store: ScreeningStore;
  care: Care;
  /** Null where the operator has none. */
  classifier: Pick<Classifier, "ask"> | null;
  /** What is done with a text where the classifier is away. */
  whenAway: WhenAway;
  reviewers: Reviewers;
  /** A secret that names somebody waits for people (F9). */
  namesHeld: boolean;
  /** Whether what many write is refused. */
  countsRepeats: boolean;
  metrics: ScreeningMetrics;
  /** Who has come a short while ago, or is not known any more. */
  isNewcomer: (drifter: DrifterId) => Promise<boolean>;
  /** Of what could not be put before people. */
  onUnsettled: (error: unknown) => void;
}

/** A text that may be written, and what is to be done once it is. */
export interface Passed {
  name: CommandName;
  payload: object;
  care: boolean;
  writer: Writer;
  /** People look at it although it is shown; the mark names this write of this writer among what they saw. */
  review: Pick<ForReview, "text" | "where" | "kinds" | "urgency" | "mark"> | null;
}

type Found = Screened & { isAway: boolean };

const CRISIS: Pick<ForReview, "kinds" | "urgency"> = { kinds: ["crisis"], urgency: "care" };

/** What others are to read is looked at before it is written (M12, F9), and never by who wrote it. */
export class ScreeningService {
  readonly #p: ScreeningParts;
  /** What one person writes is let through in its order, however long it takes to look at each. */
  readonly #turns = new Turns();
  readonly #lookedAt = new Bound(LOOKED_AT_AN_HOUR, 60 * MINUTE_MS);
  readonly #compared = new Bound(COMPARED_A_MINUTE, MINUTE_MS);

  constructor(parts: ScreeningParts) {
    this.#p = parts;
  }

  /** What a write of this text would be answered, as far as the text decides it. Nothing is kept of it. */
  async check(sent: string, where: ScreenedPlace): Promise<Screened> {
    const text = cleanText(sent);
    const listed = this.#byLists(text, where);
    const { verdict, marks, care } =
      listed.verdict === "refuse" ? listed : await this.#byClassifier(text, where, listed, true);
    return { verdict, marks: marksInSent(sent, marks), care };
  }

  /**
   * Lets a command pass, or throws: `rejected` with the marks; `confirmation_needed` with the marks, until
   * it says `confirmed`; `held_for_review` until people have decided. Null: it brings no text for others.
   */
  admit(writer: Writer, name: CommandName, payload: object): Promise<Passed> | Passed | null {
    const writing = writingOf(name, payload);
    if (!writing) return null;
    const { where } = writing;
    const { mask } = writer;
    const text = cleanText(writing.text);
    const listed = this.#byLists(text, where);
    // What most people say: nothing else has to be asked about it.
    if (this.#isPlain(text, where, listed)) {
      this.#p.metrics.screened(where, "fine");
      const passed = { name, payload, care: false, writer, review: null };
      return this.#turns.isTaken(mask) ? this.#turns.take(mask, async () => passed) : passed;
    }
    const work = (): Promise<Passed> =>
      this.#admit(writer, { writing, text, listed }, name, payload);
    return this.#counted(where, this.#turns.take(mask, work));
  }

  #isPlain(text: string, where: ScreenedPlace, { verdict, marks, care }: Screened): boolean {
    if (verdict !== "fine" || care || where === "secret" || this.#p.classifier) return false;
    return !this.#p.countsRepeats || !mayWeigh(text, leastOf(where, marks));
  }

  async #counted(where: ScreenedPlace, admitted: Promise<Passed>): Promise<Passed> {
    const seen = (verdict: ScreenVerdict): void => this.#p.metrics.screened(where, verdict);
    try {
      const passed = await admitted;
      seen("fine");
      if (passed.care) this.#p.metrics.care.inc({ where });
      return passed;
    } catch (error) {
      if (error instanceof DomainError) {
        if (error.code === "rejected") seen("refuse");
        if (error.code === "held_for_review") seen("hold");
        if (error.code === "confirmation_needed") seen("confirm");
      }
      throw error;
    }
  }

  async #admit(
    writer: Writer,
    { writing, text, listed }: { writing: Writing; text: string; listed: Screened },
    name: CommandName,
    payload: object,
  ): Promise<Passed> {
    const { where, confirmed } = writing;
    const { mask } = writer;
    const passed = (
      gravity: Pick<ForReview, "kinds" | "urgency"> | null,
      care: boolean,
    ): Passed => {
      const why = gravity ?? (care ? CRISIS : null);
      if (!why) return { name, payload, care, writer, review: null };
      // The same words written anew are another case; the same write is not.
      const { id = "" } = payload as { id?: string };
      const mark = markOf(mask, "shown", where, `${id}|${text}`);
      return { name, payload, care, writer, review: { text, where, ...why, mark } };
    };
    if (listed.verdict === "refuse") throw rejected(writing, listed.marks);
    if (where === "secret") askForNames(writing, text, listed.marks);
    if (listed.verdict === "confirm" && !confirmed) throw unconfirmed(writing, listed.marks);
    await this.#refuseRepeats(mask, writing, text, listed.marks);
    const found = await this.#byClassifier(text, where, listed);
    if (found.verdict === "refuse") throw found.isAway ? away() : rejected(writing, found.marks);
    if (found.verdict === "confirm" && !confirmed) throw unconfirmed(writing, found.marks);
    const heldMark = (): HeldMark => markOf(mask, "held", where, text);
    const isNamed = where === "secret" && this.#p.namesHeld && findNames(text).length > 0;
    if (found.verdict === "hold" || isNamed) {
      if (!TALK.has(where) && (await this.#p.reviewers.areThere())) {
        await this.#wait(writer, heldMark(), { writing, text, found });
        return passed(null, found.care);
      }
      if (found.verdict === "hold") {
        if (found.isAway) throw away();
        if (found.marks.some(({ kind }) => GRAVE.has(kind))) throw rejected(writing, found.marks);
        if (!TALK.has(where)) {
          if (!confirmed) throw unconfirmed(writing, found.marks);
          return passed(null, found.care);
        }
        return passed(gravityOf(found), found.care);
      }
    } else if (this.#p.classifier && this.#p.whenAway === "hold" && !TALK.has(where)) {
      // It may have been held while the classifier was away, and people have said no meanwhile.
      if ((await this.#p.store.stateOf(heldMark())) === "refused")
        throw rejected(writing, found.marks);
    }
    return passed(null, found.care);
  }

  #byLists(text: string, where: ScreenedPlace): Screened {
    const { verdict, marks, care } = this.#p.care.screen(text);
    if (TALK.has(where) && verdict === "confirm") {
      const isAsked = marks.some(({ kind }) => !OWN.has(kind) && kind !== "crisis");
      return { verdict: isAsked ? verdict : "fine", marks, care };
    }
    if (where !== "secret") return { verdict, marks, care };
    const leading: ScreenMark[] = rethink(text);
    const besides = marks.filter(
      (mark) => !leading.some(({ start, end }) => start < mark.end && mark.start < end),
    );
    const all = [...leading, ...besides].sort((a, b) => a.start - b.start);
    return { verdict: leading.length > 0 ? graver(verdict, "confirm") : verdict, marks: all, care };
  }

  async #byClassifier(
    text: string,
    where: ScreenedPlace,
    listed: Screened,
    isTrial = false,
  ): Promise<Found> {
    const { classifier, whenAway } = this.#p;
    if (!classifier) return { ...listed, isAway: false };
    const said = await classifier.ask(text, where, isTrial);
    if (!said) {
      const isAway = SCREEN_VERDICTS.indexOf(whenAway) > SCREEN_VERDICTS.indexOf(listed.verdict);
      return { ...listed, verdict: graver(listed.verdict, whenAway), isAway };
    }
    return {
      verdict: graver(listed.verdict, said.verdict),
      marks: [...listed.marks, ...said.marks].sort((a, b) => a.start - b.start),
      care: listed.care || said.care,
      isAway: false,
    };
  }

  async #refuseRepeats(
    mask: string,
    writing: Writing,
    text: string,
    marks: readonly ScreenMark[],
  ): Promise<void> {
    const { store, metrics, countsRepeats } = this.#p;
    const { where } = writing;
    if (!countsRepeats) return;
    const key = await store.key();
    const bands = bandsOf(text, leastOf(where, marks), key);
    if (!bands) return;
    // Whoever writes so much costs room for each.
    const isKept = this.#compared.take(mask) === null;
    const writer = createHmac("sha256", key).update(mask).digest("base64url");
    if ((await store.note(bands, writer, isKept)) < OTHERS) return;
    metrics.repeats.inc({ where });
    throw rejected(writing, [{ start: 0, end: text.length, kind: "repeat" }]);
  }

  /** Throws unless people have allowed it. */
  async #wait(
    { drifter, mask }: Writer,
    mark: HeldMark,
    { writing, text, found }: { writing: Writing; text: string; found: Found },
  ): Promise<void> {
    const { store, reviewers, isNewcomer } = this.#p;
    const { where } = writing;
    const state = await store.claim(mark);
    if (state === "allowed") return;
    if (state === "refused") throw rejected(writing, found.marks);
    if (state === "new") {
      const retryAfterMs = this.#tooManyFor(mask);
      if (retryAfterMs !== null)
        throw new DomainError("rate_limited", "enough of yours is looked at", { retryAfterMs });
      const isDoubted = await isNewcomer(drifter);
      const held = { mark, isHeld: true, target: null, isDoubted };
      await reviewers.put({ text, where, ...gravityOf(found), ...held });
      await store.waits(mark);
    }
    throw new DomainError("held_for_review", "somebody looks at it first");
  }

  /** How long people have enough of one writer; null where they have not. */
  #tooManyFor(mask: string): number | null {
    return this.#p.countsRepeats ? this.#lookedAt.take(mask) : null;
  }

  /** What people have decided of a text that waited. */
  async decided(mark: HeldMark, state: Exclude<HeldState, "waiting">): Promise<void> {
    await this.#p.store.decide(mark, state);
  }

  /**
   * A command was carried out: says in its answer what is of crisis, and puts before people what is to be.
   * Nothing is returned where nothing has to be waited for.
   */
  written(passed: Passed | null, data: object): Promise<void> | undefined {
    const marking = this.#p.care.mark(data);
    if (passed?.care) (data as { care?: true }).care = true;
    const review = passed?.review;
    if (!review) return marking;
    return this.#show(passed, review, data)
      .catch(this.#p.onUnsettled)
      .then(() => marking);
  }

  /** Once for a write, however often it is repeated. */
  async #show(
    { name, payload, writer }: Passed,
    review: NonNullable<Passed["review"]>,
    data: object,
  ): Promise<void> {
    const { store, reviewers, isNewcomer } = this.#p;
    const { mark } = review;
    if (!(await reviewers.areThere()) || (await store.claim(mark)) !== "new") return;
    if (this.#tooManyFor(writer.mask) !== null) return;
    const target = targetOf(name, payload, data);
    const isDoubted = await isNewcomer(writer.drifter);
    await reviewers.put({ ...review, isHeld: false, target, isDoubted });
    await store.waits(mark);
  }
}

/** How much a text must hold before it is looked for among others. */
function leastOf(where: ScreenedPlace, marks: readonly ScreenMark[]): number {
  if (marks.some(({ kind }) => BAIT.has(kind))) return WEIGHT_MARKED;
  return TALK.has(where) ? WEIGHT_TALK : WEIGHT_BARE;
}

/** A mask is secret and stored nowhere: without it nobody makes the name, whatever text he guesses. */
const markOf = (
  mask: string,
  what: "held" | "shown",
  where: ScreenedPlace,
  text: string,
): HeldMark => createHmac("sha256", mask).update(`${what}|${where}|${text}`).digest("base64url");

function gravityOf({ marks, care }: Screened): Pick<ForReview, "kinds" | "urgency"> {
  const kinds = [...new Set(marks.map(({ kind }) => kind))];
  if (care) return { kinds, urgency: "care" };
  if (kinds.includes("threat")) return { kinds, urgency: "threat" };
  return { kinds, urgency: kinds.some((kind) => GRAVE.has(kind)) ? "high" : "normal" };
}

function marked(
  code: "rejected" | "confirmation_needed",
  message: string,
  { text }: Writing,
  marks: readonly ScreenMark[],
  more: Record<string, string> = {},
): DomainError {
  const fields = { text: message, marks: JSON.stringify(marksInSent(text, marks)), ...more };
  return new DomainError(code, message, { fields });
}

const rejected = (writing: Writing, marks: readonly ScreenMark[]): DomainError =>
  marked("rejected", "it is not taken", writing, marks);

const unconfirmed = (writing: Writing, marks: readonly ScreenMark[]): DomainError =>
  marked("confirmation_needed", "it must be meant so", writing, marks);

/** It says nothing of the text, and the same may come again. */
const away = (): DomainError =>
  new DomainError("unavailable", "it cannot be looked at now", { retryAfterMs: RETRY_MS });

/** Names of private people are asked about once more when all else is confirmed (F9). */
function askForNames(writing: Writing, text: string, marks: readonly ScreenMark[]): void {
  const names = findNames(text).map((span) => ({ ...span, kind: "name" as const }));
  if (names.length === 0 || (writing.confirmed && writing.confirmedNames)) return;
  if (!writing.confirmed) throw unconfirmed(writing, marks);
  throw marked("confirmation_needed", "it names somebody", writing, names, {
    names: "of private people must be confirmed once more",
  });
}
