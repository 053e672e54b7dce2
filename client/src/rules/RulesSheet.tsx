import { hasAgreed, takeBackAgreement } from "../bottles/agreeing.ts";
import { t } from "../i18n/index.ts";
import { go } from "../route.ts";
import { Sheet } from "../views/Sheet.tsx";
import { chaptersOf } from "./chapters.ts";
import type { Statement } from "./chapters.ts";
import { lifeOf } from "./life.ts";
import { seaRules } from "./rules.ts";

function inWords({ key, values = {} }: Statement): string {
  const said = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === "number" ? value : lifeOf(value.ms),
  ]);
  return t(key, Object.fromEntries(said) as Record<string, string | number>);
}

/** What is done with what. */
export function RulesSheet() {
  return (
    <Sheet title={t("rulesTitle")} id="rules" class="rules">
      <p class="lead">{t("rulesLead")}</p>
      {chaptersOf(seaRules()).map(({ title, says }) => (
        <section key={title} aria-labelledby={title}>
          <h3 id={title}>{t(title)}</h3>
          <ul class="says">
            {says.map((one) => (
              <li key={one.key}>{inWords(one)}</li>
            ))}
          </ul>
        </section>
      ))}
      <div class="acts">
        {hasAgreed.value && (
          <>
            <p class="hint wide">{t("rulesAgreed")}</p>
            <button type="button" onClick={takeBackAgreement}>
              {t("rulesTakeBack")}
            </button>
          </>
        )}
        <button type="button" onClick={() => go({ sheet: "about" })}>
          {t("about")}
        </button>
      </div>
    </Sheet>
  );
}
