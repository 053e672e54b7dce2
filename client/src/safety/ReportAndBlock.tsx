import { useState } from "preact/hooks";
import type { ReportReason } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";
import { parts } from "../parts.ts";
import { Part } from "../views/Part.tsx";
import type { ReportMore } from "./ReportPanel.tsx";

/** The two things one can do about a stranger, wherever one meets him; where nobody is met, one of them. */
export function ReportAndBlock(props: {
  isSealed?: boolean;
  onReport: (reason: ReportReason, more: ReportMore) => void;
  onBlock?: () => void;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t("report")}
      </button>
      {props.onBlock && (
        <button type="button" title={t("blockHint")} onClick={props.onBlock}>
          {t("block")}
        </button>
      )}
      {isOpen && (
        <Part of={parts.safety}>
          {({ ReportPanel }) => (
            <ReportPanel
              isSealed={props.isSealed ?? false}
              onReport={(reason, more) => {
                setOpen(false);
                props.onReport(reason, more);
              }}
            />
          )}
        </Part>
      )}
    </>
  );
}
