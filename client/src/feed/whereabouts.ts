import { batch, computed, signal } from "@preact/signals";
import type { Place, PlaceId } from "@driftsea/protocol";
import { refreshSeas } from "../bottles/bottles.ts";
import { language } from "../choices.ts";
import { send, serverNow } from "../connection.ts";
import { explain, say } from "../say.ts";
import { laidOut } from "./rungs.ts";
import { streams } from "./state.ts";
import { NO_STREAM } from "./stream.ts";

/** The operator's list; empty where there is none. */
export const places = signal<readonly Place[]>([]);
/** Where one has said that one is; nothing but one's own word sets it. */
export const mine = signal<PlaceId | null>(null);
/** What is really shown there: the place, one around it, or null for the world. */
export const placeShown = signal<PlaceId | null>(null);

export const titleOf = (id: PlaceId): string =>
  places.value.find((place) => place.id === id)?.title[language.value] ?? "";

export const rungs = computed(() => laidOut(places.value));

export async function refreshWhereabouts(): Promise<void> {
  const reply = await send("place:list", {});
  if (!reply?.ok) return;
  batch(() => {
    places.value = reply.data.places;
    moveTo(reply.data.mine);
  });
}

function moveTo(next: PlaceId | null): void {
  if (mine.peek() === next) return;
  mine.value = next;
  placeShown.value = next;
  streams.place.value = NO_STREAM;
}

/** Says where one is, or nothing any more. */
export async function sayWhere(placeId: PlaceId | null): Promise<void> {
  const reply = await send("place:say", { placeId });
  if (!reply?.ok) {
    if (reply?.error.code !== "rate_limited") return explain(reply);
    const time = serverNow() + (reply.error.retryAfterMs ?? 0);
    return say({ key: "placeSoon", values: { time } }, 20_000);
  }
  moveTo(placeId);
  if (placeId === null) say({ key: "placeUnsaid" });
  else say({ key: "placeSaid", values: { place: titleOf(placeId) } });
  // Its sea is one's own to throw into and to catch from.
  await refreshSeas();
}
