import { useLayoutEffect, useState } from "preact/hooks";
import { LIMITS, cleanText } from "@driftsea/protocol";
import type { Secret, SecretComment, SecretId } from "@driftsea/protocol";
import { draftOf } from "../drafts.ts";
import { t, wordOf } from "../i18n/index.ts";
import { dropCommentsOn, waiting } from "../outbox.ts";
import { parts } from "../parts.ts";
import { go } from "../route.ts";
import { ReportAndBlock } from "../safety/ReportAndBlock.tsx";
import { report } from "../safety/safety.ts";
import { say } from "../say.ts";
import { Avatar } from "../views/Avatar.tsx";
import { CareNote } from "../views/CareNote.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { Sure } from "../views/Sure.tsx";
import { TextField } from "../views/TextField.tsx";
import { Asking } from "./Asking.tsx";
import { BackToRiver } from "./BackToRiver.tsx";
import { Hearts, answersIn } from "./Hearts.tsx";
import { Light, Signature } from "./Lantern.tsx";
import { LeftWords } from "./LeftWords.tsx";
import { readIcon } from "./icons.ts";
import { forgetOwn, own, photoOf } from "./kept.ts";
import { hide, mute, share } from "./river.ts";
import { secrets } from "./state.ts";
import { sawAnswers } from "./mailbox.ts";
import { comment, draftPlace, isTorn, nameOfSaid, openTalk, saidHere, talk } from "./talk.ts";
import { deleteOwn } from "./telling.ts";

/** One secret: what it says, what was said of it, and what one can do. */
export function SecretSheet() {
  const id = talk.value?.id;
  const post = id === undefined ? undefined : secrets.value.get(id);
  // At once, and not behind the next frame: what is undone on leaving must have been done.
  useLayoutEffect(
    () => () => {
      talk.value = null;
    },
    [],
  );
  if (!post) {
    return (
      <Sheet title={t("secretTitle")} id="secret-gone" class="small">
        <p class="gift" role="status">
          {t(id === undefined ? "secretNot" : "lanternOut")}
        </p>
        {id !== undefined && <LeftWords place={draftPlace(id)} />}
        <BackToRiver />
      </Sheet>
    );
  }
  return (
    <Sheet title={t("secretTitle")} id={post.id} class="secret">
      <Light
        text={post.text}
        background={post.background}
        photoUrl={photoOf(post)}
        label={post.label}
        above={<Signature post={post} />}
        below={
          <>
            <Asking post={post} />
            <Hearts post={post} />
            <span class="on-light said">{answersIn(post.comments)}</span>
          </>
        }
      >
        <p>{post.text}</p>
      </Light>
      <div class="below-light">
        {!own.value.has(post.id) && <CareNote of="reader" care={post.care} />}
        <Acts post={post} />
        <Answers post={post} />
        <BackToRiver />
      </div>
    </Sheet>
  );
}

function Acts({ post }: { post: Secret }) {
  const { id } = post;
  const isMine = own.value.has(id);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div class="acts">
        <button type="button" onClick={() => void share(id)}>
          {t("share")}
        </button>
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t("moreOfSecret")}
        </button>
      </div>
      {isOpen && (
        <div class="acts">
          <button type="button" disabled={post.muted} onClick={() => void mute(id)}>
            {t(post.muted ? "isMuted" : "muteSecret")}
          </button>
          <button
            type="button"
            onClick={() =>
              void hide(id).then((isHidden) => {
                if (isHidden) go({ sheet: "river" });
              })
            }
          >
            {t("hide")}
          </button>
          <ReportAndBlock onReport={(...what) => report({ kind: "secret", id }, ...what)} />
        </div>
      )}
      {isMine && <OwnActs id={id} onGone={() => go({ sheet: "river" })} />}
    </>
  );
}

/** What only its author can do: take it away for all, or let go of it for good. */
export function OwnActs({ id, onGone }: { id: SecretId; onGone?: () => void }) {
  const unlink = (): void => {
    forgetOwn(id);
    dropCommentsOn(id);
    parts.safety.now()?.letGoOfCommentsOn(id);
    say({ key: "unlinked" });
  };
  const remove = async (): Promise<void> => {
    if (!(await deleteOwn(id))) return;
    say({ key: "ownDeleted" });
    onGone?.();
  };
  return (
    <div class="acts own-acts">
      <Sure label={t("ownDelete")} sure={t("ownDeleteSure")} onSure={() => void remove()} />
      <Sure label={t("unlink")} sure={t("unlinkSure")} onSure={unlink} />
    </div>
  );
}

