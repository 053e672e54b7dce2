import { useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { muteWord, mutedWords, unmuteWord } from "./muted.ts";

/** Words that one does not want to read. They stay in this browser. */
export function MutedWords() {
  const [word, setWord] = useState("");
  return (
    <details class="muted-words">
      <summary>{t("wordsTitle")}</summary>
      <p class="hint">{t("wordsText")}</p>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          muteWord(word);
          setWord("");
        }}
      >
        <label>
          {t("wordsAdd")}
          <input
            type="text"
            value={word}
            maxLength={40}
            autocomplete="off"
            onInput={(e) => setWord(e.currentTarget.value)}
          />
        </label>
        <div class="acts">
          <button type="submit" disabled={word.trim() === ""}>
            {t("wordsMute")}
          </button>
        </div>
      </form>
      <ul class="words-muted">
        {mutedWords.value.map((one) => (
          <li key={one}>
            <button
              type="button"
              aria-label={t("wordsUnmute", { word: one })}
              onClick={() => unmuteWord(one)}
            >
              {one} <span aria-hidden="true">✕</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
