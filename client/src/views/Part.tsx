import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import type { Late } from "../late.ts";

/** A piece of a sheet that is fetched where it is needed. Nothing stands there until it has come. */
export function Part<T>({ of, children }: { of: Late<T>; children: (it: T) => ComponentChildren }) {
  useEffect(() => void of.load(), [of]);
  const arrival = of.arrival.value;
  if (arrival.is === "here") return <>{children(arrival.it)}</>;
  if (arrival.is === "away") return null;
  return (
    <p class="hint" role="status">
      {t("placeFailed")}{" "}
      <button
        type="button"
        // A browser may remember a failure; then only a new page helps.
        onClick={() => (arrival.times > 1 ? location.reload() : void of.load())}
      >
        {t(arrival.times > 1 ? "placeReload" : "placeRetry")}
      </button>
    </p>
  );
}
