import type { BottleId, SeaId } from "@driftsea/protocol";
import type { BottleStore } from "./bottles.store.ts";

export interface SeaInfo {
  id: SeaId;
  title: { en: string; zh: string };
}

/** The seas that there are where the operator names none (B9). */
export const DEFAULT_SEAS: readonly SeaInfo[] = [
  { id: "world" as SeaId, title: { en: "The world", zh: "世界" } },
  { id: "emotion" as SeaId, title: { en: "Feelings", zh: "情绪" } },
  { id: "interaction" as SeaId, title: { en: "Talk with me", zh: "聊一聊" } },
  { id: "hobby" as SeaId, title: { en: "What I love", zh: "爱好" } },
  { id: "life" as SeaId, title: { en: "Everyday", zh: "生活" } },
];

/** Bottles whose sea is remembered. A bottle never leaves its sea, so a memory is never wrong. */
const REMEMBERED = 20_000;

/** Which seas there are, and which of them has a bottle. Each place is one too, that nobody is told of unasked. */
export class SeaCatalogue {
  readonly infos: readonly SeaInfo[];
  readonly ofPlaces: readonly SeaInfo[];
  /** All of them, the default one first. */
  readonly ids: readonly SeaId[];
  readonly #store: BottleStore;
  readonly #seaOf = new Map<BottleId, SeaId>();

  constructor(store: BottleStore, infos: readonly SeaInfo[], ofPlaces: readonly SeaInfo[] = []) {
    this.#store = store;
    this.infos = infos;
    this.ofPlaces = ofPlaces;
    this.ids = [...infos, ...ofPlaces].map((info) => info.id);
  }

  has(sea: SeaId): boolean {
    return this.ids.includes(sea);
  }

  remember(id: BottleId, sea: SeaId): void {
    this.#seaOf.set(id, sea);
    if (this.#seaOf.size > REMEMBERED) this.#seaOf.delete(this.#seaOf.keys().next().value!);
  }

  async locate(id: BottleId): Promise<SeaId | null> {
    const known = this.#seaOf.get(id);
    if (known !== undefined) return known;
    const sea = await this.#store.locate(this.ids, id);
    if (sea !== null) this.remember(id, sea);
    return sea;
  }
}
