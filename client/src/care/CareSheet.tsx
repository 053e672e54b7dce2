import { useEffect } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { parts } from "../parts.ts";
import { Sheet } from "../views/Sheet.tsx";
import { Lines } from "./CareCard.tsx";
import { caring } from "./caring.ts";

/** The same lines, for whoever looks for them. */
export function CareSheet() {
  useEffect(() => {
    void parts.rules.load();
    return () => {
      if (caring.peek() === "throw") caring.value = null;
    };
  }, []);
  // It was opened by what one has just thrown.
  const isOfOwn = caring.value === "throw";
  return (
    <Sheet title={t("careTitle")} id="care" class="care-sheet">
      <p class="lead">{t(isOfOwn ? "careToWriter" : "careLead")}</p>
      <Lines />
    </Sheet>
  );
}
