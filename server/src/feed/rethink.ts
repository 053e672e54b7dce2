import { findContacts } from "@driftsea/protocol/screening";
import { findNames } from "./names.ts";

/** Something in a text that leads to a person; where it stands, in UTF-16 units. */
export interface RethinkMark {
  start: number;
  end: number;
  kind: "link" | "email" | "phone" | "handle" | "name";
}

/** What a writer should think about once more before it is read by others, in order (F9). */
export function rethink(text: string): RethinkMark[] {
  const found: RethinkMark[] = findContacts(text);
  const isFree = (start: number, end: number): boolean =>
    !found.some((mark) => mark.start < end && start < mark.end);
  for (const { start, end } of findNames(text))
    if (isFree(start, end)) found.push({ start, end, kind: "name" });
  return found.sort((a, b) => a.start - b.start);
}
