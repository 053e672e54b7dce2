import { useState } from "preact/hooks";
import { REPORT_REASONS } from "@driftsea/protocol";
import type { ReportReason } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { intoView } from "../views/Sheet.tsx";

/** The two things one can do about a stranger, wherever one meets him; where nobody is met, one of them. */
export function ReportAndBlock(props: {
  onReport: (reason: ReportReason) => void;
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
        <fieldset class="reasons" ref={intoView}>
          <legend>{t("reportWhy")}</legend>
          {REPORT_REASONS.map((reason) => (
            <button
              key={reason}
              type="button"
              onClick={() => {
                setOpen(false);
                props.onReport(reason);
              }}
            >
              {t(`reason_${reason}` as TextKey)}
            </button>
          ))}
        </fieldset>
      )}
    </>
  );
}
