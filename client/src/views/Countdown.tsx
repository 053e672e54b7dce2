import { useEffect, useState } from "preact/hooks";
import { serverNow } from "../connection.ts";
import { span, t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";

/** A countdown speaks only here, in s. */
const SPOKEN_S = [60, 10, 0];

/** How long it is until an instant in the server's clock, in ms; looked at every second. */
export function useLeft(until: number): number {
  const [left, setLeft] = useState(until - serverNow());
  useEffect(() => {
    const tick = (): void => setLeft(until - serverNow());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}

interface CountdownProps {
  until: number;
  /** What is seen, and what is said near the end; each with `{span}`. */
  text: TextKey;
  ends: TextKey;
}

/** Time left until an instant in the server's clock. Seen every second, spoken three times. */
export function Countdown({ until, text, ends }: CountdownProps) {
  const left = useLeft(until);
  const seconds = Math.max(0, Math.floor(left / 1000));
  const spoken = SPOKEN_S.find((s) => seconds <= s && seconds > s - 2);
  return (
    <>
      <span class={seconds <= 60 ? "countdown near" : "countdown"}>
        {t(text, { span: span(left) })}
      </span>
      <span class="unseen" role="status">
        {spoken === undefined ? "" : t(ends, { span: span(spoken * 1000) })}
      </span>
    </>
  );
}
