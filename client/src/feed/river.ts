import { batch } from "@preact/signals";
import type { PollChoice, Secret, SecretId } from "@driftsea/protocol";
import { refreshSeas } from "../bottles/bottles.ts";
import { send } from "../connection.ts";
import type { Heard } from "../events.ts";
import { isRiverCalling } from "../places.ts";
import { route } from "../route.ts";
import { say } from "../say.ts";
import { askAfterOwn, hearAnswer } from "./mailbox.ts";
import { refused } from "./refused.ts";
import { change, circle, learn, putOut, secrets, streams, takeAway } from "./state.ts";
import type { Arm } from "./state.ts";
import { NO_STREAM, hasMore, withArrival, withFirstPage, withPage, withWaiting } from "./stream.ts";
import { hearComment, loseComment, openTalk, talk } from "./talk.ts";
import { mine, placeShown, refreshWhereabouts } from "./whereabouts.ts";

/** An empty page is no end; but so many in a row are looked at again only when somebody asks. */
const EMPTY_PAGES = 5;

type Page = { posts: Secret[]; cursor?: string };

async function fetchPage(of: Arm, cursor: string | null): Promise<Page | null> {
  const payload = cursor === null ? {} : { cursor };
  if (of === "place") return fetchAround(payload);
  const reply = await send(of === "circle" ? "feed:open" : "feed:world", payload);
  return reply?.ok ? reply.data : null;
}

/** What drifts where one has said that one is. */
async function fetchAround(payload: { cursor?: string }): Promise<Page | null> {
  const place = mine.peek();
  if (place === null) return { posts: [] };
  const reply = await send("feed:open", { ...payload, place });
  // One has moved on meanwhile: that page is of nowhere.
  if (!reply?.ok || mine.peek() !== place) return null;
  const isOther = placeShown.peek() !== (reply.data.place ?? null);
  placeShown.value = reply.data.place ?? null;
  // The sea there is another as well.
  if (isOther) void refreshSeas();
  return reply.data;
}

/** Lays out the next page of an arm that has something new, if there is one. */
export async function readOn(of: Arm): Promise<void> {
  const stream = streams[of];
  if (stream.peek().is === "reading" || !hasMore(stream.peek())) return;
  stream.value = { ...stream.peek(), is: "reading" };
  for (let empty = 0; empty < EMPTY_PAGES;) {
    const { cursor } = stream.peek();
    const page = await fetchPage(of, cursor);
    if (!page) {
      stream.value = { ...stream.peek(), is: "failed" };
      return;
    }
    // One was away meanwhile, and reads on behind the first page again.
    if (stream.peek().cursor !== cursor) continue;
    const laid = stream.peek().ids.length;
    batch(() => {
      learn(page.posts);
      const ids = page.posts.map((post) => post.id);
      stream.value = withPage(stream.peek(), ids, page.cursor ?? null);
    });
    if (stream.peek().ids.length > laid || stream.peek().cursor === null) return;
    // A page of what lies there already, as after an absence, is none that says that nothing comes.
    if (page.posts.length === 0) empty += 1;
    stream.value = { ...stream.peek(), is: "reading" };
  }
  stream.value = { ...stream.peek(), is: "read" };
}

/** The first page again: the server knows that one reads here, and tells what was missed. */
async function renew(of: Arm): Promise<void> {
  const stream = streams[of];
  const shownBefore = placeShown.peek();
  const page = await fetchPage(of, null);
  if (!page) return;
  batch(() => {
    learn(page.posts);
    const ids = page.posts.map((post) => post.id);
    if (of === "place" && placeShown.peek() !== shownBefore) {
      // Another water flows there now: what lay in the old one has not gone out.
      stream.value = withPage(NO_STREAM, ids, page.cursor ?? null);
      return;
    }
    const next = withFirstPage(stream.peek(), ids, page.cursor ?? null);
    stream.value = next.stream;
    for (const id of next.gone) putOut(id);
  });
  void lookFurther(of, page);
}

/** Behind so many pages without any lantern that lies there, nothing of what lies there comes any more. */
const PAGES_PAST = 2;

/** What lies below the first page may have gone out as well, and nobody was told: that page by page shows. */
async function lookFurther(of: Arm, { posts, cursor }: Page): Promise<void> {
  const missing = new Set(streams[of].peek().ids);
  const where = mine.peek();
  const meet = (page: readonly Secret[]): boolean =>
    page.filter(({ id }) => missing.delete(id)).length > 0;
  // New ones lie above all of it, however many they are.
  let isMet = meet(posts);
  let past = 0;
  for (let next = cursor; next !== undefined && past < PAGES_PAST && missing.size > 0;) {
    const page = await fetchPage(of, next);
    if (!page || mine.peek() !== where) return;
    const isHere = meet(page.posts);
    isMet ||= isHere;
    if (isMet) past = isHere ? 0 : past + 1;
    next = page.cursor;
  }
  const laid = new Set(streams[of].peek().ids);
  for (const id of missing) if (laid.has(id)) putOut(id);
}

