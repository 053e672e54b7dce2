import { batch, computed, effect, signal } from "@preact/signals";
import type {
  BottleId,
  BottleKind,
  HeldBottle,
  Mood,
  OwnBottle,
  Payload,
  PublicCount,
  Quota,
  Reply,
  Sea,
  SeaId,
  Thread,
  ThreadMessage,
} from "@driftsea/protocol";
import { agree } from "./agreeing.ts";
import { offerAsBottle } from "./offering.ts";
import { connection, send, serverNow } from "../connection.ts";
import { draftOf, forgetDraft, layAside, takeOut } from "../drafts.ts";
import type { Heard } from "../events.ts";
import { t } from "../i18n/index.ts";
import { newId, post } from "../outbox.ts";
import { go, putDown, route } from "../route.ts";
import { explain, isDone, say } from "../say.ts";
import { quotas } from "../session/session.ts";
import { load, loadJson, saveJson } from "../store.ts";
import { scene } from "../scene/index.ts";
import { markRead, openThread, putThread } from "../threads/threads.ts";

export const seas = signal<readonly Sea[]>([]);
export const chosenSea = signal<SeaId>("world" as SeaId);
export const afloatHere = computed<PublicCount>(
  () => seas.value.find(({ id }) => id === chosenSea.value)?.afloat ?? "few",
);
/** What one has thrown, and what one has in one's hand. */
export const bottles = signal<readonly OwnBottle[]>([]);
export const held = signal<readonly HeldBottle[]>([]);
/** Whether the two are known by now. */
export const areBottlesRead = signal(false);
/** A throw that can still be taken back: nothing of it has been sent. */
export const inTheAir = signal<{ until: number; undo: () => void } | null>(null);

/** How the bottle that is being written shall drift; it stays with its words until they are sent. */
export interface Choices {
  kind: BottleKind;
  mood: Mood | "";
  /** Null: the sea that is looked at. */
  sea: SeaId | null;
  finders: number;
  hours: number;
  /** As the field for date and time has it; empty for not sealed. */
  sealed: string;
}
const USUAL: Choices = {
  kind: "plain",
  mood: "",
  sea: null,
  finders: 1,
  hours: 24,
  sealed: "",
};
export const choices = signal<Choices>({ ...USUAL, ...loadJson<Partial<Choices>>("how", {}) });
effect(() => saveJson("how", choices.value));

/** How long a throw can be taken back before anything is sent, in ms. */
const UNDO_MS = 5000;
/** The server renews a lease as often as asked; once in so many ms is enough. */
const HOLD_EVERY_MS = 60_000;

export const heardOfBottles: Heard = {
  "bottle:answered": ({ thread }) => {
    putThread(thread.id, { thread });
    say({ key: "answered", act: { key: "readIt", run: () => openThread(thread.id) } }, 20_000);
    void refreshBottles();
  },
  "bottle:returned": ({ held: hands, thrownBack }) => {
    say(
      { key: "returned", values: { held: truthful(hands), thrownBack: truthful(thrownBack) } },
      20_000,
    );
    void refreshBottles();
  },
  "bottle:lapsed": ({ bottleId }) => letGo(bottleId, "lapsed"),
  "bottle:recalled": ({ bottleId }) => letGo(bottleId, "recalledFromYou"),
  "sea:tide": ({ sea, ...level }) => {
    seas.value = seas.value.map(({ id, title, ...old }) => ({
      id,
      title,
      ...(id === sea ? level : old),
    }));
  },
  "sea:gone": ({ sea }) => {
    if (sea === chosenSea.peek()) say({ key: "seaGone" });
    void refreshBottles();
  },
};

/** "A few" would claim too much of a bottle that nobody held: none is fewer than five as well. */
const truthful = (count: PublicCount): string | number =>
  count === "few" ? t("fewerThanFive") : count;

export async function refreshSeas(): Promise<void> {
  const list = await send("sea:list", {});
  if (!list?.ok) return;
  seas.value = list.data.seas;
  // The sea of a place goes when one says that one is elsewhere.
  const isThere = (sea: SeaId | null): boolean => list.data.seas.some(({ id }) => id === sea);
  if (!isThere(chosenSea.value)) chosenSea.value = "world" as SeaId;
  const { sea } = choices.value;
  if (sea !== null && !isThere(sea)) choices.value = { ...choices.value, sea: null };
}

export async function refreshBottles(): Promise<void> {
  const mine = await send("bottle:mine", {});
  if (!mine?.ok) return;
  batch(() => {
    bottles.value = mine.data.bottles;
    held.value = mine.data.held;
    areBottlesRead.value = true;
  });
}

export type Throw = Omit<Payload<"bottle:throw">, "id">;

/** How what came back shall drift. */
let cameBack: Choices | null = null;
/** A throw came back: how it shall drift does as well, where no other is being written. */
export function takeBackChoices(input: Throw): void {
  if (draftOf("throw") !== "") return;
  const { kind = "plain", mood = "", sea = null, finders = 1, lifetimeMs, sealedUntilAt } = input;
  const hours = lifetimeMs === undefined ? USUAL.hours : lifetimeMs / 3_600_000;
  const sealed = sealedUntilAt === undefined ? "" : localTime(sealedUntilAt);
  choices.value = cameBack = {
    kind,
    mood: mood as Mood | "",
    sea,
    finders,
    hours,
    sealed,
  };
}

