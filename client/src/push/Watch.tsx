import type { OwnBottle } from "@driftsea/protocol";
import { useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { useFocusIn } from "../views/focus.ts";
import { canPush, unwatch, watch, watched } from "./watching.ts";

/** Whether the browser is woken for a bottle; what that costs is said before it is switched on. */
export function Watch({ bottle }: { bottle: OwnBottle }) {
  const [isAsking, setAsking] = useState(false);
  const { opener, inside } = useFocusIn(isAsking);
  if (!canPush()) return null;
  if (watched.value.has(bottle.id))
    return (
      <button type="button" onClick={() => void unwatch(bottle.id)}>
        {t("watchStop")}
      </button>
    );
  if (!isAsking)
    return (
      <button type="button" ref={opener} onClick={() => setAsking(true)}>
        {t("watch")}
      </button>
    );
  return (
    <div class="watch" role="group" aria-label={t("watch")}>
      <p>{t("watchWhat")}</p>
      <p class="hint">{t("watchCost")}</p>
      <button
        type="button"
        onClick={() => {
          setAsking(false);
          void watch(bottle.id);
        }}
      >
        {t("watchYes")}
      </button>
      <button type="button" ref={inside} onClick={() => setAsking(false)}>
        {t("cancel")}
      </button>
    </div>
  );
}
