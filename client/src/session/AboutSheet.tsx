import { nameOf, t } from "../i18n/index.ts";
import { Avatar } from "../views/Avatar.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { Sure } from "../views/Sure.tsx";
import { forgetMe, self } from "./session.ts";

/** What is kept, what never is, and what nobody can promise. */
export function AboutSheet() {
  return (
    <Sheet title={t("aboutTitle")} id="about">
      {self.value && (
        <p class="who">
          <Avatar persona={self.value} /> {nameOf(self.value)}
        </p>
      )}
      <p>{t("aboutWhat")}</p>
      <h3>{t("aboutKeptTitle")}</h3>
      <p>{t("aboutKept")}</p>
      <h3>{t("aboutNeverTitle")}</h3>
      <p>{t("aboutNever")}</p>
      <h3>{t("aboutNotTitle")}</h3>
      <p>{t("aboutNot")}</p>
      <div class="acts">
        <Sure label={t("forget")} sure={t("forgetSure")} onSure={() => void forgetMe()} />
        <p class="hint wide">{t("forgetHint")}</p>
      </div>
    </Sheet>
  );
}
