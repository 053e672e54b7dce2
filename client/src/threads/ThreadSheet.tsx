import { useEffect, useRef } from "preact/hooks";
import { LIMITS, cleanText } from "@driftsea/protocol";
import type { ThreadId } from "@driftsea/protocol";
import { Words } from "../bottles/Words.tsx";
import { connection } from "../connection.ts";
import { clockTime, nameOf, t } from "../i18n/index.ts";
import { waiting } from "../outbox.ts";
import { ReportAndBlock } from "../safety/ReportAndBlock.tsx";
import { block, report } from "../safety/safety.ts";
import { Avatar } from "../views/Avatar.tsx";
import { CareNote } from "../views/CareNote.tsx";
import { Gone } from "../views/Gone.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { Sure } from "../views/Sure.tsx";
import { TextField } from "../views/TextField.tsx";
import {
  areThreadsRead,
  leaveThread,
  markRead,
  muteThread,
  readOn,
  sayTyping,
  threads,
  writeLetter,
} from "./threads.ts";

/** A conversation of two, read like letters. */
export function ThreadSheet({ id }: { id: ThreadId }) {
  const open = threads.value.get(id);
  const isReady = connection.value.is === "ready";
  const end = useRef<HTMLDivElement>(null);
  const unsent = waiting.value.filter(
    (write) =>
      write.name === "thread:send" &&
      write.payload.threadId === id &&
      !open?.messages.some((one) => one.id === write.payload.id),
  );
  const lastSeq = open?.messages.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (isReady && lastSeq < (open?.thread.head ?? 1)) void readOn(id);
  }, [id, isReady]);
  useEffect(() => {
    // What comes while nobody looks is not read.
    const read = (): void => void (document.hidden || markRead(id, lastSeq));
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [id, lastSeq]);
  // Who reads further up is not moved, unless he writes.
  const isAtEnd = useRef(true);
  const before = useRef(0);
  useEffect(() => {
    if (isAtEnd.current || unsent.length > before.current)
      end.current?.scrollIntoView({ block: "end" });
    before.current = unsent.length;
  }, [lastSeq, unsent.length]);

  if (!open) {
    const text = t(isReady && areThreadsRead.value ? "threadGone" : "connecting");
    return <Gone title={t("letters")} id={id} text={text} />;
  }
  const { thread, messages, isTorn, otherTypes } = open;
  const name = nameOf(thread.other);
  return (
    <Sheet title={t("threadTitle", { name })} id={id} class="thread">
      <div
        class="letters"
        role="log"
        // What was said before is there to be read, and not called out.
        aria-live={lastSeq < thread.head ? "off" : "polite"}
        tabIndex={0}
        aria-label={t("threadTitle", { name })}
        onScroll={({ currentTarget: e }) => {
          isAtEnd.current = e.scrollHeight - e.scrollTop - e.clientHeight < 80;
        }}
      >
        <article class={thread.thrower ? "mine" : "theirs"}>
          <p class="from">{t("itBegan")}</p>
          <Words {...thread.bottle} />
        </article>
        {isTorn && <p class="hint">{t("torn")}</p>}
        {messages.map((message) => (
          <article key={message.seq} class={message.mine ? "mine" : "theirs"}>
            <p class="from">
              {message.mine ? (
                t("you")
              ) : (
                <>
                  <Avatar persona={thread.other} size={22} /> {name}
                </>
              )}{" "}
              <time dateTime={new Date(message.sentAt).toISOString()}>
                {clockTime(message.sentAt)}
              </time>
            </p>
            <p class="words">{message.text === "" ? t("letterErased") : message.text}</p>
            {!message.mine && <CareNote of="reader" care={message.care} />}
          </article>
        ))}
        {unsent.map((write) => (
          <article key={write.payload.id} class="mine unsent" aria-live="off">
            <p class="from">
              {t("you")} · {t("notSent")}
            </p>
            <p class="words">{"text" in write.payload ? write.payload.text : ""}</p>
          </article>
        ))}
        <div ref={end} />
      </div>
      <p class="typing" role="status">
        {otherTypes ? t("types", { name }) : ""}
      </p>
      {thread.closed === undefined ? (
        <TextField
          key={id}
          place={id}
          label={t("yourLetter")}
          placeholder={t("letterPlaceholder", { name })}
          most={LIMITS.messageChars}
          submit={t("send")}
          rows={2}
          onType={(text) => sayTyping(id, text !== "")}
          onSubmit={(text) => {
            writeLetter(id, cleanText(text));
            sayTyping(id, false);
            return true;
          }}
        />
      ) : (
        <p class="hint">{t("closed", { name })}</p>
      )}
      <details class="info">
        <summary>{t("more")}</summary>
        <div class="acts">
          <button type="button" onClick={() => void muteThread(id, !thread.muted)}>
            {t(thread.muted ? "unmute" : "mute")}
          </button>
          <ReportAndBlock
            onReport={(...what) => report({ kind: "thread", id }, ...what)}
            onBlock={() => void block({ kind: "thread", id })}
          />
          <Sure label={t("leave")} sure={t("leaveSure")} onSure={() => void leaveThread(id)} />
        </div>
      </details>
    </Sheet>
  );
}
