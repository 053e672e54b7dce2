import type { Persona } from "@driftsea/protocol";
import { nameOf, t } from "../i18n/index.ts";
import { go } from "../route.ts";
import { Avatar } from "../views/Avatar.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { Sure } from "../views/Sure.tsx";
import { forgetMe } from "./forgetting.ts";

/** What this is, the way to what is done with what, and the way out. */
export function AboutSheet({ self }: { self: Omit<Persona, "id"> | null }) {
  return (
    <Sheet title={t("about")} id="about">
      {self && (
        <p class="who">
          <Avatar persona={self} /> {nameOf(self)}
        </p>
      )}
      <p>{t("aboutWhat")}</p>
      <div class="acts">
        <button type="button" class="primary" onClick={() => go({ sheet: "rules" })}>
          {t("rulesTitle")}
        </button>
        <button type="button" onClick={() => go({ sheet: "care" })}>
          {t("careTitle")}
        </button>
        <button type="button" onClick={() => go({ sheet: "notices" })}>
          {t("noticesTitle")}
        </button>
      </div>
      <h3>{t("forget")}</h3>
      <p class="hint">{t("forgetHint")}</p>
      <div class="acts">
        <Sure label={t("forget")} sure={t("forgetSure")} onSure={() => void forgetMe()} />
      </div>
    </Sheet>
  );
}