/** Lays out what has come. Only ever because somebody asked for it. */
export function layOut(of: Arm): void {
  const stream = streams[of];
  stream.value = withWaiting(stream.peek());
  isRiverCalling.value = false;
}

/** Somebody comes to the river: what was not read yet is, and where nothing lay is looked again. */
export async function arrive(): Promise<void> {
  await Promise.all([refreshCircle(), refreshWhereabouts()]);
  for (const label of ["circle", "world"] as const) {
    const stream = streams[label];
    const { is, ids, waiting } = stream.peek();
    if (is === "read" && ids.length === 0 && waiting.length === 0) stream.value = NO_STREAM;
    if (stream.peek().is === "unread") await readOn(label);
  }
}

/** Somebody comes to his place, in which another water may flow by now. */
export async function arriveInPlace(): Promise<void> {
  const { is } = streams.place.peek();
  if (mine.peek() === null || is === "reading") return;
  if (is === "read") await renew("place");
  else await readOn("place");
}

export async function refreshCircle(): Promise<void> {
  const reply = await send("circle:status", {});
  if (!reply?.ok) return;
  const wasOpen = circle.peek()?.open;
  circle.value = reply.data;
  // What was read before it opened, or closed, says nothing any more.
  if (wasOpen !== undefined && wasOpen !== reply.data.open) {
    streams.circle.value = NO_STREAM;
    await readOn("circle");
  }
}

/** After each arrival on the line: the server knows again that one reads here, and tells what was missed. */
export async function comeBack(): Promise<void> {
  await Promise.all([refreshCircle(), refreshWhereabouts()]);
  for (const label of ["circle", "world", "place"] as const)
    if (streams[label].peek().is !== "unread") await renew(label);
  if (talk.peek()) await openTalk(talk.peek()!.id, true);
  await askAfterOwn();
}

/** Overnight the circle has become large enough. */
async function opened(): Promise<void> {
  await refreshCircle();
  if (streams.circle.peek().is === "read") await renew("circle");
  else await readOn("circle");
}

export const heardOfFeed: Heard = {
  "feed:posted": ({ post, here }) =>
    batch(() => {
      learn([post]);
      const stream = streams[here ? "place" : post.label];
      stream.value = withArrival(stream.peek(), post.id);
      if (stream.peek().waiting.length > 0 && route.peek().sheet !== "river")
        isRiverCalling.value = true;
    }),
  "feed:opened": () => void opened(),
  "feed:changed": ({ postId, hearts, comments, poll }) =>
    change(postId, { hearts, comments, ...(poll ? { poll } : {}) }),
  "feed:commented": ({ postId, comment }) => {
    hearComment(postId, comment);
    hearAnswer(postId, comment);
  },
  "feed:comment-gone": ({ postId, seq }) => loseComment(postId, seq),
  "feed:withdrawn": ({ postId }) => putOut(postId),
};

/** Shown at once, and taken back where it did not go through. */
export async function heart(id: SecretId, on: boolean): Promise<void> {
  const before = secrets.peek().get(id);
  if (!before || before.hearted === on) return;
  const hearts = Math.max(0, before.hearts + (on ? 1 : -1));
  change(id, { hearted: on, hearts });
  const reply = await send("feed:heart", { postId: id, on });
  if (reply?.ok) return change(id, { hearts: reply.data.hearts });
  // What was heard of it meanwhile is how it stands.
  const isAsShown = secrets.peek().get(id)?.hearts === hearts;
  change(id, { hearted: before.hearted, ...(isAsShown ? { hearts: before.hearts } : {}) });
  refused(reply, id);
}

export async function share(id: SecretId): Promise<void> {
  const reply = await send("feed:share", { postId: id });
  if (reply?.ok) say({ key: "secretShared" });
  else refused(reply, id);
}

export async function vote(id: SecretId, choice: PollChoice): Promise<void> {
  const reply = await send("feed:vote", { postId: id, choice });
  if (reply?.ok) change(id, { poll: reply.data.poll, voted: choice });
  else refused(reply, id);
}

/** Whether it is out of sight now. */
export async function hide(id: SecretId): Promise<boolean> {
  const reply = await send("feed:hide", { postId: id });
  if (!reply?.ok) {
    refused(reply, id);
    return false;
  }
  takeAway(id);
  say({ key: "secretHidden" });
  return true;
}

export async function mute(id: SecretId): Promise<void> {
  const reply = await send("feed:mute", { postId: id });
  if (!reply?.ok) return refused(reply, id);
  change(id, { muted: true });
  say({ key: "secretMuted" });
}