function Answers({ post }: { post: Secret }) {
  const { id, mayComment } = post;
  const now = talk.value;
  const heard = now?.said[now.said.length - 1]?.seq ?? 0;
  // At once: whoever goes on before the next frame has seen them too.
  useLayoutEffect(() => {
    // The newest may have been taken away: it is counted all the same, and never comes.
    if (now) sawAnswers(now.id, now.is === "read" ? Math.max(heard, post.comments) : heard);
  }, [now?.id, now?.is, heard, post.comments]);
  if (!now) return null;
  const unsent = waiting.value.flatMap((write) =>
    write.name === "feed:comment" && write.payload.postId === id ? [write.payload] : [],
  );
  // It may be heard before its reply has come: nothing in it tells that it is this one but its words.
  const onItsWay = unsent.filter((one) => !now.said.some(({ text }) => text === one.text));
  return (
    <section class="talk" aria-labelledby="talk">
      <h3 id="talk">{t("talkTitle")}</h3>
      {isTorn(now) && <p class="tear">{t("talkTorn")}</p>}
      <div role="log" aria-live={now.is === "read" ? "polite" : "off"} aria-label={t("talkTitle")}>
        {now.said.map((one) => (
          <Answer key={one.seq} id={id} said={one} />
        ))}
        {onItsWay.map((one) => (
          <article key={one.id} class="answer unsent" aria-live="off">
            <div>
              <p class="from">
                {t("you")} · {t("talkUnsent")}
              </p>
              <p class="words">{one.text}</p>
            </div>
          </article>
        ))}
      </div>
      {now.is === "reading" && now.said.length === 0 && <p class="hint">{t("talkReading")}</p>}
      {now.is === "failed" && (
        <p class="hint">
          {t("talkFailed")}{" "}
          <button type="button" onClick={() => void openTalk(id, true)}>
            {t("placeRetry")}
          </button>
        </p>
      )}
      {now.is === "read" && now.said.length === 0 && <p class="hint">{t("talkNone")}</p>}
      {mayComment ? <WriteAnswer id={id} /> : <p class="hint">{t("talkClosed")}</p>}
    </section>
  );
}

function Answer({ id, said }: { id: SecretId; said: SecretComment }) {
  const { seq, icon, crown, text, age } = said;
  const [isOpen, setOpen] = useState(false);
  const face = readIcon(icon);
  const isHere = saidHere.value.has(nameOfSaid(id, seq));
  const who = crown
    ? t("talkCrown")
    : face
      ? t("talkIcon", { creature: wordOf("creatures", face.creature) })
      : "";
  return (
    <article class={isHere ? "answer here" : "answer"}>
      {crown ? <Crown /> : face && <Avatar persona={face} size={34} />}
      <div>
        <p class="from">
          {who}
          {isHere && ` · ${t("talkYou")}`} · {t(`ago_${age}`)}
        </p>
        <p class="words">{text}</p>
        {!isHere && <CareNote of="reader" care={said.care} />}
        {isOpen && (
          <div class="acts">
            <ReportAndBlock onReport={(...what) => report({ kind: "comment", id, seq }, ...what)} />
          </div>
        )}
      </div>
      {!isHere && (
        <button
          type="button"
          class="more-acts"
          aria-expanded={isOpen}
          aria-label={`${t("moreOfSecret")}: ${who}`}
          onClick={() => setOpen(!isOpen)}
        >
          <span aria-hidden="true">⋯</span>
        </button>
      )}
    </article>
  );
}

function Crown() {
  return (
    <svg class="crown" viewBox="0 0 48 48" width="34" height="34" aria-hidden="true">
      <circle cx="24" cy="24" r="24" />
      <path d="M11 33l-2-15 8 6 7-11 7 11 8-6-2 15z" />
    </svg>
  );
}

/** Below one's own secret, an answer may wear the crown; or not, and then it is as anybody's. */
function WriteAnswer({ id }: { id: SecretId }) {
  const key = own.value.get(id);
  // What was begun before may have been meant to go without it.
  const [isCrowned, setCrowned] = useState(() => draftOf(draftPlace(id)) === "");
  return (
    <TextField
      place={draftPlace(id)}
      label={t("talkWrite")}
      placeholder={t("talkPlaceholder")}
      most={LIMITS.commentChars}
      submit={t("send")}
      rows={2}
      onSubmit={(text) => {
        comment(id, cleanText(text), isCrowned ? key : undefined);
        return true;
      }}
    >
      {key !== undefined && (
        <>
          <label class="tick">
            <input
              type="checkbox"
              checked={isCrowned}
              aria-describedby="crown-how"
              onChange={(e) => setCrowned(e.currentTarget.checked)}
            />
            <span>{t("talkAsAuthor")}</span>
          </label>
          <p class="hint" id="crown-how">
            {t("talkAsAuthorHint")}
          </p>
        </>
      )}
    </TextField>
  );
}
