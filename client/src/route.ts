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

/** What a catch brought up has no address: it cannot be come back to. */
function addressOf(next: Route): string {
  if (next.sheet === "none" || next.sheet === "catch") return "";
  return "id" in next ? `#/${next.sheet}/${next.id}` : `#/${next.sheet}`;
}

export const route = signal<Route>(parse(location.hash));

/** How many sheets this page has laid on the shore in the browser's history. */
const depth = (): number => Number(history.state ?? 0);
/** The browser walks back by itself, and later than it is asked. */
let isWalkingBack = false;

addEventListener("popstate", () => {
  if (!isWalkingBack) {
    route.value = parse(location.hash);
    return;
  }
  isWalkingBack = false;
  write(route.value);
});

function write(next: Route): void {
  const address = addressOf(next);
  if (address === location.hash) return;
  if (address !== "") {
    // Nobody comes back to a bottle that has been answered or let go.
    if (parse(location.hash).sheet === "held") history.replaceState(history.state, "", address);
    else history.pushState(depth() + 1, "", address);
  } else if (depth() > 0) {
    isWalkingBack = true;
    history.go(-depth());
  } else {
    history.replaceState(null, "", location.pathname);
  }
}

export function go(next: Route): void {
  route.value = next;
  if (!isWalkingBack) write(next);
}

/** Puts the sheet down; the address goes back to where the shore was. */
export function putDown(): void {
  go({ sheet: "none" });
}
