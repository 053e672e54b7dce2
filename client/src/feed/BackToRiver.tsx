import { t } from "../i18n/index.ts";
import { go } from "../route.ts";

/** The way from anywhere around it back to the river. */
export function BackToRiver() {
  return (
    <button type="button" class="back" onClick={() => go({ sheet: "river" })}>
      <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
        <path d="M14 6l-6 6 6 6" />
      </svg>
      {t("riverBack")}
    </button>
  );
}
