import { effect } from "@preact/signals";
import type { PublicCount } from "@driftsea/protocol";
import { isCalm, isPaused, light } from "../choices.ts";
import { createScene, hourOf } from "./scene.ts";
import type { Hour, Scene } from "./scene.ts";

let current: Scene | null = null;

/** The drawn shore; null before it is there. */
export const scene = (): Scene | null => current;

const MINUTE_MS = 60_000;

/** What the shore shows of how things stand. Each reads signals. */
export interface Shown {
  afloat: () => PublicCount;
  /** Of each listed room, how much of its time is left, 0 to 1. */
  windows: () => number[];
  /** Of the hole's time, how much is left; null where nothing lies in it. */
  ring: () => number | null;
  isSeeking: () => boolean;
  isLastMinute: () => boolean;
}

/** Draws the shore, and lets it follow the clock, the choices, and how things stand. */
export function openShore(host: HTMLElement, shown: Shown): void {
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
  const fade = (): void => {
    current?.setWindows(shown.windows());
    current?.setRing(shown.ring());
  };
  effect(follow);
  effect(fade);
  setInterval(() => {
    follow();
    fade();
  }, MINUTE_MS / 2);
  effect(() => current?.setSeeking(shown.isSeeking()));
  effect(() => current?.setDim(shown.isLastMinute()));
  effect(() => current?.setPaused(isPaused.value));
  effect(() => {
    const count = shown.afloat();
    current?.setDrift(count === "few" ? 0.1 : Math.min(1, Math.log10(count) / 4));
  });
}
