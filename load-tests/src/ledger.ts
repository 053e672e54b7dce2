/**
 * What was promised to whom, over all clients of a run: finds what was lost, doubled, or given to
 * somebody who must not have it.
 */
export class Ledger {
  readonly faults: string[] = [];
  /** Replies that were errors, and those that did not come. */
  errors = 0;
  readonly #thrownBy = new Map<string, number>();
  readonly #holders = new Map<string, number>();
  readonly #heldBefore = new Set<string>();
  /** Things that were acknowledged and must arrive once: whether they have. */
  readonly #owed = new Map<string, { acknowledged: boolean; arrived: number }>();

  thrown(bottleId: string, by: number): void {
    this.#thrownBy.set(bottleId, by);
  }

  /** False for a bottle that nobody of this run threw. */
  isOurs(bottleId: string): boolean {
    return this.#thrownBy.has(bottleId);
  }

  /** @param lateMs By how much its deadline had passed, in ms; negative where it had not. */
  caught(bottleId: string, by: number, lateMs: number): void {
    if (lateMs > 0) this.#fault(`${by} caught bottle ${bottleId} ${lateMs} ms after its deadline`);
    if (this.#thrownBy.get(bottleId) === by) this.#fault(`${by} caught its own bottle ${bottleId}`);
    const other = this.#holders.get(bottleId);
    if (other !== undefined) this.#fault(`${by} caught bottle ${bottleId} while ${other} held it`);
    const once = `${by} ${bottleId}`;
    if (this.#heldBefore.has(once)) this.#fault(`${by} caught bottle ${bottleId} a second time`);
    this.#heldBefore.add(once);
    this.#holders.set(bottleId, by);
  }

  /** Before the release is sent: from then on another may have it. */
  letGo(bottleId: string): void {
    this.#holders.delete(bottleId);
  }

  /** The server has acknowledged it: it must arrive, once. */
  acknowledged(what: string): void {
    this.#entry(what).acknowledged = true;
  }

  arrived(what: string): void {
    this.#entry(what).arrived += 1;
  }

  /** How much was acknowledged and has not arrived yet. */
  get missing(): number {
    return [...this.#owed.values()].filter((o) => o.acknowledged && o.arrived === 0).length;
  }

  failed(what: string, code: string): void {
    this.errors += 1;
    this.#fault(`${what}: ${code}`);
  }

  /** Everything that was not as it must be; once all has had its time to arrive. */
  audit(): string[] {
    const late = [...this.#owed].flatMap(([what, { acknowledged, arrived }]) => {
      if (acknowledged && arrived === 0) return [`lost: ${what}`];
      return arrived > 1 ? [`arrived ${arrived} times: ${what}`] : [];
    });
    return [...this.faults, ...late];
  }

  #entry(what: string): { acknowledged: boolean; arrived: number } {
    let entry = this.#owed.get(what);
    if (!entry) this.#owed.set(what, (entry = { acknowledged: false, arrived: 0 }));
    return entry;
  }

  #fault(text: string): void {
    this.faults.push(text);
  }
}
