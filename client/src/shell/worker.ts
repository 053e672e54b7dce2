/*
 * The service worker. It keeps the files of one build, so that the page opens without a line, and it
 * keeps nothing else: what is not in the list that the build gives it is never answered out of a
 * cache and never put into one. So no word of anybody can lie there.
 */

/** Of each file its SHA-256, as `integrity` is written. The build puts it in front of this file. */
declare const SHELL: Readonly<Record<string, string>>;

interface Later extends Event {
  waitUntil: (done: Promise<unknown>) => void;
}
interface Fetching extends Later {
  readonly request: Request;
  respondWith: (answer: Promise<Response>) => void;
}
interface Clicking extends Later {
  readonly notification: Notification;
}
interface WorkerScope {
  addEventListener: {
    (type: "push", listener: (event: Later) => void): void;
    (type: "notificationclick", listener: (event: Clicking) => void): void;
    (type: "install" | "activate", listener: (event: Later) => void): void;
    (type: "fetch", listener: (event: Fetching) => void): void;
  };
  skipWaiting: () => Promise<void>;
  readonly clients: {
    claim: () => Promise<void>;
    matchAll: (which: { type: "window" }) => Promise<{ focus: () => Promise<unknown> }[]>;
    openWindow: (address: string) => Promise<unknown>;
  };
  readonly registration: ServiceWorkerRegistration;
}
const scope = globalThis as unknown as WorkerScope;

const PREFIX = "shell-";
const PAGE = "/";
const OFFLINE = "/offline.html";
/** A page that has not begun to come within this time is shown as it is kept, in ms. */
const PATIENCE_MS = 4000;

/** Each build has a cache of its own, named after what is in it. */
async function ownCache(): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(SHELL));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return (
    PREFIX + Array.from(hash.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("")
  );
}

/** All or nothing: the files of two builds do not fit together, and their hashes say which is whose. */
async function keep(): Promise<void> {
  const cache = await caches.open(await ownCache());
  const keepOne = async ([path, integrity]: [string, string]): Promise<void> => {
    const known = path.startsWith("/assets/") ? await caches.match(path) : undefined;
    await cache.put(path, known ?? (await fetch(path, { integrity, cache: "no-cache" })));
  };
  try {
    await Promise.all(Object.entries(SHELL).map(keepOne));
  } catch (error) {
    await caches.delete(await ownCache());
    throw error;
  }
}

/** The build before this one stays: pages of it may be open, and fetch their later parts. */
async function letGo(): Promise<void> {
  const own = await ownCache();
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== own);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

const kept = async (path: string): Promise<Response | undefined> =>
  (await caches.open(await ownCache())).match(path, { ignoreVary: true });

/** The page comes from the server where it can: so a new build is there with the next reload. */
async function openPage(request: Request): Promise<Response> {
  const page = await kept(PAGE);
  const late = new Promise<null>((done) => setTimeout(() => done(null), PATIENCE_MS));
  const coming = fetch(request);
  const answer = await Promise.race([coming, ...(page ? [late] : [])]).catch(() => null);
  // Above 500 it is whoever stands before a server that is away.
  if (answer && answer.status < 500) return answer;
  return page ?? (await kept(OFFLINE)) ?? answer ?? Response.error();
}

const openOther = (request: Request): Promise<Response> =>
  fetch(request).catch(async () => (await kept(OFFLINE)) ?? Response.error());

const openFile = async (request: Request): Promise<Response> =>
  (await caches.match(request, { ignoreVary: true })) ?? fetch(request);

scope.addEventListener("install", (event) =>
  event.waitUntil(keep().then(() => scope.skipWaiting())),
);
scope.addEventListener("activate", (event) =>
  event.waitUntil(letGo().then(() => scope.clients.claim())),
);
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    // The moderators' page is kept by nobody.
    if (pathname.startsWith("/desk")) return;
    const isPage = pathname === PAGE || pathname === "/index.html";
    event.respondWith(isPage ? openPage(request) : openOther(request));
  } else if (pathname.startsWith("/assets/")) event.respondWith(openFile(request));
});

/** A push carries no word: what came is read in the page. */
scope.addEventListener("push", (event) => {
  const isChinese = navigator.language.toLowerCase().startsWith("zh");
  const title = isChinese ? "漂海" : "Driftsea";
  const body = isChinese ? "有东西漂上岸了。" : "Something has washed ashore.";
  const lang = isChinese ? "zh-Hans" : "en";
  const options = { body, lang, tag: "ashore", icon: "/icons/icon-192.png" };
  event.waitUntil(scope.registration.showNotification(title, options));
});
scope.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const look = async (): Promise<unknown> => {
    const [open] = await scope.clients.matchAll({ type: "window" });
    return open ? open.focus() : scope.clients.openWindow("/#/shelf");
  };
  event.waitUntil(look());
});
