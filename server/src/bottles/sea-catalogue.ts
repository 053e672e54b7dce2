import type { BottleId, DrifterId, SeaId } from "@driftsea/protocol";
import { Recent } from "../lib/recent.ts";
import { alone } from "../nodes/nodes.ts";
import type { Nodes } from "../nodes/nodes.ts";
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

/**
 * Which seas there are, and which of them has a bottle. Each place is one too, that nobody is told of
 * unasked, and that is looked after only while something may lie in it: most never hold a bottle.
 */
export class SeaCatalogue {
  readonly infos: readonly SeaInfo[];
  readonly ofPlaces: readonly SeaInfo[];
  readonly #store: BottleStore;
  readonly #nodes: Pick<Nodes, "tell">;
  readonly #used = new Set<SeaId>();
  readonly #seaOf = new Recent<string, SeaId>(REMEMBERED);

  constructor(
    store: BottleStore,
    infos: readonly SeaInfo[],
    ofPlaces: readonly SeaInfo[] = [],
    nodes: Pick<Nodes, "tell" | "hear"> = alone,
  ) {
    this.#store = store;
    this.#nodes = nodes;
    nodes.hear("sea-used", ({ sea }) => void this.#used.add(sea));
    this.infos = infos;
    this.ofPlaces = ofPlaces;
  }

  /** Those in which something may lie, the default one first. */
  get ids(): SeaId[] {
    return [...this.infos.map((info) => info.id), ...this.#used];
  }

  has(sea: SeaId): boolean {
    return this.infos.some((info) => info.id === sea) || this.isOfPlace(sea);
  }

  isOfPlace(sea: SeaId): boolean {
    return this.ofPlaces.some((info) => info.id === sea);
  }

  /** Before something is put into a sea, all of which is over by `until`, ms since 1970. */
  async use(sea: SeaId, until: number): Promise<void> {
    if (!this.isOfPlace(sea)) return;
    await this.#store.use(sea, until);
    if (this.#used.has(sea)) return;
    this.#used.add(sea);
    // Others would learn it by themselves, but not before somebody looks for his bottle there.
    await this.#nodes.tell(sea, "sea-used", { sea });
  }

  /** Learns what other processes, and those before, have put bottles into. */
  async refresh(): Promise<void> {
    if (this.ofPlaces.length === 0) return;
    for (const sea of await this.#store.used()) if (this.isOfPlace(sea)) this.#used.add(sea);
  }

  remember(drifter: DrifterId, id: BottleId, sea: SeaId): void {
    this.#seaOf.set(`${drifter}|${id}`, sea);
  }

  /**
   * Where a bottle is, or else the first sea, in which it is not. What is remembered is remembered for
   * whoever threw or caught it: to anybody else a bottle of others and one that never was take the same.
   */
  async locate(drifter: DrifterId, id: BottleId): Promise<SeaId> {
    const known = this.#seaOf.get(`${drifter}|${id}`);
    if (known !== undefined) return known;
    return (await this.#store.locate(this.ids, id)) ?? this.infos[0]!.id;
  }
}
