import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { go, putDown } from "../route.ts";
import { isSpent, quotas } from "../session/session.ts";
import { Sheet } from "../views/Sheet.tsx";
import { catchBottle, haul } from "./catching.ts";

/** What the line brought up where it was no bottle. An empty catch is a small gift, or a way on. */
export function CatchSheet() {
  const caught = haul.value;
  const isCreature = caught.is === "creature";
  const text = isCreature ? t(`creature_${caught.creature}` as TextKey) : t("calmText");
  return (
    <Sheet title={t(isCreature ? "creatureTitle" : "calmTitle")} id={caught.is} class="small">
      <p class="gift" role="status">
        {text}
      </p>
      <div class="acts">
        {isCreature ? (
          <button type="button" onClick={putDown}>
            {t("fine")}
          </button>
        ) : (
          <button type="button" onClick={() => go({ sheet: "throw" })}>
            {t("throwOne")}
          </button>
        )}
        <button
          type="button"
          class="primary"
          disabled={isSpent(quotas.value?.catches)}
          onClick={() => void catchBottle()}
        >
          {t("again")}
        </button>
      </div>
    </Sheet>
  );
}
