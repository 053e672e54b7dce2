import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { inPieces } from "./marks.ts";
import type { Mark } from "./marks.ts";
import "./texts.ts";

const KNOWN: ReadonlySet<string> = new Set([
  "link",
  "email",
  "phone",
  "handle",
  "name",
  "slur",
  "sexual",
  "threat",
  "spam",
  "solicitation",
  "drugs",
  "gambling",
  "repeat",
]);

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
            <small>{t((KNOWN.has(kind) ? `mark_${kind}` : "mark_other") as TextKey)}</small>
          </mark>
        ),
      )}
    </p>
  );
}
