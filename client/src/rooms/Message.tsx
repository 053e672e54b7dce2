import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Persona, RoomId } from "@driftsea/protocol";
import type { Screened } from "@driftsea/protocol/screening";
import { clockTime, nameOf, span, t } from "../i18n/index.ts";
import type { Write } from "../outbox.ts";
import { parts } from "../parts.ts";
import { ReportAndBlock } from "../safety/ReportAndBlock.tsx";
import { block, report } from "../safety/safety.ts";
import { Avatar } from "../views/Avatar.tsx";
import { CareNote } from "../views/CareNote.tsx";
import { useLeft } from "../views/Countdown.tsx";
import { useFocusIn } from "../views/focus.ts";
import { intoView } from "../views/Sheet.tsx";
import { holdPicture } from "./pictures.ts";
import { hide } from "./rooms.ts";
import { coverForGood, see, uncover } from "./seeing.ts";
import { answering, slowUntil } from "./state.ts";
import type { OpenRoom, Said } from "./state.ts";

interface MessageProps {
  open: OpenRoom;
  said: Said;
  /** The one before is of the same person. */
  isFollowing: boolean;
}

/** One message: who, when, what; and what one can do about it. */
export function Message({ open, said, isFollowing }: MessageProps) {
  const { room, me } = open;
  const { body, from, seq, sentAt, timer } = said;
  const isMine = from.id === me.id;
  const [areActsOpen, setActsOpen] = useState(false);
  if (body.is === "shut") return <p class="quiet-line">{t("sealedBefore")}</p>;
  const isGone = body.is === "gone";
  // Whoever wrote what has gone by its timer can still be reported and blocked for it.
  if (isGone && (isMine || !timer)) return <p class="quiet-line">{t("messageGone")}</p>;
  const isOnce = timer !== undefined && "once" in timer;
  const name = isMine ? t("you") : nameOf(from);
  return (
    <article class={isMine ? "mine" : "theirs"}>
      {!isFollowing && (
        <p class="from">
          {!isMine && <Avatar persona={from} size={22} />} {name}{" "}
          <time dateTime={new Date(sentAt).toISOString()}>{clockTime(sentAt)}</time>
        </p>
      )}
      <Quoted open={open} re={said.re} />
      {isGone ? (
        <p class="quiet-line">{t("messageGone")}</p>
      ) : isOnce && !isMine ? (
        <Once id={room.id} said={said} />
      ) : (
        <Opened isSealed={room.encrypted && !isMine} text={textIn(said)}>
          <Shown id={room.id} said={said} isMine={isMine} />
        </Opened>
      )}
      {!isMine && !isGone && <CareNote of="reader" care={said.care} />}
      {timer && !isGone && (
        <p class="from" aria-live="off">
          {isOnce ? t("timedOnce") : said.goneAt === undefined ? t("timed") : <Left said={said} />}
        </p>
      )}
      <button
        type="button"
        class="more-acts"
        aria-expanded={areActsOpen}
        aria-label={`${t("actsOf")}: ${name}`}
        onClick={() => setActsOpen(!areActsOpen)}
      >
        <span aria-hidden="true">⋯</span>
      </button>
      {areActsOpen && (
        <div class="acts" ref={intoView}>
          {!isGone && (
            <button
              type="button"
              onClick={() => {
                setActsOpen(false);
                answering.value = { ...answering.value, [room.id]: seq };
              }}
            >
              {t("answerThis")}
            </button>
          )}
          {!isMine && (
            <ReportAndBlock
              isSealed={room.encrypted}
              onReport={(reason, more) =>
                report({ kind: "room", id: room.id, seq }, reason, {
                  ...more,
                  ...((room.encrypted || timer) && body.is === "text" ? { opened: body.text } : {}),
                })
              }
              onBlock={() =>
                void block({ kind: "room", id: room.id, seq }).then((isDone) => {
                  if (isDone) hide(room.id, said.from.id);
                })
              }
            />
          )}
        </div>
      )}
    </article>
  );
}

/** What the lists find in words that nobody has looked through; null while they are not here. */
function useFound(isSealed: boolean, text: string): Screened | null {
  const { value: arrival } = parts.screener.arrival;
  useEffect(() => {
    if (isSealed) void parts.screener.load();
  }, [isSealed]);
  return useMemo(
    () => (isSealed && text !== "" && arrival.is === "here" ? arrival.it.screen(text) : null),
    [isSealed, text, arrival],
  );
}

/** Nobody has looked through what was sealed: what would have been refused is shown when it is asked for. */
function Opened(props: { isSealed: boolean; text: string; children: ComponentChildren }) {
  const { isSealed, text, children } = props;
  const [isShown, setShown] = useState(false);
  const found = useFound(isSealed, text);
  if (found?.verdict === "refuse" && !isShown)
    return (
      <button type="button" class="covered" onClick={() => setShown(true)}>
        {t("foldedShow")}
      </button>
    );
  return (
    <>
      {children}
      <CareNote of="reader" care={found?.care} />
    </>
  );
}

/** What is answered, in one line. */
function Quoted({ open, re }: { open: OpenRoom; re: number | undefined }) {
  const other = re === undefined ? undefined : open.said.find((one) => one.seq === re);
  if (!other || open.hidden.includes(other.from.id)) return null;
  return (
    <p class="quoted">
      {t("answersTo", { name: whoIs(other.from, open) })} <InPassing open={open} said={other} />
    </p>
  );
}

