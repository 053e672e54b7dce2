const SCHEME = /\b(?:h(?:tt|xx)ps?|ftp|wss?|magnet|mailto):\/{0,2}\S/;
const WWW = /\bwww\d?\.[a-z0-9]/;
/** Endings that are seldom anything else; "well.that" is a typo, no host. */
const HOST =
  /(?<![a-z0-9])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:com|net|org|info|biz|io|me|app|dev|xyz|top|site|online|shop|club|vip|live|link|gg|tv|cc|co|cn|hk|tw|jp|kr|uk|de|fr|ru|eu|us|in)(?![a-z0-9-])/;

/**
 * Whether a text holds a link, for rooms that take none. In an encrypted room nobody but the writer's
 * own page can look. Full-width letters and dots count as what they look like (NFKC).
 */
export function hasLink(text: string): boolean {
  const plain = text.normalize("NFKC").replaceAll("。", ".").toLowerCase();
  return SCHEME.test(plain) || WWW.test(plain) || HOST.test(plain);
}
