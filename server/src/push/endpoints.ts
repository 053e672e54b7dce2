/** Where the makers of browsers take what is to be pushed; `*.` stands for one name or more. */
export const PUSH_HOSTS = [
  "fcm.googleapis.com",
  "*.push.services.mozilla.com",
  "*.push.apple.com",
  "*.notify.windows.com",
];

/**
 * Whether this server sends to that address. It comes from a stranger, and a server that asks
 * whatever it is told to would reach what only it can reach: so only hosts that are named are asked,
 * over https, at its usual port. An origin written out is taken as it is, for those who try.
 */
export function isAllowed(endpoint: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  if (url.username !== "" || url.password !== "") return false;
  return hosts.some((host) => {
    if (host.includes("://")) return url.origin === host;
    if (url.protocol !== "https:" || url.port !== "") return false;
    return host.startsWith("*.") ? url.hostname.endsWith(host.slice(1)) : url.hostname === host;
  });
}
