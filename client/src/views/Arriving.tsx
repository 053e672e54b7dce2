import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import type { Late } from "../late.ts";
import { Sheet } from "./Sheet.tsx";

/** What comes sooner than this needs no word, in ms. */
const UNNOTICED_MS = 200;

interface ArrivingProps<T> {
  of: Late<T>;
  title: string;
  children: (it: T) => ComponentChildren;
}

/** A place whose part of the page may still be on its way. */
export function Arriving<T>({ of, title, children }: ArrivingProps<T>) {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    void of.load();
    const timer = setTimeout(() => setSlow(true), UNNOTICED_MS);
    return () => clearTimeout(timer);
  }, [of]);
  const arrival = of.arrival.value;
  if (arrival.is === "here") return <>{children(arrival.it)}</>;
  if (arrival.is === "away" && !isSlow) return null;
  return (
    <Sheet title={title} id="arriving" class="small">
      <p role="status">{t(arrival.is === "failed" ? "placeFailed" : "placeComing")}</p>
      {arrival.is === "failed" && (
        <div class="acts">
          <button
            type="button"
            class="primary"
            // A browser may remember a failure; then only a new page helps.
            onClick={() => (arrival.times > 1 ? location.reload() : void of.load())}
          >
            {t(arrival.times > 1 ? "placeReload" : "placeRetry")}
          </button>
        </div>
      )}
    </Sheet>
  );
}
