/*
 * The page of who is offline, where the page itself cannot be shown. It imports nothing: what it
 * shared with the page would be cut out of that one's first load.
 */
const kept = (name: string): string | null => {
  try {
    return localStorage.getItem(`driftsea:choice:${name}`);
  } catch {
    return null;
  }
};
const chosen = kept("language") ?? navigator.language.toLowerCase();
const language = chosen.startsWith("zh") ? "zh-Hans" : "en";
const root = document.documentElement;
root.lang = language;
for (const section of document.querySelectorAll("section"))
  section.hidden = section.lang !== language;
const light = kept("light");
const hour = new Date().getHours();
root.dataset["light"] =
  light === "day" || light === "night" ? light : hour >= 5 && hour < 18 ? "day" : "night";
addEventListener("online", () => location.reload());
