import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { BACKGROUNDS, LIMITS, cleanText, countChars, textFault } from "@driftsea/protocol";
import { connection } from "../connection.ts";
import { draftOf, keepDraft } from "../drafts.ts";
import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { shrinkPhoto } from "../rooms/photo.ts";
import { say } from "../say.ts";
import { BesideWriting } from "../views/BesideWriting.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { NEAR_END, overOf } from "../views/TextField.tsx";
import { Marked, Told } from "./AfterTelling.tsx";
import { BackToRiver } from "./BackToRiver.tsx";
import { Light } from "./Lantern.tsx";
import { COMMENTS, ICONS, IDENTITIES, choices, choose, formOf, pick, picked } from "./form.ts";
import { isOwningPossible } from "./kept.ts";
import { isSpaced, rareWords } from "./rare.ts";
import { refreshCircle } from "./river.ts";
import { circle } from "./state.ts";
import { DRAFT, isBusy, tell, telling } from "./telling.ts";
import { mine, refreshWhereabouts, titleOf } from "./whereabouts.ts";

const IDENTITY_TEXT = { once: "tellOnce", pseudonym: "tellPseudonym" } as const;
const COMMENTS_TEXT = { circle: "tellByCircle", anyone: "tellByAnyone" } as const;
const ICONS_TEXT = { steady: "tellSteady", fresh: "tellFresh" } as const;

/** An empty lantern, to be written on as it will be seen. */
export function TellSheet() {
  const isReady = connection.value.is === "ready";
  useEffect(() => {
    if (!isReady) return;
    void refreshCircle();
    void refreshWhereabouts();
  }, [isReady]);
  useEffect(
    () => () => {
      if (telling.peek().is === "told") telling.value = { is: "writing" };
    },
    [],
  );
  const now = telling.value;
  if (!isOwningPossible()) {
    return (
      <Sheet title={t("tellTitle")} id="tell-not" class="small">
        <p class="gift">{t("tellNoCrypto")}</p>
        <BackToRiver />
      </Sheet>
    );
  }
  if (now.is === "told") return <Told now={now} />;
  if (now.is === "marked") return <Marked now={now} />;
  return <Writing isReady={isReady} />;
}

function Writing({ isReady }: { isReady: boolean }) {
  const raw = draftOf(DRAFT);
  const text = cleanText(raw);
  const rest = LIMITS.secretChars - countChars(text);
  const over = overOf(raw, LIMITS.secretChars);
  const isFit = textFault(raw, LIMITS.secretChars) === undefined;
  const { background, identity } = choices.value;
  const send = (event: Event): void => {
    event.preventDefault();
    if (isFit && isReady && !isBusy.peek()) void tell(formOf(text), null);
  };
  return (
    <Sheet title={t("tellTitle")} id="tell" class="telling">
      <form onSubmit={send}>
        <Light
          text={text}
          background={background}
          photoUrl={picked.value?.url}
          label="circle"
          below={
            <>
              <Prompt isShown={raw === ""} />
              <span
                class={over === "" ? "on-light left" : "on-light left over"}
                {...(over !== "" || rest < NEAR_END ? { role: "status" } : {})}
              >
                {over || t("tellLeft", { count: rest })}
              </span>
            </>
          }
        >
          <Words raw={raw} isOver={over !== ""} onHand={send} />
        </Light>
        <div class="below-light">
          <Paints />
          <Photo />
          <HowMany />
          <Rare text={text} />
          <Chips
            legend="tellWho"
            name="identity"
            all={IDENTITIES}
            texts={IDENTITY_TEXT}
            chosen={identity}
            onChoose={(one) => choose({ identity: one })}
          />
          <p class="hint">{t(identity === "once" ? "tellOnceHint" : "tellPseudonymHint")}</p>
          <Here />
          <details>
            <summary>{t("more")}</summary>
            <Chips
              legend="tellComments"
              name="comments"
              all={COMMENTS}
              texts={COMMENTS_TEXT}
              chosen={choices.value.comments}
              onChoose={(one) => choose({ comments: one })}
            />
            <Chips
              legend="tellIcons"
              name="icons"
              all={ICONS}
              texts={ICONS_TEXT}
              chosen={choices.value.icons}
              onChoose={(one) => choose({ icons: one })}
            />
            <label class="tick">
              <input
                type="checkbox"
                checked={choices.value.isAsking}
                onChange={(e) => choose({ isAsking: e.currentTarget.checked })}
              />
              <span>{t("tellPoll")}</span>
            </label>
          </details>
          <button type="submit" class="primary wide" disabled={!isFit || !isReady || isBusy.value}>
            {t(isBusy.value ? "tellSending" : "tellGo")}
          </button>
          <BesideWriting place={DRAFT} />
          <BackToRiver />
        </div>
      </form>
    </Sheet>
  );
}

