import { useEffect, useState } from "preact/hooks";
import { LIMITS, cleanText } from "@driftsea/protocol";
import type { BoxId, BoxQuestion } from "@driftsea/protocol";
import { connection } from "../connection.ts";
import { draftOf } from "../drafts.ts";
import { BackToRiver } from "../feed/BackToRiver.tsx";
import { isOwningPossible } from "../feed/kept.ts";
import { t } from "../i18n/index.ts";
import { waiting } from "../outbox.ts";
import { CareNote } from "../views/CareNote.tsx";
import { GivenLink } from "../views/GivenLink.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { Sure } from "../views/Sure.tsx";
import { TextField } from "../views/TextField.tsx";
import { WordList } from "../views/WordList.tsx";
import { Answers } from "./Answers.tsx";
import { kept, linkOf, recallBox } from "./kept.ts";
import { answer, answerDraft, closeBox, drop, isNew, look, lookIn, makeBox } from "./owning.ts";
import { muteWord, owning, setOn, unmuteWord } from "./owning.ts";
import { reading } from "./reading.ts";

/** One's own ask box. */
export function BoxSheet() {
  const isReady = connection.value.is === "ready";
  const box = kept.value?.box ?? null;
  useEffect(recallBox, []);
  useEffect(() => {
    if (isReady && box !== null) void lookIn();
  }, [isReady, box]);
  useEffect(
    () => () => {
      reading.value = null;
      owning.value = null;
      look.value = null;
      isNew.value = false;
    },
    [],
  );
  return (
    <Sheet title={t("boxTitle")} id={box ?? "box"} class="ask">
      {box === null ? <NoBox isReady={isReady} /> : <OwnBox box={box} />}
      <BackToRiver />
    </Sheet>
  );
}

function NoBox({ isReady }: { isReady: boolean }) {
  const [isGoing, setGoing] = useState(false);
  const make = async (): Promise<void> => {
    setGoing(true);
    await makeBox();
    setGoing(false);
  };
  return (
    <>
      <div role="status">{look.value === "ended" && <p class="gift">{t("boxEnded")}</p>}</div>
      <p class="lead">{t("boxLead")}</p>
      <p class="hint">{t(isOwningPossible() ? "boxKey" : "boxNoCrypto")}</p>
      {isOwningPossible() && (
        <div class="acts">
          <button
            type="button"
            class="primary"
            disabled={!isReady || isGoing}
            onClick={() => void make()}
          >
            {t("boxMake")}
          </button>
        </div>
      )}
    </>
  );
}

function OwnBox({ box }: { box: BoxId }) {
  const now = owning.value;
  return (
    <>
      <details open={isNew.value}>
        <summary>{t("boxLink")}</summary>
        <p class="hint">{t("boxLinkText")}</p>
        <GivenLink link={linkOf(box)} />
      </details>
      {look.value === "failed" && (
        <div class="acts" role="status">
          <p>{t("boxFailed")}</p>
          <button type="button" onClick={() => void lookIn()}>
            {t("placeRetry")}
          </button>
        </div>
      )}
      {now !== null && (
        <>
          <label class="tick">
            <input
              type="checkbox"
              checked={now.isOn}
              onChange={(e) => void setOn(e.currentTarget.checked)}
            />
            <span>{t("boxOn")}</span>
          </label>
          <Questions questions={now.questions} isOn={now.isOn} />
        </>
      )}
      <Answers
        box={box}
        act={({ id }) => (
          <div class="acts">
            <Sure
              label={t("boxWithdraw")}
              sure={t("boxWithdrawSure")}
              onSure={() => void drop(id)}
            />
          </div>
        )}
      />
      {now !== null && (
        <>
          <WordList
            title={t("boxWords")}
            text={t("boxWordsText")}
            words={now.mutedWords}
            most={LIMITS.mutedWords}
            onAdd={muteWord}
            onRemove={unmuteWord}
          />
          <p class="hint">{t("boxEnds", { time: now.expiresAt })}</p>
        </>
      )}
      <div class="acts">
        <Sure label={t("boxClose")} sure={t("boxCloseSure")} onSure={() => void closeBox()} />
      </div>
    </>
  );
}

function Questions({ questions, isOn }: { questions: readonly BoxQuestion[]; isOn: boolean }) {
  const onTheirWay = new Set(
    waiting.value.flatMap((write) =>
      write.name === "ask:answer" ? [write.payload.questionId] : [],
    ),
  );
  const isUsed = (reading.value?.answers.length ?? 0) > 0;
  const shown = questions.filter(({ id }) => !onTheirWay.has(id));
  return (
    <section aria-labelledby="questions">
      <h3 id="questions">{t("boxQuestions")}</h3>
      <p class="unseen" role="status">
        {shown.length > 0 ? t("boxWaiting", { count: shown.length }) : ""}
      </p>
      {questions.length === 0 && (
        <p class="empty">{t(!isOn ? "boxNoneShut" : isUsed ? "boxNoneLeft" : "boxNone")}</p>
      )}
      <ul class="list">
        {shown.map((one) => (
          <Question key={one.id} question={one} />
        ))}
      </ul>
      {onTheirWay.size > 0 && <p class="hint">{t("boxOnTheirWay")}</p>}
    </section>
  );
}

function Question({ question }: { question: BoxQuestion }) {
  const { id, text, age } = question;
  // Also where an answer has come back.
  const [isOpen, setOpen] = useState(draftOf(answerDraft(id)) !== "");
  return (
    <li class="box-question">
      <p class="words" id={`asked-${id}`}>
        {text}
      </p>
      <p class="meta">{t(`ago_${age}`)}</p>
      <CareNote of="reader" care={question.care} />
      {isOpen && (
        <TextField
          place={answerDraft(id)}
          label={t("boxWrite")}
          placeholder={t("boxPlaceholder")}
          most={LIMITS.answerChars}
          submit={t("boxPublish")}
          rows={3}
          onSubmit={(words) => {
            answer(question, cleanText(words));
            return true;
          }}
        />
      )}
      <div class="acts">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-describedby={`asked-${id}`}
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? "cancel" : "boxAnswer")}
        </button>
        <Sure label={t("boxDrop")} sure={t("boxDropSure")} onSure={() => void drop(id)} />
      </div>
    </li>
  );
}