export const whoIs = (persona: Persona, open: OpenRoom): string =>
  persona.id === open.me.id ? t("you") : nameOf(persona);

/** A message beside another one: what it says, unless that is folded where it stands. */
export function InPassing({ open, said }: { open: OpenRoom; said: Said }) {
  const isSealed = open.room.encrypted && said.from.id !== open.me.id;
  const found = useFound(isSealed, textIn(said));
  return found?.verdict === "refuse" ? null : <q>{inOneLine(said)}</q>;
}

const textIn = ({ body }: Said): string => (body.is === "text" ? body.text : "");

/** What has a timer is not shown in passing: there it would be read without its clock. */
function inOneLine({ body, timer }: Said): string {
  if (body.is === "photo") return t("photo");
  if (body.is !== "text") return t("messageGone");
  if (timer) return t("once" in timer ? "timedOnce" : "timed");
  // Half a character is none.
  return body.text
    .replaceAll("\n", " ")
    .slice(0, 120)
    .replace(/[\uD800-\uDBFF]$/, "");
}

/** A message as it is; one with a timer tells the server when a reader really sees it. */
function Shown({ id, said, isMine }: { id: RoomId; said: Said; isMine: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  const { body, seq, timer, goneAt } = said;
  const isUnseen = timer !== undefined && !isMine && goneAt === undefined;
  useEffect(() => {
    if (!isUnseen || !element.current) return;
    let isOnScreen = false;
    const look = (): void => {
      if (isOnScreen && !document.hidden) void see(id, seq);
    };
    const watcher = new IntersectionObserver((entries) => {
      isOnScreen = entries.some((entry) => entry.isIntersecting);
      look();
    });
    watcher.observe(element.current);
    document.addEventListener("visibilitychange", look);
    return () => {
      watcher.disconnect();
      document.removeEventListener("visibilitychange", look);
    };
  }, [id, seq, isUnseen]);
  return (
    <div ref={element}>
      {body.is === "text" && <p class="words">{body.text}</p>}
      {body.is === "photo" && <Photo id={id} said={said} isMine={isMine} />}
    </div>
  );
}

/** Covered until it is asked for; then open until it is closed, and never again. */
function Once({ id, said }: { id: RoomId; said: Said }) {
  const [isOpen, setOpen] = useState(false);
  const [isFailed, setFailed] = useState(false);
  const { opener, inside } = useFocusIn<HTMLDivElement>(isOpen);
  const { body, seq } = said;
  const reveal = async (): Promise<void> => {
    // The photo is fetched before the server hears that it was seen: then it is gone there.
    if (body.is === "photo" && (await holdPicture(id, said)) === null) return setFailed(true);
    uncover(id, seq);
    setOpen(true);
  };
  useEffect(() => {
    if (!isOpen) return;
    const close = (): void => {
      if (document.hidden) coverForGood(id, seq);
    };
    document.addEventListener("visibilitychange", close);
    return () => {
      document.removeEventListener("visibilitychange", close);
      coverForGood(id, seq);
    };
  }, [isOpen]);
  if (!isOpen) {
    return (
      <>
        <button type="button" class="covered" ref={opener} onClick={() => void reveal()}>
          {t(body.is === "photo" ? "uncoverPhoto" : "uncoverOnce")}
        </button>
        {isFailed && <p role="status">{t("onceFailed")}</p>}
      </>
    );
  }
  return (
    <>
      <div ref={inside} tabIndex={-1}>
        {body.is === "text" && <p class="words">{body.text}</p>}
        {body.is === "photo" && <Photo id={id} said={said} isMine={false} />}
      </div>
      <button type="button" class="primary" onClick={() => coverForGood(id, seq)}>
        {t("coverAgain")}
      </button>
    </>
  );
}

/** A photo that anybody here may see comes from the server; else it is opened in this page. */
function Photo({ id, said, isMine }: { id: RoomId; said: Said; isMine: boolean }) {
  const { body, timer, from } = said;
  const isPlain =
    body.is === "photo" && !body.isSealed && !(timer !== undefined && "once" in timer && !isMine);
  const [held, setHeld] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    let isHere = true;
    if (!isPlain) void holdPicture(id, said).then((url) => isHere && setHeld(url));
    return () => {
      isHere = false;
    };
  }, [id, said.seq, isPlain]);
  const url = isPlain ? body.url : held;
  if (url === undefined) return <p class="hint">{t("photoComing")}</p>;
  if (url === null) return <p class="hint">{t("photoGone")}</p>;
  return (
    <img
      class="photo"
      src={url}
      alt={isMine ? t("photoYours") : t("photoOf", { name: nameOf(from) })}
      loading="lazy"
      decoding="async"
    />
  );
}

function Left({ said }: { said: Said }) {
  return <>{t("life_fixed", { span: useSpan(said.goneAt ?? 0) })}</>;
}

/** A span that grows shorter, in words. */
export function useSpan(until: number): string {
  const left = useLeft(until);
  return left <= 0 ? "" : span(left + 999);
}

/** What has not gone out yet. */
export function Unsent({ write }: { write: Write }) {
  const payload = write.name === "room:send" ? write.payload : null;
  const left = useSpan(slowUntil.value[payload?.roomId ?? ""] ?? 0);
  return (
    <article class="mine unsent">
      <p class="from" aria-live="off">
        {t("you")} · {left === "" ? t("notSent") : t("goesOutIn", { span: left })}
      </p>
      <p class="words">{payload?.text ?? ""}</p>
    </article>
  );
}
