import { effect, signal } from "@preact/signals";
import { language, light } from "../choices.ts";
import { say } from "./texts.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = signal(dark.matches);
dark.addEventListener("change", () => (isDark.value = dark.matches));

/** Day and night as chosen; else as the rest of the screen is. */
export function startLook(): void {
  effect(() => {
    const isNight = light.value === "night" || (light.value === "auto" && isDark.value);
    document.documentElement.dataset["theme"] = isNight ? "night" : "day";
  });
  effect(() => {
    document.title = say("title");
  });
}

export function changeLight(): void {
  const isNight = document.documentElement.dataset["theme"] === "night";
  light.value = isNight ? "day" : "night";
}

export const changeLanguage = (): void => {
  language.value = language.value === "zh" ? "en" : "zh";
};
