import { effect } from "@preact/signals";
import type { PublicCount } from "@driftsea/protocol";
import { isCalm, isPaused, light } from "../choices.ts";
import { createScene, hourOf } from "./scene.ts";
import type { Hour, Scene } from "./scene.ts";

let current: Scene | null = null;

/** The drawn shore; null before it is there. */
export const scene = (): Scene | null => current;

const MINUTE_MS = 60_000;

/** Draws the shore, and lets it follow the clock, the choices, and how much is afloat. */
export function openShore(host: HTMLElement, afloat: () => PublicCount): void {
  const root = document.documentElement;
  current = createScene(host);
  effect(() => current?.setReducedMotion(isCalm.value));
  const follow = (): void => {
    const byClock = hourOf(new Date());
    const fixed: Record<"day" | "night", Hour> = { day: "day", night: "night" };
    const hour = light.value === "auto" ? byClock : fixed[light.value];
    root.dataset["hour"] = hour;
    root.dataset["theme"] = hour === "day" || hour === "dawn" ? "day" : "night";
    current?.setHour(hour);
  };
  effect(follow);
  setInterval(follow, MINUTE_MS);
  effect(() => current?.setPaused(isPaused.value));
  effect(() => {
    const count = afloat();
    current?.setDrift(count === "few" ? 0.1 : Math.min(1, Math.log10(count) / 4));
  });
}
