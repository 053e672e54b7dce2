import { effect, signal } from "@preact/signals";
import { load, save } from "./store.ts";

export type Language = "en" | "zh";
export type Light = "auto" | "day" | "night";

const storedLanguage = load("choice:language");
/** The reader's language: his choice, else his browser's. */
export const language = signal<Language>(
  storedLanguage === "en" || storedLanguage === "zh"
    ? storedLanguage
    : navigator.language.toLowerCase().startsWith("zh")
      ? "zh"
      : "en",
);

const storedLight = load("choice:light");
/** Day and night follow the clock unless they are fixed. */
export const light = signal<Light>(
  storedLight === "day" || storedLight === "night" ? storedLight : "auto",
);
export const isPaused = signal(load("choice:paused") === "1");

const motion = matchMedia("(prefers-reduced-motion: reduce)");
export const isCalm = signal(motion.matches);
motion.addEventListener("change", () => (isCalm.value = motion.matches));

effect(() => {
  save("choice:language", language.value);
  document.documentElement.lang = language.value === "zh" ? "zh-Hans" : "en";
});
effect(() => save("choice:light", light.value));
effect(() => save("choice:paused", isPaused.value ? "1" : "0"));
