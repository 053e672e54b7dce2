import { effect, signal } from "@preact/signals";
import { load, save } from "../store.ts";
import { choosing, current, decide, step, undo } from "./cases.ts";
import { decisionsOf, reasonsFor } from "./suggestion.ts";

/** Single keys can be switched off: who dictates or leans on a key would decide by it (WCAG 2.1.4). */
export const keysOn = signal(load("desk:keys") !== "off");
effect(() => save("desk:keys", keysOn.value ? "on" : "off"));

/** Where a key has a meaning of its own. */
const TYPED = "input, textarea, select";

/** Hears the keys while the cases are on the screen; gives back what stops it. */
export function hearKeys(): () => void {
  const hear = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target instanceof Element && event.target.closest(TYPED)) return;
    // A key that is held would decide case after case, unread.
    if (event.repeat) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    const isHeard = event.key === "Escape" ? back() : keysOn.value && press(event.key);
    if (isHeard) event.preventDefault();
  };
  document.addEventListener("keydown", hear);
  return () => document.removeEventListener("keydown", hear);
}

function back(): boolean {
  const wasChoosing = choosing.value !== null;
  choosing.value = null;
  return wasChoosing;
}

function press(key: string): boolean {
  if (key.toLowerCase() === "u") {
    undo();
    return true;
  }
  const item = current.value;
  if (!item) return false;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    step(key === "ArrowLeft" ? -1 : 1);
    return true;
  }
  if (!/^\d$/.test(key)) return false;
  const at = (Number(key) + 9) % 10;
  const decision = choosing.value;
  if (decision === null) {
    choosing.value = decisionsOf(item)[at] ?? null;
  } else {
    const reason = reasonsFor(item, decision)[at];
    if (reason) decide(decision, reason);
  }
  return true;
}
