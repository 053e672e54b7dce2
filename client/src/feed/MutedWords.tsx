import { t } from "../i18n/index.ts";
import { WordList } from "../views/WordList.tsx";
import { muteWord, mutedWords, unmuteWord } from "./muted.ts";

/** Words that one does not want to read. They stay in this browser. */
export function MutedWords() {
  return (
    <WordList
      title={t("wordsTitle")}
      text={t("wordsText")}
      words={mutedWords.value}
      onAdd={muteWord}
      onRemove={unmuteWord}
    />
  );
}
