import { effect } from "@preact/signals";
import { isCalm, isPaused, light } from "./choices.ts";
import { createScene, hourOf } from "./scene/scene.ts";
import type { Hour, Scene } from "./scene/scene.ts";
import { chosenSea, seas } from "./state.ts";

let current: Scene | null = null;

/** The drawn shore; null before it is there. */
export const scene = (): Scene | null => current;

const MINUTE_MS = 60_000;

/** Draws the shore, and lets it follow the clock, the choices and the sea. */
export function openShore(host: HTMLElement): void {
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
    const afloat = seas.value.find(({ id }) => id === chosenSea.value)?.afloat ?? "few";
    current?.setDrift(afloat === "few" ? 0.1 : Math.min(1, Math.log10(afloat) / 4));
  });
}
