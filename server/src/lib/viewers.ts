/** Who is told that somebody was shown a thing, so that complaints can be set against readers (M1). */
export interface Viewers {
  /** Nothing waits for it; `mask` is stored nowhere. */
  saw(mask: string, item: { kind: string; id: string; seq?: number }): void;
}
