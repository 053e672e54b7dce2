import { useLayoutEffect, useRef } from "preact/hooks";
import type { AnyWrite } from "../outbox.ts";
import { t } from "../i18n/index.ts";
import { placeOf, textOf } from "../writes.ts";
import { MarkedText } from "./MarkedText.tsx";
import { asked, forgetAsked, layBack, sendAllTheSame } from "./asking.ts";
import { held, letGo } from "./held.ts";
import type { Held } from "./held.ts";

interface BesideProps {
  place: string;
  /** The words are to be changed, where the field for them is not beside this. */
  onChange?: (write: AnyWrite) => void;
}

/** What stands beside a place to write: words that came back, and words that somebody looks at first. */
export function Beside({ place, onChange }: BesideProps) {
  const waiting = held.value.filter(({ write }) => placeOf(write) === place);
  const takeBack = (write: Held["write"], button: Element): void => {
    const field = button.closest("form")?.querySelector("textarea");
    letGo(write);
    layBack(write);
    if (field) field.focus();
    else onChange?.(write);
  };
  return (
    <>
      <Returned place={place} onChange={onChange} />
      {waiting.map(({ write }) => (
        <div key={write.payload.id} class="held-text">
          <p class="words">{textOf(write)}</p>
          <p class="hint" role="status">
            {t("heldHint")}
          </p>
          <div class="acts">
            <button type="button" onClick={(e) => takeBack(write, e.currentTarget)}>
              {t("heldTakeBack")}
            </button>
          </div>
        </div>
      ))}
    </>
  );
}

function Returned({ place, onChange }: BesideProps) {
  const one = asked.value[place];
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.scrollIntoView({ block: "nearest" }), [one]);
  if (!one) return null;
  const { write, marks, mayGo } = one;
  const change = (): void => {
    const field = box.current?.closest("form")?.querySelector("textarea");
    forgetAsked(place);
    if (field) field.focus();
    else onChange?.(write);
  };
  return (
    <div ref={box} class="came-back" role="group" aria-label={t("askedTitle")}>
      <p role="status">{t(mayGo ? "askedMay" : "askedNot")}</p>
      <MarkedText text={textOf(write)} marks={marks} />
      <div class="acts">
        <button type="button" class="primary" onClick={change}>
          {t("markedChange")}
        </button>
        {mayGo && (
          <button type="button" onClick={() => sendAllTheSame(place)}>
            {t("askedAllTheSame")}
          </button>
        )}
      </div>
    </div>
  );
}
