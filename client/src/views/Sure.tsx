import { useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { useFocusIn } from "./focus.ts";

/** A thing that cannot be undone asks once more, in the same place. Who presses Enter twice cancels it. */
export function Sure(props: { label: string; sure: string; onSure: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const { opener, inside } = useFocusIn(isAsking);
  if (!isAsking) {
    return (
      <button type="button" ref={opener} onClick={() => setAsking(true)}>
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
      <button type="button" ref={inside} onClick={() => setAsking(false)}>
        {t("cancel")}
      </button>
    </span>
  );
}
