import { useEffect, useState } from "preact/hooks";
import { serverNow } from "../connection.ts";
import { span, t } from "../i18n/index.ts";

/** A countdown speaks only here, in s. */
export const SPOKEN_S = [60, 10, 0];

/** Time left until an instant in the server's clock. Seen every second, spoken three times. */
export function Countdown({ until }: { until: number }) {
  const [left, setLeft] = useState(until - serverNow());
  useEffect(() => {
    setLeft(until - serverNow());
    const timer = setInterval(() => setLeft(until - serverNow()), 1000);
    return () => clearInterval(timer);
  }, [until]);
  const seconds = Math.max(0, Math.floor(left / 1000));
  const spoken = SPOKEN_S.find((s) => seconds <= s && seconds > s - 2);
  return (
    <>
      <span class={seconds <= 60 ? "countdown near" : "countdown"}>
        {t("leaseLeft", { span: span(left) })}
      </span>
      <span class="unseen" role="status">
        {spoken === undefined ? "" : t("leaseEnds", { span: span(spoken * 1000) })}
      </span>
    </>
  );
}
