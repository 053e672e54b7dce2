import type { JSX } from "preact";
import { t } from "../i18n/index.ts";
import { lateFeed, lateHole, lateMeets, lateRooms } from "../late.ts";
import { PLACES, isCalledBack, isMeetCalling, isRiverCalling, placeOf } from "../places.ts";
import type { Place } from "../places.ts";
import { go, route } from "../route.ts";

const PICTURES: Record<Place, JSX.Element> = {
  beach: <path d="M3 16q3-3 6 0t6 0 6 0M3 20q3-3 6 0t6 0 6 0M10 4h4v3l2 2v3H8V9l2-2z" />,
  lighthouse: (
    <path d="M9 21l1.4-12h3.2L15 21zM9.5 9V5h5v4zM12 2l3 3H9zM17 6l4-1.5M17 8l4 1.5M7 6L3 4.5M7 8L3 9.5" />
  ),
  tree: (
    <path d="M12 21v-8m0 3l-3-3m3 1l3-3M12 3a5 5 0 0 1 5 4 4 4 0 0 1-1 7H8a4 4 0 0 1-1-7 5 5 0 0 1 5-4z" />
  ),
  lanterns: (
    <path d="M8 3v3m8-1v3M5.5 8q0-2 2.5-2t2.5 2v4q0 2-2.5 2t-2.5-2zM13.5 10q0-2 2.5-2t2.5 2v4q0 2-2.5 2t-2.5-2zM8 14v3m8-1v3" />
  ),
  river: (
    <path d="M9 9q0-2 3-2t3 2v4q0 2-3 2t-3-2zM12 4v3m0 8v2M3 18q3-2 6 0t6 0 6 0M5 21.5q3.5-2 7 0t7 0" />
  ),
};

/** Fetched when somebody turns towards it, so that it is there on arrival. */
const APPROACH: Record<Place, () => void> = {
  beach: () => {},
  lighthouse: () => void lateRooms.load(),
  tree: () => void lateHole.load(),
  lanterns: () => void lateMeets.load(),
  river: () => void lateFeed.load(),
};

const isCalling = (place: Place): boolean =>
  (place === "lighthouse" && isCalledBack.value) ||
  (place === "lanterns" && isMeetCalling.value) ||
  (place === "river" && isRiverCalling.value);

/** The signs to the places: a low bar on a phone; on a wide shore they stand where the places are. */
export function Places() {
  const here = placeOf(route.value);
  return (
    <nav class="places" aria-label={t("places")}>
      {PLACES.map((place) => (
        <a
          key={place}
          class={`sign to-${place}`}
          href={place === "beach" ? "#/" : `#/${place}`}
          aria-current={place === here ? "page" : undefined}
          onPointerEnter={APPROACH[place]}
          onFocus={APPROACH[place]}
          onClick={(event) => {
            // In a tab of its own it is the browser's to open.
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            go({ sheet: place === "beach" ? "none" : place });
          }}
        >
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            {PICTURES[place]}
          </svg>
          <span>{t(`place_${place}`)}</span>
          {isCalling(place) && (
            <span class="called">
              <span class="unseen">{t("newThere")}</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
