import { draftOf } from "../drafts.ts";
import { t } from "../i18n/index.ts";

/** What somebody was writing where nothing can be written any more: to be read, and to be copied. */
export function LeftWords({ place }: { place: string }) {
  const text = draftOf(place);
  if (text === "") return null;
  return (
    <>
      <p class="hint">{t("wordsLeft")}</p>
      <p class="words">{text}</p>
    </>
  );
}
