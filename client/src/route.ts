import { signal } from "@preact/signals";
import type { RoomId } from "@driftsea/protocol";
import { takeCircleCode } from "./circle-code.ts";
import { keepArrival } from "./rooms/kept.ts";

/**
 * The river, and what is reached from it. Which secret lies open is in no address: it would stay in
 * the browser's history that somebody has looked at it, or told it.
 */
const OF_RIVER = ["river", "secret", "tell", "circle", "own"] as const;
export type RiverSheet = (typeof OF_RIVER)[number];
const RIVER_SHEETS: ReadonlySet<string> = new Set(OF_RIVER);
export const isOfRiver = (sheet: string): sheet is RiverSheet => RIVER_SHEETS.has(sheet);

/** The one sheet that lies over the shore, after the address: so Back puts it down. */
export type Route =
  | { sheet: "none" }
  | { sheet: "throw" | "catch" | "shelf" | "lighthouse" | "tree" | "lanterns" | "box" }
  | { sheet: "about" | "rules" | "care" | "notices" }
  | { sheet: RiverSheet }
  | { sheet: "held" | "thread" | "room" | "ask"; id: string };

const WITH_ID = new Set(["held", "thread", "room"]);
/** An ask box is called by 32 bytes: its link is all that one needs. */
const BOX = /^[\w-]{43}$/;
/** What a catch brought up has no address: it cannot be come back to. */
const WITHOUT_ID = new Set(
  "throw shelf about rules care notices lighthouse tree lanterns box".split(" "),
);

function parse(hash: string): Route {
  const [, name = "", id] = /^#\/(\w+)(?:\/([\w-]+))?(?:\?.*)?$/.exec(hash) ?? [];
  if (WITH_ID.has(name) && id?.length === 21) return { sheet: name, id } as Route;
  if (name === "ask" && BOX.test(id ?? "")) return { sheet: name, id: id! };
  if (WITHOUT_ID.has(name) || isOfRiver(name)) return { sheet: name } as Route;
  return { sheet: "none" };
}

function addressOf(next: Route): string {
  if (next.sheet === "none" || next.sheet === "catch") return "";
  return "id" in next ? `#/${next.sheet}/${next.id}` : `#/${next.sheet}`;
}

/** How many links into a circle were followed to this page. */
export const arrivals = signal(0);

/**
 * Where the address leads. The secrets of a link are taken out of it at once: they would
 * stay in the browser's history, and be seen over a shoulder.
 */
function arrive(): Route {
  if (takeCircleCode(location.hash)) {
    history.replaceState(history.state, "", "#/circle");
    arrivals.value += 1;
    return { sheet: "circle" };
  }
  const found = parse(location.hash);
  const query = location.hash.indexOf("?");
  if (query >= 0) {
    if (found.sheet === "room")
      keepArrival(found.id as RoomId, new URLSearchParams(location.hash.slice(query)));
    history.replaceState(history.state, "", addressOf(found) || location.pathname);
  }
  return found;
}

export const route = signal<Route>(arrive());

/** How many sheets this page has laid on the shore in the browser's history. */
const depth = (): number => Number(history.state ?? 0);
/** Browsers forget what lies further back than 50: from there nothing would lead to the shore. */
const DEPTH_MAX = 30;
/** The browser walks back by itself, and later than it is asked. */
let isWalkingBack = false;

addEventListener("popstate", () => {
  if (!isWalkingBack) {
    route.value = arrive();
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
    const isLeft = parse(location.hash).sheet === "held" || depth() >= DEPTH_MAX;
    if (isLeft) history.replaceState(history.state, "", address);
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
