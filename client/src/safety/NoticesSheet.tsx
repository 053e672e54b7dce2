import { useState } from "preact/hooks";
import { LIMITS } from "@driftsea/protocol";
import { keepDraft } from "../drafts.ts";
import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";
import { Sheet } from "../views/Sheet.tsx";
import { TextField } from "../views/TextField.tsx";
import { appeal, notices, putAway } from "./notices.ts";
import type { Notice } from "./notices.ts";
import { whyOf } from "./penalties.ts";

/** What of one's own was looked at, and how it stands. */
export function NoticesSheet() {
  const shown = notices.value.filter((one) => one.isAway !== true);
  return (
    <Sheet title={t("noticesTitle")} id="notices">
      <p class="lead">{t("noticesLead")}</p>
      {shown.length === 0 && <p class="empty">{t("noticesNone")}</p>}
      <ul class="list">
        {shown.map((one) => (
          <One key={one.id} notice={one} />
        ))}
      </ul>
    </Sheet>
  );
}

const KINDS = new Set(["bottle", "thread", "room", "secret", "comment", "letter", "title", "ask"]);

function One({ notice }: { notice: Notice }) {
  const { id, kind, state, reason, mayAppeal } = notice;
  const [isOpen, setOpen] = useState(false);
  const place = `appeal:${id}`;
  const hand = async (text: string): Promise<void> => {
    if (!(await appeal(notice, text))) return;
    keepDraft(place, "");
    setOpen(false);
  };
  const what = t(`kind_of_${KINDS.has(kind) ? kind : "other"}` as TextKey);
  return (
    <li class="notice">
      <p>{t(`notice_${state}`, { what, why: whyOf(reason) })}</p>
      {state === "hidden" && !mayAppeal && <p class="hint">{t("appealSaid")}</p>}
      {isOpen && mayAppeal && (
        <TextField
          place={place}
          label={t("appealYours")}
          placeholder={t("appealPlaceholder")}
          most={LIMITS.noteChars}
          submit={t("appealSend")}
          rows={3}
          onSubmit={(text) => {
            void hand(text);
            return false;
          }}
        />
      )}
      <div class="acts">
        {mayAppeal && (
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {t(isOpen ? "cancel" : "appealBegin")}
          </button>
        )}
        {state !== "hidden" && (
          <button type="button" onClick={() => putAway(id)}>
            {t("noticeAway")}
          </button>
        )}
      </div>
    </li>
  );
}
