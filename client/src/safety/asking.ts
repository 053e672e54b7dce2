import { signal } from "@preact/signals";
import type { Reply } from "@driftsea/protocol";
import { takeBackChoices } from "../bottles/bottles.ts";
import { layAside, takeOut } from "../drafts.ts";
import { newId, post, waiting } from "../outbox.ts";
import type { AnyWrite, Write } from "../outbox.ts";
import { go, route } from "../route.ts";
import type { Route } from "../route.ts";
import { say } from "../say.ts";
import { placeOf, textOf, wayTo } from "../writes.ts";
import { readMarks } from "./marks.ts";
import type { Mark } from "./marks.ts";

/** Words that came back to whoever wrote them, to be looked at again. */
export interface Asked {
  write: Write;
  marks: readonly Mark[];
  /** What is meant so may go out all the same. */
  mayGo: boolean;
}
/** By the place of the draft. */
export const asked = signal<Readonly<Record<string, Asked>>>({});

/**
 * A write came back for what it says. Its words lie in their draft again, so that nothing is lost
 * whatever becomes of the question. False where there is no place to ask at.
 */
export function ask(write: Write, { error }: Reply<unknown> & { ok: false }): boolean {
  const place = placeOf(write);
  if (place === null) return false;
  putBack(write, readMarks(error.fields), error.code === "confirmation_needed");
  return true;
}

/** Its words lie in their draft again, and how it was to go where that is chosen beside them. */
export function layBack(write: AnyWrite): void {
  if (write.name === "bottle:throw") takeBackChoices(write.payload);
  layAside(placeOf(write)!, textOf(write));
}

export function putBack(write: Write, marks: readonly Mark[], mayGo: boolean): void {
  const place = placeOf(write)!;
  layBack(write);
  asked.value = { ...asked.value, [place]: { write, marks, mayGo } };
  const way = wayTo(write);
  const here = route.peek();
  const isSeen = document.querySelector(`[data-place="${CSS.escape(place)}"]`) !== null;
  if (isSeen || (way !== null && isSame(here, way))) return;
  if (here.sheet === "none" && way?.sheet === "throw") return go(way);
  sayElsewhere(way);
}

/** Something came back to where one is not just now; the way there, where there is one. */
export function sayElsewhere(way: Route | null): void {
  const act = way && ({ key: "tryAgain", run: () => go(way) } as const);
  say({ key: "askedElsewhere", ...(act ? { act } : {}) }, 20_000);
}

const isSame = (one: object, other: object): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

export function forgetAsked(place: string): void {
  if (!(place in asked.peek())) return;
  const { [place]: _gone, ...rest } = asked.peek();
  asked.value = rest;
}

/** What goes out from there next are the words as they were changed: nothing is asked any more. */
let known: readonly Write[] = [];
waiting.subscribe((all) => {
  for (const write of all) if (!known.includes(write)) forgetAsked(placeOf(write) ?? "");
  known = all;
});

/** It is meant so: the same words again, as a write of their own. */
export function sendAllTheSame(place: string): void {
  const one = asked.peek()[place];
  if (!one) return;
  forgetAsked(place);
  takeOut(place, textOf(one.write));
  const { name, payload }: { name: string; payload: object } = one.write;
  post({ name, payload: { ...payload, id: newId(), confirmed: true } } as unknown as Write);
}
