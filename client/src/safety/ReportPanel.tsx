import { useState } from "preact/hooks";
import { LIMITS, REPORT_REASONS, cleanText, textFault } from "@driftsea/protocol";
import type { ReportReason } from "@driftsea/protocol";
import { draftOf, keepDraft } from "../drafts.ts";
import { t } from "../i18n/index.ts";
import { intoView } from "../views/Sheet.tsx";
import { Rest } from "../views/TextField.tsx";
import { NOTE } from "./safety.ts";

export interface ReportMore {
  note?: string;
}

interface ReportPanelProps {
  /** It was sealed: what is reported is handed over as it was opened here. */
  isSealed?: boolean;
  title?: string;
  onReport: (reason: ReportReason, more: ReportMore) => void;
}

/** What is wrong: one press on a reason sends it, with a word more where one was written. */
export function ReportPanel({ isSealed = false, title, onReport }: ReportPanelProps) {
  const note = draftOf(NOTE);
  // What goes along is seen.
  const [isBegun] = useState(note !== "");
  const clean = cleanText(note);
  const isFit = clean === "" || textFault(note, LIMITS.noteChars) === undefined;
  return (
    <fieldset class="reasons" ref={intoView}>
      <legend>{title ?? t("reportWhy")}</legend>
      {isSealed && <p class="hint">{t("reportSealed")}</p>}
      <details open={isBegun}>
        <summary>{t("reportMore")}</summary>
        <textarea
          aria-label={t("reportNote")}
          rows={2}
          value={note}
          aria-invalid={!isFit}
          onInput={(e) => keepDraft(NOTE, e.currentTarget.value)}
        />
        <Rest text={note} most={LIMITS.noteChars} />
      </details>
      {REPORT_REASONS.map((reason) => (
        <button
          key={reason}
          type="button"
          disabled={!isFit}
          onClick={() => {
            keepDraft(NOTE, "");
            onReport(reason, clean === "" ? {} : { note: clean });
          }}
        >
          {t(`reason_${reason}`)}
        </button>
      ))}
      <p class="hint">{t("reportThen")}</p>
    </fieldset>
  );
}
