import { useEffect } from "preact/hooks";
import { LIMITS, cleanText, publicCount } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";
import { hole, refreshPlaces, silenceMs } from "../places.ts";
import { ReportAndBlock } from "../safety/ReportAndBlock.tsx";
import { block, report } from "../safety/safety.ts";
import { CareNote } from "../views/CareNote.tsx";
import { Ring } from "../views/Ring.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { TextField } from "../views/TextField.tsx";
import { inHand, readLetter, writeLetter } from "./hole.ts";

/** The old tree: one countdown for everybody, letters from nobody to nobody. */
export function HoleSheet() {
  useEffect(() => {
    void refreshPlaces();
    return () => {
      inHand.value = null;
    };
  }, []);
  const status = hole.value;
  const isEmpty = status === null || status.letters === 0;
  return (
    <Sheet title={t("place_tree")} id="tree">
      <p class="lead">{t("holeIntro")}</p>
      {status &&
        (isEmpty ? (
          <p class="gift">{t("holeEmpty")}</p>
        ) : (
          <p class="hole-state">
            <Ring
              until={status.deadlineAt}
              wholeMs={silenceMs.value}
              text="holeLeft"
              ends="holeEnds"
            />
            <span class="meta">{t("holeLetters", { count: publicCount(status.letters) })}</span>
          </p>
        ))}
      <InHand isEmpty={isEmpty} />
      <TextField
        place="hole"
        label={t("holeWrite")}
        placeholder={t("holePlaceholder")}
        most={LIMITS.letterChars}
        submit={t("holePut")}
        onSubmit={(text) => {
          writeLetter(cleanText(text));
          return true;
        }}
      />
      <p class="hint">{t("holeRule")}</p>
    </Sheet>
  );
}

function InHand({ isEmpty }: { isEmpty: boolean }) {
  const letter = inHand.value;
  return (
    <section class="in-hand" aria-label={t("letterTitle")}>
      <div role="status">
        {letter === "nothing" && <p class="empty">{t("holeNothing")}</p>}
        {letter !== null && letter !== "nothing" && (
          <blockquote class="letter">
            <p>{letter.text}</p>
            <footer>{t(`age_${letter.age}`)}</footer>
          </blockquote>
        )}
      </div>
      {letter !== null && letter !== "nothing" && (
        <CareNote key={letter.id} of="reader" care={letter.care} />
      )}
      <div class="acts">
        <button type="button" class="primary" disabled={isEmpty} onClick={() => void readLetter()}>
          {t(letter === null || letter === "nothing" ? "holeRead" : "holeAnother")}
        </button>
        {letter !== null && letter !== "nothing" && (
          <>
            <button type="button" onClick={() => (inHand.value = null)}>
              {t("holePutDown")}
            </button>
            <ReportAndBlock
              key={letter.id}
              onReport={(...what) => report({ kind: "letter", id: letter.id }, ...what)}
              onBlock={() => {
                const target = { kind: "letter", id: letter.id } as const;
                // Where it was not done, one may try again; and another may lie there by then.
                void block(target).then((isBlocked) => {
                  if (isBlocked && inHand.peek() === letter) inHand.value = null;
                });
              }}
            />
          </>
        )}
      </div>
    </section>
  );
}
