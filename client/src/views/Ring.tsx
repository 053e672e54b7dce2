import { useEffect } from "preact/hooks";
import type { TextKey } from "../i18n/index.ts";
import { Countdown, useLeft } from "./Countdown.tsx";

interface RingProps {
  until: number;
  /** The whole of which this is what is left, in ms. */
  wholeMs: number;
  /** What stands beside it, and what is said at the end; each with `{span}`. */
  text: TextKey;
  ends: TextKey;
  onLastMinute?: (isNear: boolean) => void;
}

const LAST_MINUTE_MS = 60_000;

/** A countdown as a ring of light that shrinks, with the time in words. */
export function Ring({ until, wholeMs, text, ends, onLastMinute }: RingProps) {
  const left = useLeft(until);
  const isNear = left <= LAST_MINUTE_MS;
  useEffect(() => {
    onLastMinute?.(isNear);
    return () => onLastMinute?.(false);
  }, [isNear]);
  return (
    <span class={isNear ? "ring near" : "ring"}>
      <RingOfLight share={left / wholeMs} />
      <Countdown until={until} text={text} ends={ends} />
    </span>
  );
}

/** Decoration: the words beside it carry it. */
export function RingOfLight({ share, size = 28 }: { share: number; size?: number }) {
  const shown = Math.min(1, Math.max(0, share));
  return (
    <svg class="ring-light" viewBox="0 0 36 36" width={size} height={size} aria-hidden="true">
      <circle cx="18" cy="18" r="15" class="ring-way" />
      <circle
        cx="18"
        cy="18"
        r="15"
        pathLength={1}
        stroke-dasharray="1"
        stroke-dashoffset={1 - shown}
        transform="rotate(-90 18 18)"
      />
    </svg>
  );
}
