import { useEffect } from "preact/hooks";
import { LIMITS, cleanText } from "@driftsea/protocol";
import type { BoxId } from "@driftsea/protocol";
import { connection } from "../connection.ts";
import { BackToRiver } from "../feed/BackToRiver.tsx";
import { LeftWords } from "../feed/LeftWords.tsx";
import { t } from "../i18n/index.ts";
import { waiting } from "../outbox.ts";
import { go } from "../route.ts";
import { Sheet } from "../views/Sheet.tsx";
import { TextField } from "../views/TextField.tsx";
import { Answers } from "./Answers.tsx";
import { kept } from "./kept.ts";
import { ask, draftPlace, openBox, reading } from "./reading.ts";

/** Somebody's ask box, as it is behind its link. */
export function AskSheet({ id }: { id: BoxId }) {
  const isReady = connection.value.is === "ready";
  useEffect(() => {
    if (isReady) void openBox(id);
  }, [id, isReady]);
  useEffect(
    () => () => {
      reading.value = null;
    },
    [id],
  );
  const now = reading.value?.box === id ? reading.value : null;
  if (now?.is === "gone") {
    return (
      <Sheet title={t("askTitle")} id="ask-gone" class="small">
        <p class="gift" role="status">
          {t("askGone")}
        </p>
        <LeftWords place={draftPlace(id)} />
        <BackToRiver />
      </Sheet>
    );
  }
  return (
    <Sheet title={t("askTitle")} id={id} class="ask">
      <p class="lead">{t("askLead")}</p>
      {kept.value?.box === id && (
        <div class="acts">
          <button type="button" onClick={() => go({ sheet: "box" })}>
            {t("askOwn")}
          </button>
        </div>
      )}
      {now !== null && !now.isOn ? (
        <>
          <p class="gift" role="status">
            {t("askShut")}
          </p>
          <LeftWords place={draftPlace(id)} />
        </>
      ) : (
        <TextField
          place={draftPlace(id)}
          label={t("askWrite")}
          placeholder={t("askPlaceholder")}
          most={LIMITS.questionChars}
          submit={t("askPut")}
          rows={3}
          onSubmit={(text) => {
            ask(id, cleanText(text));
            return true;
          }}
        />
      )}
      <OnTheirWay box={id} />
      <p class="hint">{t("askPromise")}</p>
      <Answers box={id} />
      <BackToRiver />
    </Sheet>
  );
}

/** What was asked here and has not gone out. */
function OnTheirWay({ box }: { box: BoxId }) {
  const unsent = waiting.value.flatMap((write) =>
    write.name === "ask:ask" && write.payload.box === box ? [write.payload] : [],
  );
  return (
    <>
      {unsent.map(({ id, text }) => (
        <blockquote key={id} class="unsent-question">
          <p class="words">{text}</p>
          <p class="meta">{t("talkUnsent")}</p>
        </blockquote>
      ))}
    </>
  );
}