/** Beside one's circle, those who are where one has said that one is. */
function Here() {
  if (mine.value === null) return null;
  return (
    <>
      <label class="tick">
        <input
          type="checkbox"
          checked={choices.value.isHere}
          aria-describedby="tell-here"
          onChange={(e) => choose({ isHere: e.currentTarget.checked })}
        />
        <span>{t("tellHere", { place: titleOf(mine.value) })}</span>
      </label>
      <p class="hint" id="tell-here">
        {t("tellHereHint")}
      </p>
    </>
  );
}

const promptsOf = (): string[] => t("prompts").split("|");
/** Which prompt stands on the empty sheet. */
const promptNow = signal(Math.floor(Math.random() * promptsOf().length));

/** Grows with its words, and is one of them: a plain place on the painted ground. */
function Words(props: { raw: string; isOver: boolean; onHand: (event: Event) => void }) {
  return (
    <textarea
      class="on-lantern"
      aria-label={t("tellWords")}
      aria-invalid={props.isOver}
      placeholder={promptsOf()[promptNow.value]}
      rows={5}
      value={props.raw}
      onInput={(event) => keepDraft(DRAFT, event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) props.onHand(event);
      }}
    />
  );
}

function Prompt({ isShown }: { isShown: boolean }) {
  if (!isShown) return <span />;
  return (
    <button
      type="button"
      class="on-light another"
      onClick={() => (promptNow.value = (promptNow.peek() + 1) % promptsOf().length)}
    >
      {t("tellPrompt")}
    </button>
  );
}

function Paints() {
  return (
    <fieldset class="paints">
      <legend>{t("tellPaint")}</legend>
      {BACKGROUNDS.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name="paint"
            aria-label={t(`paint_${one}`)}
            checked={choices.value.background === one && picked.value === null}
            onChange={() => {
              pick(null);
              choose({ background: one });
            }}
          />
          <span class={`light paint-${one} of-circle`} aria-hidden="true" />
        </label>
      ))}
    </fieldset>
  );
}

function Photo() {
  const take = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    const bytes = await shrinkPhoto(file);
    if (!bytes) return say({ key: "photoNone" });
    pick({ bytes, url: URL.createObjectURL(new Blob([bytes])) });
  };
  return (
    <div class="tools">
      <label class="pick">
        <input
          type="file"
          accept="image/*"
          class="unseen"
          onChange={(e) => void take(e.currentTarget)}
        />
        <span>{t("tellPhoto")}</span>
      </label>
      {picked.value && (
        <>
          <button type="button" onClick={() => pick(null)}>
            {t("photoCancel")}
          </button>
          <p class="hint">{t("photoHint")}</p>
        </>
      )}
    </div>
  );
}

function HowMany() {
  if (circle.value === null) return null;
  const { couldWrite } = circle.value;
  return (
    <p class="could">
      {couldWrite === "few" ? t("tellCouldFew") : t("tellCould", { count: couldWrite })}
    </p>
  );
}

function Rare({ text }: { text: string }) {
  if (text === "") return null;
  if (!isSpaced(text)) return <p class="hint">{t("tellRareNot")}</p>;
  const words = rareWords(text);
  if (words.length === 0) return null;
  return (
    <div class="rare">
      <p>{t("tellRare", { words: words.join(", ") })}</p>
      <p class="hint">{t("tellRareHint")}</p>
    </div>
  );
}

interface ChipsProps<T extends string> {
  legend: TextKey;
  name: string;
  all: readonly T[];
  texts: Record<T, TextKey>;
  chosen: T;
  onChoose: (one: T) => void;
}

function Chips<T extends string>(props: ChipsProps<T>) {
  return (
    <fieldset class="chips">
      <legend>{t(props.legend)}</legend>
      {props.all.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name={props.name}
            checked={props.chosen === one}
            onChange={() => props.onChoose(one)}
          />
          <span>{t(props.texts[one])}</span>
        </label>
      ))}
    </fieldset>
  );
}
