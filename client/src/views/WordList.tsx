import { useState } from "preact/hooks";
import { LIMITS } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";

interface WordListProps {
  title: string;
  text: string;
  words: readonly string[];
  /** Then none can be added; no limit where it is not said. */
  most?: number;
  onAdd: (word: string) => void;
  onRemove: (word: string) => void;
}

/** Words that one does not want to read. */
export function WordList(props: WordListProps) {
  const { title, text, words, most = Infinity, onAdd, onRemove } = props;
  const [word, setWord] = useState("");
  return (
    <details class="muted-words">
      <summary>{title}</summary>
      <p class="hint">{text}</p>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          onAdd(word);
          setWord("");
        }}
      >
        <label>
          {t("wordsAdd")}
          <input
            type="text"
            value={word}
            maxLength={LIMITS.mutedWordChars}
            autocomplete="off"
            onInput={(e) => setWord(e.currentTarget.value)}
          />
        </label>
        <div class="acts">
          <button type="submit" disabled={word.trim() === "" || words.length >= most}>
            {t("wordsMute")}
          </button>
        </div>
      </form>
      <ul class="words-muted">
        {words.map((one) => (
          <li key={one}>
            <button
              type="button"
              aria-label={t("wordsUnmute", { word: one })}
              onClick={() => onRemove(one)}
            >
              {one} <span aria-hidden="true">✕</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
