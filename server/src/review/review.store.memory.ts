import type { Clock } from "../lib/clock.ts";
import { subjectMark } from "./review.keys.ts";
import type { LogEntry, ModeratorId, ReviewId, Subject } from "./review.ts";
import * as keep from "./review.store.ts";
import type { Act, ItemChange, OpenControl, ReviewStore, StoredItem } from "./review.store.ts";

/** `ReviewStore` in this process; the contract is written there. */
export class MemoryReviewStore implements ReviewStore {
  readonly #clock: Clock;
  readonly #items = new Map<ReviewId, StoredItem>();
  readonly #bySubject = new Map<string, ReviewId>();
  readonly #byNotice = new Map<string, ReviewId>();
  /** Too many waited: they are known, and in no queue. */
  readonly #gaveWay = new Set<ReviewId>();
  /** Since when. */
  readonly #unsettled = new Map<ReviewId, number>();
  readonly #controls = new Map<ModeratorId, OpenControl>();
  readonly #log: LogEntry[] = [];
  #acts: { act: Act; at: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  #live(id: ReviewId | undefined): StoredItem | undefined {
    const item = id === undefined ? undefined : this.#items.get(id);
    return item && keep.keptUntil(item) > this.#clock.now() ? item : undefined;
  }

  async read(id: ReviewId): Promise<StoredItem | null> {
    return structuredClone(this.#live(id) ?? null);
  }

  async find(subject: Subject): Promise<StoredItem | null> {
    return structuredClone(this.#live(this.#bySubject.get(subjectMark(subject))) ?? null);
  }

  async byNotice(noticeId: string): Promise<StoredItem | null> {
    return structuredClone(this.#live(this.#byNotice.get(noticeId)) ?? null);
  }

  async write({
    item,
    after,
    isFollowed,
    entry,
    acts = [],
  }: ItemChange): Promise<"written" | "moved"> {
    if ((this.#items.get(item.id)?.rev ?? 0) !== item.rev - 1) return "moved";
    const before = this.#live(this.#bySubject.get(subjectMark(item.subject)));
    if (item.rev === 1 && before?.id !== after) return "moved";
    if (entry && !this.#append(entry)) return "moved";
    this.#items.set(item.id, structuredClone(item));
    this.#bySubject.set(subjectMark(item.subject), item.id);
    this.#byNotice.set(item.noticeId, item.id);
    if (isFollowed) this.#unsettled.set(item.id, this.#clock.now());
    this.#note(acts);
    this.#gaveWay.delete(item.id);
    this.#giveWay();
    return "written";
  }

  #giveWay(): void {
    if (this.#items.size <= keep.WAITING_KEPT) return;
    let waiting = 0;
    for (const { id, decided } of this.#items.values())
      if (decided === null && !this.#gaveWay.has(id)) waiting += 1;
    if (waiting <= keep.WAITING_KEPT) return;
    const last = this.#queue().reverse();
    const isDoubted = (item: StoredItem): boolean => keep.rankOf(item) % 1 > 0;
    const first = [...last.filter(isDoubted), ...last.filter((item) => !isDoubted(item))];
    for (const { id } of first.slice(0, Math.max(0, last.length - keep.WAITING_KEPT)))
      this.#gaveWay.add(id);
    for (const id of this.#gaveWay) {
      if (this.#gaveWay.size <= keep.WAITING_KEPT) break;
      this.#gaveWay.delete(id);
      this.#items.delete(id);
    }
  }

  #queue(): StoredItem[] {
    const now = this.#clock.now();
    return [...this.#items.values()]
      .filter((item) => item.decided === null && keep.keptUntil(item) > now)
      .filter(({ id }) => !this.#gaveWay.has(id))
      .sort(
        (a, b) => keep.rankOf(a) - keep.rankOf(b) || a.since - b.since || (a.id < b.id ? -1 : 1),
      );
  }

  async waiting(limit: number, from = 0): Promise<StoredItem[]> {
    return this.#queue()
      .slice(from, from + limit)
      .map((item) => structuredClone(item));
  }

  async backlog(): Promise<{ waiting: number; oldestSince: number | null }> {
    const queue = this.#queue();
    const oldest = Math.min(...queue.map(({ since }) => since));
    return { waiting: queue.length, oldestSince: queue.length === 0 ? null : oldest };
  }

  async unsettled(before: number, limit: number): Promise<ReviewId[]> {
    const old = [...this.#unsettled]
      .filter(([, at]) => at <= before)
      .sort(([a, since], [b, other]) => since - other || (a < b ? -1 : 1));
    return old.slice(0, limit).map(([id]) => id);
  }

  async settled(id: ReviewId, rev: number): Promise<boolean> {
    const item = this.#items.get(id);
    if (item && item.rev !== rev) return false;
    this.#unsettled.delete(id);
    return true;
  }

  async control(moderator: ModeratorId): Promise<OpenControl | null> {
    return this.#controls.get(moderator) ?? null;
  }

  async setControl(moderator: ModeratorId, control: OpenControl | null): Promise<void> {
    if (control) this.#controls.set(moderator, control);
    else this.#controls.delete(moderator);
  }

  #note(acts: readonly Act[]): void {
    const now = this.#clock.now();
    this.#acts = this.#acts.filter(({ at }) => at > now - keep.ACTS_KEEP_MS);
    this.#acts.push(...acts.map((act) => ({ act, at: now })));
  }

  async acts(since: number): Promise<Act[]> {
    const from = Math.max(since, this.#clock.now() - keep.ACTS_KEEP_MS);
    return this.#acts.filter(({ at }) => at > from).map(({ act }) => ({ ...act }));
  }

  async head(): Promise<LogEntry | null> {
    return this.#log.at(-1) ?? null;
  }

  #append(entry: LogEntry): boolean {
    if (entry.seq !== this.#log.length + 1) return false;
    this.#log.push(Object.freeze({ ...entry }));
    return true;
  }

  async append(entry: LogEntry, acts: readonly Act[] = []): Promise<boolean> {
    if (!this.#append(entry)) return false;
    this.#note(acts);
    return true;
  }

  async log(before: number | undefined, limit: number): Promise<LogEntry[]> {
    const to = before === undefined ? this.#log.length : Math.max(0, before - 1);
    return this.#log.slice(Math.max(0, to - limit), to).reverse();
  }

  sweep(): void {
    const now = this.#clock.now();
    for (const [id, item] of this.#items) if (keep.keptUntil(item) <= now) this.#items.delete(id);
    for (const index of [this.#bySubject, this.#byNotice])
      for (const [name, id] of index) if (!this.#items.has(id)) index.delete(name);
    for (const id of this.#gaveWay) if (!this.#items.has(id)) this.#gaveWay.delete(id);
    for (const [id, at] of this.#unsettled)
      if (at <= now - keep.UNSETTLED_KEEP_MS) this.#unsettled.delete(id);
  }
}
