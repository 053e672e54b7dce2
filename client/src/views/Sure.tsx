import { useState } from "preact/hooks";
import { t } from "../i18n/index.ts";

/** A thing that cannot be undone asks once more, in the same place. */
export function Sure(props: { label: string; sure: string; onSure: () => void }) {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <button type="button" onClick={() => setAsking(true)}>
        {props.label}
      </button>
    );
  }
  return (
    <span class="sure" role="group" aria-label={props.sure}>
      <span>{props.sure}</span>
      <button
        type="button"
        class="danger"
        onClick={() => {
          setAsking(false);
          props.onSure();
        }}
      >
        {props.label}
      </button>
      <button type="button" onClick={() => setAsking(false)}>
        {t("cancel")}
      </button>
    </span>
  );
}
