import { signal } from "@preact/signals";

/** The one sheet that lies over the shore, after the address: so Back puts it down. */
export type Route =
  | { sheet: "none" }
  | { sheet: "throw" | "catch" | "shelf" | "about" }
  | { sheet: "held" | "thread"; id: string };

function parse(hash: string): Route {
  const [, name, id] = /^#\/(\w+)(?:\/([\w-]{21}))?$/.exec(hash) ?? [];
  if ((name === "held" || name === "thread") && id !== undefined) return { sheet: name, id };
  if (name === "throw" || name === "shelf" || name === "about") return { sheet: name };
  return { sheet: "none" };
}

export const route = signal<Route>(parse(location.hash));
let depth = 0;

addEventListener("popstate", () => {
  depth = Math.max(0, depth - 1);
  route.value = parse(location.hash);
});

export function go(next: Route): void {
  const path = "id" in next ? `#/${next.sheet}/${next.id}` : `#/${next.sheet}`;
  // What a catch brought up is not an address: it cannot be come back to.
  if (next.sheet !== "catch" && next.sheet !== "none" && path !== location.hash) {
    history.pushState(null, "", path);
    depth += 1;
  }
  route.value = next;
}

/** Puts the sheet down; the address goes back to where the shore was. */
export function putDown(): void {
  const wasAddress = location.hash !== "" && route.value.sheet !== "catch";
  route.value = { sheet: "none" };
  if (!wasAddress) return;
  if (depth > 0) {
    history.go(-depth);
    depth = 0;
  } else {
    history.replaceState(null, "", location.pathname);
  }
}
