/** Of the page, and in it: `security-headers.ts` allows these styles and this script by their hash, and nothing else. */
export const STYLE = `
:root { --ground: #fbf9f4; --ink: #1b2733; --soft: #4a5866; --line: #d8d2c4; --link: #0a5570; --code: #f0ece2; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0f1a24; --ink: #e8e4da; --soft: #aab6c0; --line: #2c3d4c; --link: #8fd0e6; --code: #192836; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 1rem; max-width: 52rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.5 Georgia, "Noto Serif", serif; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5, nav, dt span { font-family: system-ui, sans-serif; line-height: 1.25; }
h1 { font-size: 1.75rem; margin: .5rem 0; }
h2 { font-size: 1.4rem; margin: 3rem 0 1rem; padding-top: 1rem; border-top: 2px solid var(--line); }
h3 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h4, article h3 { font-size: 1.05rem; margin: 0 0 .5rem; }
h5 { font-size: .85rem; margin: 1rem 0 .25rem; color: var(--soft); }
p { margin: .5rem 0; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code { font: .9em/1.4 ui-monospace, Menlo, Consolas, monospace; background: var(--code); padding: .1em .25em; border-radius: 3px; }
article { margin: 1rem 0; padding: 1rem 0; border-top: 1px solid var(--line); }
article:target { outline: 2px solid var(--link); outline-offset: .5rem; }
dl { margin: .5rem 0; }
dt { margin-top: .5rem; }
dt span { color: var(--soft); font-size: .9rem; }
dd { margin: .15rem 0 0 1rem; color: var(--soft); }
nav p { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
nav a { display: inline-block; min-width: 2.75rem; }
nav a, summary { padding: .6rem 0; min-height: 2.75rem; }
summary { cursor: pointer; }
nav ul { columns: 10rem; list-style: none; margin: 0; padding: 0; }
label { display: inline-flex; gap: .5rem; align-items: center; min-height: 2.75rem; font-family: system-ui, sans-serif; cursor: pointer; }
input { width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--link); }
nav h2 { font-size: 1rem; margin: 1rem 0 0; padding: 0; border: 0; }
.zh { line-height: 1.75; }
:root:has(#zh:checked) .en, :root:not(:has(#zh:checked)) .zh { display: none; }
@media print { nav, label { display: none; } }
`;

/**
 * Which language is shown: the one that was chosen on the page of the sea, else the browser's. Without
 * a script it is English, and the tick shows Chinese all the same. No `<` may stand in it.
 */
export const CHOOSE = `
const tick = document.getElementById("zh"), key = "driftsea:choice:language";
let chosen = null;
try { chosen = localStorage.getItem(key); } catch {}
tick.checked = (chosen ?? navigator.language.toLowerCase()).startsWith("zh");
const show = () => {
  document.documentElement.lang = tick.checked ? "zh-Hans" : "en";
  document.title = tick.checked ? "漂海：协议" : "Driftsea: the wire";
};
tick.addEventListener("change", () => {
  show();
  try { localStorage.setItem(key, tick.checked ? "zh" : "en"); } catch {}
});
show();
`;
