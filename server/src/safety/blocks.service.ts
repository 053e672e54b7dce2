import { randomBytes } from "node:crypto";
import type { DrifterId } from "@driftsea/protocol";
import type { Context } from "../lib/connection-context.ts";
import { DomainError } from "../lib/errors.ts";
import { publicHalf, seal, unseal } from "../lib/sealed-box.ts";
import { digest, sha256 } from "../lib/sha256.ts";
import { Slices } from "../lib/slices.ts";
import type { BlockList, BlockStore, SealedBlock } from "./blocks.store.ts";

/** Bytes of a handle, of what a drifter's id is base64url of, and of a box's public half. */
const HANDLE_BYTES = 16;
const ID_BYTES = 32;
const BOX_BYTES = 32;

/** What is in an entry: the other, his box, and the handle of his entry of the same block. */
interface Block {
  other: DrifterId;
  box: string;
  theirs: string;
}

export interface BlockParts {
  store: BlockStore;
  /** The public half of a drifter's box; null where there is no such drifter any more. */
  boxOf: (drifter: DrifterId) => Promise<string | null>;
}

/** One who is here: his box, and what of his list has been opened before. */
interface Present {
  secret: string;
  /** Computed where it is first asked for: most who come never ask. */
  list?: BlockList;
  opened: Map<string, Block> | null;
}

/**
 * Two between whom there is a block do not come together again (B4, S4). The list is sealed for each
 * box; its secret follows from the token, is with the browser and, while he is here, in this process.
 * So the store alone lists nobody, and whoever comes under a new token takes his list on by the secret
 * that his browser kept.
 */
export class BlockService {
  readonly #p: BlockParts;
  readonly #present = new Map<DrifterId, Present>();

  constructor(parts: BlockParts) {
    this.#p = parts;
  }

  arrived({ drifter, box }: Pick<Context, "drifter" | "box">): void {
    if (this.#present.has(drifter)) return;
    this.#present.set(drifter, { secret: box, opened: null });
  }

  /** His last connection to this process has gone. */
  departed(drifter: DrifterId): void {
    this.#present.delete(drifter);
  }

  /** With whom a drifter who is here has nothing to do; those whom he blocked, and who blocked him. */
  async of(drifter: DrifterId): Promise<DrifterId[]> {
    return (await this.#open(this.#here(drifter))).map(({ other }) => other);
  }

  #here(drifter: DrifterId): Present {
    const present = this.#present.get(drifter);
    // He hung up in the midst of it: nothing may be done for him without his list.
    if (!present) throw new DomainError("unavailable", "the connection has ended");
    return present;
  }

  async #open(present: Present): Promise<(SealedBlock & Block)[]> {
    const { store } = this.#p;
    if (!present.list) {
      present.list = listOf(publicHalf(present.secret));
      await store.renew(present.list);
    }
    const entries = await store.all(present.list);
    if (entries.length === 0) return [];
    const opened = (present.opened ??= new Map());
    const slices = new Slices();
    const blocks: (SealedBlock & Block)[] = [];
    for (const entry of entries) {
      let block = opened.get(entry.sealed);
      if (!block) {
        // A thousand may have blocked him: nobody else waits until all of that is opened.
        if (slices.isOver()) await slices.rest();
        opened.set(entry.sealed, (block = unpack(present.secret, entry.sealed)));
      }
      blocks.push({ ...entry, ...block });
    }
    return blocks;
  }

  /** Parts the two for good, in both directions. Safe to repeat: who retries finishes it. */
  async block(drifter: DrifterId, other: DrifterId): Promise<void> {
    const { store, boxOf } = this.#p;
    const present = this.#here(drifter);
    await store.part(drifter, other);
    if ((await this.of(drifter)).includes(other)) return;
    const own = publicHalf(present.secret);
    // The same each time: a block that is asked for many times at once is one.
    const mine = handleOf("mine", present.secret, other);
    const theirs = handleOf("theirs", present.secret, other);
    const box = await boxOf(other);
    // His own entry last: where it is there, the block is whole.
    if (box !== null)
      await store.put(listOf(box), pack(box, theirs, { other: drifter, box: own, theirs: mine }));
    const block = { other, box: box ?? nobodysBox(), theirs };
    await store.put(listOf(own), pack(own, mine, block));
  }

  /** Whether the two have been parted since anybody began to bring them together. */
  areParting(one: DrifterId, other: DrifterId): Promise<boolean> {
    return this.#p.store.areParting(one, other);
  }

  /** He has gone for good: his list can be taken on by whoever has the box's secret. */
  async end(box: string): Promise<void> {
    await this.#p.store.end(listOf(publicHalf(box)));
  }

  /**
   * Takes the list of one who has gone on to a new drifter, in both directions, also where the other has
   * gone as well. One who is still there keeps his. Safe to repeat: handles stay, so that nothing is
   * there twice. The list lies there until `tookOn`: whoever never learnt his new token comes again.
   */
  async takeOn(former: string, { drifter, box }: Pick<Context, "drifter" | "box">): Promise<void> {
    const { store } = this.#p;
    const list = listOf(publicHalf(former));
    if (!(await store.mayTake(list))) return;
    const own = publicHalf(box);
    for (const { handle, sealed } of await store.all(list)) {
      const block = unpack(former, sealed);
      const me = { other: drifter, box: own, theirs: handle };
      await store.replace(listOf(block.box), pack(block.box, block.theirs, me));
      await store.put(listOf(own), pack(own, handle, block));
    }
  }

  /** Whoever took the list on has his new token: the former key is spent. */
  async tookOn(former: string): Promise<void> {
    const list = listOf(publicHalf(former));
    if (await this.#p.store.hasEnded(list)) await this.#p.store.drop(list);
  }
}

const listOf = (box: string): BlockList => sha256("blocks", box);
const handleOf = (whose: "mine" | "theirs", secret: string, other: DrifterId): string =>
  digest("block", whose, secret, other).subarray(0, HANDLE_BYTES).toString("base64url");
/** In the place of the box of one who has gone: an entry is as long as any other. */
const nobodysBox = (): string => randomBytes(BOX_BYTES).toString("base64url");

function pack(to: string, handle: string, { other, box, theirs }: Block): SealedBlock {
  const content = Buffer.concat([other, box, theirs].map((part) => Buffer.from(part, "base64url")));
  return { handle, sealed: seal(to, content) };
}

function unpack(secret: string, sealed: string): Block {
  const content = unseal(secret, sealed);
  const box = content.subarray(ID_BYTES, ID_BYTES + BOX_BYTES);
  return {
    other: content.subarray(0, ID_BYTES).toString("base64url") as DrifterId,
    box: box.toString("base64url"),
    theirs: content.subarray(ID_BYTES + BOX_BYTES).toString("base64url"),
  };
}
