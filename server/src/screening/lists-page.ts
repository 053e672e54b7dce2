import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import type { Lists } from "./lists.ts";

/** Small enough, and packed in a moment: an operator may change the lists at any time. */
const QUALITY = 5;
const pack = promisify(brotliCompress);

export interface ListsPage {
  etag: string;
  plain: string;
  brotli: Buffer;
}

/**
 * The word lists as a page fetches them: what is sealed in the browser can be looked at only there.
 * Packed once for each change of the lists.
 */
export function createListsPage(lists: Pick<Lists, "texts">): () => Promise<ListsPage> {
  let of: Lists["texts"] | null = null;
  let packed: Promise<ListsPage> | null = null;
  return () => {
    if (packed && of === lists.texts) return packed;
    of = lists.texts;
    const plain = JSON.stringify({ lists: of });
    const hash = createHash("sha256").update(plain).digest("base64url").slice(0, 22);
    packed = pack(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }).then(
      (brotli) => ({ etag: `"${hash}"`, plain, brotli }),
    );
    return packed;
  };
}
