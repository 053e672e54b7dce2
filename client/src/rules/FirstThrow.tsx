import { t } from "../i18n/index.ts";
import { seaRules } from "./rules.ts";

/** Two sentences, with the very first throw. */
export function FirstThrow() {
  const { minAge } = seaRules();
  return (
    <div class="first-throw">
      <p>{minAge > 0 ? t("firstThrowAge", { age: minAge }) : t("firstThrow")}</p>
      <a href="#/rules">{t("rulesTitle")}</a>
    </div>
  );
}
