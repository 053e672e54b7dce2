import "../styles/safety.css";
import { MARK_KINDS } from "@driftsea/protocol/screening";
import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { inPieces } from "./marks.ts";
import type { Mark } from "./marks.ts";
import "./texts.ts";

/** The word for what something was marked as: a newer server may mark more than this page knows. */
function wordFor(kind: string): TextKey {
  const known = MARK_KINDS.find((one) => one === kind);
  return known === undefined || known === "crisis" ? "mark_other" : `mark_${known}`;
}

/** A text in which what should be looked at again is marked, each with a word for what it is. */
export function MarkedText({ text, marks }: { text: string; marks: readonly Mark[] }) {
  return (
    <p class="words marked">
      {inPieces(text, marks).map(({ text: piece, kind }, i) =>
        // Words of crisis are nothing that has to go.
        kind === null || kind === "crisis" ? (
          <span key={i}>{piece}</span>
        ) : (
          <mark key={i}>
            {piece}
            <small>{t(wordFor(kind))}</small>
          </mark>
        ),
      )}
    </p>
  );
}
