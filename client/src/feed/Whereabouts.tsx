import { useEffect, useState } from "preact/hooks";
import type { PlaceId } from "@driftsea/protocol";
import { connection } from "../connection.ts";
import { t } from "../i18n/index.ts";
import { language } from "../choices.ts";
import { mine, placeShown, rungs, sayWhere, titleOf } from "./whereabouts.ts";

/** Where one is: by one's own word, out of the operator's list. */
export function Whereabouts() {
  const said = mine.value ?? "";
  const [chosen, choose] = useState<PlaceId | "">(said);
  useEffect(() => choose(said), [said]);
  const send = (event: Event): void => {
    event.preventDefault();
    void sayWhere(chosen === "" ? null : chosen);
  };
  return (
    <form class="where" onSubmit={send}>
      <div class="fields">
        <label>
          {t("placeWhere")}
          <select value={chosen} onChange={(e) => choose(e.currentTarget.value as PlaceId | "")}>
            <option value="">{t("placeNowhere")}</option>
            {rungs.value.map(({ place, depth }) => (
              <option key={place.id} value={place.id}>
                {"\u2003".repeat(depth) + place.title[language.value]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="submit"
          class="primary"
          disabled={chosen === said || connection.value.is !== "ready"}
        >
          {t(chosen === "" && said !== "" ? "placeUnsay" : "placeSay")}
        </button>
      </div>
      <p class="hint">{t("placeHint")}</p>
      <p role="status">{said !== "" && placeShown.value !== said && <Around />}</p>
    </form>
  );
}

/** Where few are, what lies around it is shown: so that nobody is one of a handful. */
function Around() {
  const shown = placeShown.value;
  if (shown === null) return <>{t("placeFewWorld")}</>;
  return <>{t("placeFew", { place: titleOf(shown) })}</>;
}
