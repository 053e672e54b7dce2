import { createHash } from "node:crypto";

/** A name or an address as RFC 3986 allows it in an authority, with a port or without. */
const HOST =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

const MAX_HOST_CHARS = 253 + 6;

const CLOSED_FEATURES = [
  "accelerometer",
  "autoplay",
  "browsing-topics",
  "camera",
  "display-capture",
  "encrypted-media",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
];

const FIXED = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": CLOSED_FEATURES.map((feature) => `${feature}=()`).join(", "),
} as const;

/**
 * Where the page may connect. Safari before 15.4 does not take `'self'` to cover WebSocket, so the
 * host is named as well; one that is not strictly a host is left out, or whoever sends the
 * header could write directives of his own into the policy.
 */
function connectSources(host: string | undefined): string {
  if (host === undefined || host.length > MAX_HOST_CHARS || !HOST.test(host)) return "'self'";
  return `'self' ws://${host} wss://${host}`;
}

/** The headers of every response, errors too. `host` is the request's `Host`, as it was sent. */
export function securityHeaders(host: string | undefined): Record<string, string> {
  return {
    "content-security-policy": [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      `connect-src ${connectSources(host)}`,
      "worker-src 'self'",
      "manifest-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
      // The scripts that the page starts by itself: the worker that solves puzzles, and the one that
      // keeps the page's files.
      "trusted-types driftsea-worker driftsea-shell",
    ].join("; "),
    ...FIXED,
  };
}

/**
 * The policy of a page that carries its styles in itself, and its script where it has one: these by
 * their hash, and nothing else. Nothing where it is no such page.
 */
export function ownPolicy(html: string): Record<string, string> {
  const styles = hashesOf(html, "style");
  if (styles.length === 0 || html.includes("<script ")) return {};
  const scripts = hashesOf(html, "script");
  const policy = [
    "default-src 'none'",
    `style-src ${styles.join(" ")}`,
    ...(scripts.length > 0 ? [`script-src ${scripts.join(" ")}`] : []),
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    ...(scripts.length > 0 ? ["require-trusted-types-for 'script'"] : []),
  ];
  return { "content-security-policy": policy.join("; ") };
}

const hashesOf = (html: string, tag: "style" | "script"): string[] =>
  [...html.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, "g"))].map(
    ([, text]) => `'sha256-${createHash("sha256").update(text!).digest("base64")}'`,
  );
