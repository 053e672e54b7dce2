/** Of the page, and in it: `static-files.ts` allows these styles by their hash and nothing else. */
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
nav a { display: inline-block; }
nav a, summary { padding: .6rem 0; min-height: 2.75rem; }
summary { cursor: pointer; }
nav ul { columns: 15rem; list-style: none; margin: 0; padding: 0; }
@media print { nav { display: none; } }
`;
