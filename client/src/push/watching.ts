import { signal } from "@preact/signals";
import type { BottleId } from "@driftsea/protocol";
import { bottles } from "../bottles/bottles.ts";
import { send } from "../connection.ts";
import { explain, say } from "../say.ts";
import { pushKey } from "../session/session.ts";
import { keysBelow, save } from "../store.ts";

/** How long what wakes the browser may take to be installed, in ms. */
const INSTALLED_MS = 10_000;
const WATCH = "watch:";
/** Bottles for which this browser is woken. */
export const watched = signal<ReadonlySet<string>>(new Set(names()));

function names(): string[] {
  return keysBelow(WATCH).map((key) => key.slice(WATCH.length));
}

export const canPush = (): boolean =>
  pushKey.value !== null &&
  "serviceWorker" in navigator &&
  "PushManager" in globalThis &&
  "Notification" in globalThis;

/** Asks the browser first, and only now: it says no for good where it is asked out of the blue. */
export async function watch(bottleId: BottleId): Promise<void> {
  const endpoint = await subscribe().catch(() => null);
  if (endpoint === null) return say({ key: "watchRefused" }, 20_000);
  const reply = await send("push:watch", { bottleId, endpoint });
  if (!reply?.ok) return explain(reply);
  mark(bottleId, "1");
  say({ key: "watchOn" });
}

export async function unwatch(bottleId: BottleId): Promise<void> {
  const reply = await send("push:unwatch", { bottleId });
  if (!reply?.ok) return explain(reply);
  mark(bottleId, null);
  if (watched.value.size === 0) await endPushes();
}

function mark(bottleId: BottleId, value: string | null): void {
  save(WATCH + bottleId, value);
  watched.value = new Set(names());
}

/** Of bottles that have ended nothing is remembered. */
bottles.subscribe((own) => {
  if (own.length === 0) return;
  const known = new Set<string>(own.map(({ id }) => id));
  for (const name of names()) if (!known.has(name)) save(WATCH + name, null);
});

/** The browser's maker forgets this browser. */
export async function endPushes(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

async function subscribe(): Promise<string | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration) return null;
  // It may still be on its way in; where it never comes in, nobody waits for it for ever.
  const tooLate = new Promise<null>((done) => setTimeout(done, INSTALLED_MS, null));
  const active = await Promise.race([navigator.serviceWorker.ready, tooLate]);
  if (!active) return null;
  const { pushManager } = active;
  const applicationServerKey = pushKey.value!;
  const options = { userVisibleOnly: true, applicationServerKey };
  const { endpoint } = await pushManager.subscribe(options).catch(async () => {
    // It still knows the key that this server had before.
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(options);
  });
  return endpoint;
}