/** As a field for date and time has it. */
function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The bottle flies at once; it is sent after the time in which it can be taken back. */
export function throwBottle(input: Throw): void {
  putDown();
  void scene()?.throwBottle();
  const flown = draftOf("throw");
  const chosen = choices.value;
  const landed = (): void => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", whenHidden);
    inTheAir.value = null;
  };
  const land = (): void => {
    landed();
    takeOut("throw", flown);
    agree();
    if (choices.value === chosen) choices.value = USUAL;
    post({ name: "bottle:throw", payload: { id: newId(), ...input } });
    if (connection.value.is !== "ready") say({ key: "waitsForSea" });
  };
  const timer = setTimeout(land, UNDO_MS);
  // A page that is put away may never come back: it was thrown, and not taken back. Who has just forgotten himself
  // has no token any more, and says nothing more.
  const whenHidden = (): void => void (document.hidden && load("token") !== null && land());
  document.addEventListener("visibilitychange", whenHidden);
  inTheAir.value = {
    until: Date.now() + UNDO_MS,
    undo: () => {
      landed();
      void scene()?.takeBack();
      // The draft was kept all the time.
      go({ sheet: "throw" });
    },
  };
}

export function settleThrow(input: Payload<"bottle:throw">, reply: Reply<{ quota: Quota }>): void {
  if (!reply.ok) {
    takeBackChoices(input);
    layAside("throw", input.text);
    return explain(reply, { key: "tryAgain", run: () => go({ sheet: "throw" }) });
  }
  if (quotas.value) quotas.value = { ...quotas.value, throws: reply.data.quota };
  // What came back was meant so.
  if (input.confirmed === true && choices.value === cameBack) choices.value = USUAL;
  say({ key: "afloatNow" });
  void refreshBottles();
}

const heldAt = new Map<BottleId, number>();
/** While he composes the lease is renewed: once in a while, and at least twice in what is left of it. */
export async function hold(bottleId: BottleId): Promise<void> {
  const endsAt = held.peek().find((one) => one.bottle.id === bottleId)?.leaseEndsAt ?? 0;
  const pause = Math.min(HOLD_EVERY_MS, (endsAt - serverNow()) / 2);
  if (Date.now() - (heldAt.get(bottleId) ?? 0) < pause) return;
  heldAt.set(bottleId, Date.now());
  const reply = await send("bottle:hold", { bottleId });
  if (!reply?.ok) return void heldAt.delete(bottleId);
  held.value = held.value.map((one) =>
    one.bottle.id === bottleId ? { ...one, leaseEndsAt: reply.data.leaseEndsAt } : one,
  );
}

export function answer(bottleId: BottleId, text: string): void {
  post({ name: "bottle:answer", payload: { id: newId(), bottleId, text } });
  if (connection.value.is !== "ready") say({ key: "waitsForSea" });
}

export function settleAnswer(
  { bottleId, text }: Payload<"bottle:answer">,
  reply: Reply<{ thread: Thread; message: ThreadMessage }>,
): void {
  if (!reply.ok) {
    // As long as the bottle is in one's hand, its answer lies there.
    if (reply.error.code !== "gone" && held.value.some((one) => one.bottle.id === bottleId)) {
      layAside(`answer:${bottleId}`, text);
      return explain(reply);
    }
    held.value = held.value.filter((one) => one.bottle.id !== bottleId);
    return offerAsBottle(text, "lateAnswer");
  }
  const { thread, message } = reply.data;
  const here = route.peek();
  dropHeld(bottleId);
  putThread(thread.id, { thread, messages: [message] });
  markRead(thread.id, message.seq);
  const open = (): void => openThread(thread.id);
  // It may have waited for long: who does something else by now is not pulled away from it.
  if (here.sheet === "none" || ("id" in here && here.id === bottleId)) open();
  else say({ key: "answerOut", act: { key: "readIt", run: open } });
}

export async function throwBack(bottleId: BottleId): Promise<void> {
  const reply = await send("bottle:release", { bottleId });
  if (!isDone(reply)) return;
  void scene()?.throwBottle();
  dropHeld(bottleId);
  say({ key: reply?.ok ? "thrownBack" : "lapsed" });
}

export function dropHeld(bottleId: BottleId): void {
  held.value = held.value.filter((one) => one.bottle.id !== bottleId);
  // Nobody comes back to where it would be seen.
  forgetDraft(`answer:${bottleId}`);
  if (route.value.sheet === "held" && route.value.id === bottleId) putDown();
}

/** Let go of before the reply to their catch was here: they are not taken in hand any more. */
export const letGoEarly = new Set<BottleId>();

/** A lease has ended; what was being written stays. */
function letGo(bottleId: BottleId, key: "lapsed" | "recalledFromYou"): void {
  const text = draftOf(`answer:${bottleId}`);
  const wasHeld = held.value.some((one) => one.bottle.id === bottleId);
  if (!wasHeld) letGoEarly.add(bottleId);
  dropHeld(bottleId);
  if (text !== "") offerAsBottle(text, "lateAnswer");
  else if (wasHeld || key === "lapsed") say({ key });
}

export async function recall(bottleId: BottleId): Promise<void> {
  const reply = await send("bottle:recall", { bottleId });
  if (!isDone(reply)) return;
  say({ key: reply?.ok ? "recalled" : "recallTooLate" });
  await refreshBottles();
}

export async function muteBottle(bottleId: BottleId, muted: boolean): Promise<void> {
  const reply = await send("bottle:mute", { bottleId, muted });
  if (!reply?.ok) return explain(reply);
  await refreshBottles();
}
