const WORKER = "/sw.js";

interface TrustedTypes {
  createPolicy: (
    name: string,
    rules: { createScriptURL: () => string },
  ) => { createScriptURL: (url: string) => string };
}
/** Whatever it is asked for, it gives this one address. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy(
  "driftsea-shell",
  { createScriptURL: () => WORKER },
);

interface Saving {
  connection?: { saveData?: boolean };
}

/**
 * Lets the browser keep the files of this page. Only https and localhost have what it takes, and
 * who saves on data is not made to fetch what he may never open; without it, all is as before.
 */
async function keepShell(): Promise<ServiceWorkerRegistration | null> {
  if (!("serviceWorker" in navigator) || (navigator as Saving).connection?.saveData) return null;
  const address = policy?.createScriptURL(WORKER) ?? WORKER;
  return navigator.serviceWorker.register(address, { updateViaCache: "none" }).catch(() => null);
}

export const shell = keepShell();
