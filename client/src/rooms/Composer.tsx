import { useEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "@driftsea/protocol";
import type { MessageTimer, RoomId, WriteId } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";
import { newId } from "../outbox.ts";
import { say } from "../say.ts";
import { TextField } from "../views/TextField.tsx";
import { keep, keptOf } from "./kept.ts";
import { InPassing, useSpan, whoIs } from "./Message.tsx";
import { shrinkPhoto } from "./photo.ts";
import { sayTyping } from "./rooms.ts";
import { sendPhoto, write } from "./sending.ts";
import { answering, slowUntil } from "./state.ts";
import type { OpenRoom } from "./state.ts";

const TIMERS = ["off", "once", "5000", "30000", "300000", "3600000", "86400000"] as const;
type TimerChoice = (typeof TIMERS)[number];

const timerOf = (choice: TimerChoice): MessageTimer | undefined =>
  choice === "off" ? undefined : choice === "once" ? { once: true } : { afterMs: Number(choice) };

const keptChoice = (id: RoomId): TimerChoice =>
  TIMERS.find((one) => one === keptOf(id)?.timer) ?? "off";

/** The place to say something: words, a photo, and how long it may be seen. */
export function Composer({ open }: { open: OpenRoom }) {
  const { room, said } = open;
  const [choice, setChoice] = useState<TimerChoice>(() => keptChoice(room.id));
  const re = answering.value[room.id];
  const answered = re === undefined ? undefined : said.find((one) => one.seq === re);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (re !== undefined) box.current?.querySelector("textarea")?.focus();
  }, [re]);
  return (
    <div ref={box} class="composer">
      {answered && (
        <p class="answering">
          <span>
            {t("answeringTo", { name: whoIs(answered.from, open) })}{" "}
            <InPassing open={open} said={answered} />
          </span>
          <button
            type="button"
            class="icon"
            aria-label={t("notAnswering")}
            onClick={() => (answering.value = { ...answering.value, [room.id]: undefined })}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </p>
      )}
      <TextField
        place={`room:${room.id}`}
        label={t("yourMessage")}
        placeholder={t("messagePlaceholder")}
        most={LIMITS.messageChars}
        submit={t("send")}
        rows={2}
        onType={(text) => sayTyping(room.id, text !== "")}
        onSubmit={(text) => {
          sayTyping(room.id, false);
          return write(room.id, text, timerOf(choice));
        }}
      >
        <div class="tools">
          <label class="timer">
            <span class="unseen">{t("timer")}</span>
            <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
              <circle cx="12" cy="13" r="8" />
              <path d="M12 9v4l2.5 2M9 2h6" />
            </svg>
            <select
              value={choice}
              onChange={(e) => {
                setChoice(e.currentTarget.value as TimerChoice);
                // As long as what was written to go by it may lie in the field.
                keep(room.id, { timer: e.currentTarget.value });
              }}
            >
              {TIMERS.map((one) => (
                <option key={one} value={one}>
                  {t(`timer_${one}`)}
                </option>
              ))}
            </select>
          </label>
          <PhotoPicker id={room.id} timer={timerOf(choice)} />
        </div>
        {choice !== "off" && <p class="hint">{t("photograph")}</p>}
        <Slowness id={room.id} />
      </TextField>
    </div>
  );
}

function Slowness({ id }: { id: RoomId }) {
  const left = useSpan(slowUntil.value[id] ?? 0);
  return left === "" ? null : <p class="hint">{t("slowNow", { span: left })}</p>;
}

interface Picked {
  id: WriteId;
  bytes: Uint8Array<ArrayBuffer>;
  url: string;
}

/** A photo is looked at before it goes, as it will go. It is not kept for later: it needs the line. */
function PhotoPicker({ id, timer }: { id: RoomId; timer: MessageTimer | undefined }) {
  const [picked, setPicked] = useState<Picked | null>(null);
  const [isSending, setSending] = useState(false);
  useEffect(() => () => picked?.url && URL.revokeObjectURL(picked.url), [picked]);
  const pick = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    const bytes = await shrinkPhoto(file);
    if (!bytes) return say({ key: "photoNone" });
    const url = URL.createObjectURL(new Blob([bytes]));
    setPicked({ id: newId(), bytes, url });
  };
  const hand = async (): Promise<void> => {
    if (!picked) return;
    setSending(true);
    const isSent = await sendPhoto(id, picked.id, picked.bytes, timer);
    setSending(false);
    if (isSent) setPicked(null);
  };
  return (
    <>
      <label class="pick">
        <input
          type="file"
          accept="image/*"
          class="unseen"
          onChange={(e) => void pick(e.currentTarget)}
        />
        <span>{t("photo")}</span>
      </label>
      {picked && (
        <div class="preview">
          <img class="photo" src={picked.url} alt={t("photoPreview")} />
          <p class="hint">{t("photoHint")}</p>
          <div class="acts">
            <button type="button" class="primary" disabled={isSending} onClick={() => void hand()}>
              {t(isSending ? "photoSending" : "photoSend")}
            </button>
            <button type="button" disabled={isSending} onClick={() => setPicked(null)}>
              {t("photoCancel")}
            </button>
          </div>
        </div>
      )}
    </>
  );
}
