import { signal } from "@preact/signals";
import type { Background } from "@driftsea/protocol";
import type { Form } from "./telling.ts";
import { mine } from "./whereabouts.ts";

export const IDENTITIES = ["once", "pseudonym"] as const;
export const COMMENTS = ["circle", "anyone"] as const;
export const ICONS = ["steady", "fresh"] as const;

interface Picked {
  bytes: Uint8Array<ArrayBuffer>;
  url: string;
}

interface Choices {
  background: Background;
  identity: (typeof IDENTITIES)[number];
  comments: (typeof COMMENTS)[number];
  icons: (typeof ICONS)[number];
  isAsking: boolean;
  /** Where one is as well. */
  isHere: boolean;
}

/** What was chosen stays with the words while the sheet is put down, as the words do. */
export const choices = signal<Choices>({
  background: "dusk",
  identity: "once",
  comments: "circle",
  icons: "steady",
  isAsking: false,
  isHere: false,
});
/** The photo that goes with them. */
export const picked = signal<Picked | null>(null);

export const choose = (by: Partial<Choices>): void => {
  choices.value = { ...choices.peek(), ...by };
};

export function pick(next: Picked | null): void {
  if (picked.peek()) URL.revokeObjectURL(picked.peek()!.url);
  picked.value = next;
}

export function formOf(text: string): Form {
  const { background, identity, comments, icons, isAsking, isHere } = choices.peek();
  const place = mine.peek();
  const photo = picked.peek()?.bytes;
  return {
    text,
    background,
    identity,
    comments,
    icons,
    ...(photo ? { photo } : {}),
    ...(isAsking ? { poll: true } : {}),
    ...(isHere && place !== null ? { place } : {}),
  };
}
