/** Where a text holds something that leads elsewhere, in UTF-16 units. */
export interface LinkMark {
  start: number;
  end: number;
}

/*
 * Addresses with a scheme (`hxxp` as well), `www.`, e-mail, and bare names under an ending that is commonly written.
 * Full-width letters and dots are read as what they look like; "e.g." and "3.14" are no links.
 */
const ENDINGS =
  "com|net|org|info|biz|io|co|me|tv|cc|gg|ly|to|app|dev|xyz|top|club|site|online|shop|vip|link|live|icu|fun|work|pro|cn|com\\.cn|net\\.cn|org\\.cn|hk|tw|uk|de|fr|jp|kr|ru|in|us|eu|ai|example";
const LINK = new RegExp(
  `(?:[a-z][a-z0-9+.-]{1,15}:\\/\\/|h(?:tt|xx)ps?:\\/?|(?:mailto|magnet):|www\\d?\\.)[^\\s<>"']+|[a-z0-9._%+-]+@[a-z0-9-]+(?:\\.[a-z0-9-]+)+|(^|[^a-z0-9@.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+(?:${ENDINGS})(?![a-z0-9-])(?:[/?#:][^\\s<>"']*)?`,
  "giu",
);

/** Full-width forms and ideographic stops as the ASCII that they stand for; as many units as before. */
function asciiOf(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[。｡．]/g, ".");
}

/** Every link in a text, in order. */
export function findLinks(text: string): LinkMark[] {
  // What stands before a bare name is looked at and is no part of it: older browsers know no look-behind.
  return [...asciiOf(text).matchAll(LINK)].map((match) => ({
    start: match.index + (match[1]?.length ?? 0),
    end: match.index + match[0].length,
  }));
}
