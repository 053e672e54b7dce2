import { useEffect, useState } from "preact/hooks";
import type { SecretId } from "@driftsea/protocol";
import { connection, send } from "../connection.ts";
import { t } from "../i18n/index.ts";
import { Sheet } from "../views/Sheet.tsx";
import { BackToRiver } from "./BackToRiver.tsx";
import { answersIn, heartsIn } from "./Hearts.tsx";
import { openSecret } from "./RiverSheet.tsx";
import { OwnActs } from "./SecretSheet.tsx";
import { own } from "./kept.ts";
import { hasNews, hearStanding } from "./mailbox.ts";
import { learn, secrets } from "./state.ts";

/** How each of one's own stands, as far as it was asked for. */
type Known = ReadonlyMap<SecretId, "here" | "lost" | "unread">;

/** Everything that this browser can prove to be its own. */
export function OwnSheet() {
  const [known, setKnown] = useState<Known>(new Map());
  const isReady = connection.value.is === "ready";
  useEffect(() => {
    if (!isReady) return;
    let isHere = true;
    const look = async (): Promise<void> => {
      for (const [postId, ownerKey] of own.peek()) {
        const reply = await send("feed:own", { postId, ownerKey });
        if (!isHere) return;
        if (reply?.ok) {
          learn([reply.data.post]);
          hearStanding(reply.data.notice);
        }
        const isLost = reply?.ok === false && !reply.error.retryable;
        const how = reply?.ok ? "here" : isLost ? "lost" : "unread";
        setKnown((before) => new Map(before).set(postId, how));
      }
    };
    void look();
    return () => {
      isHere = false;
    };
  }, [isReady]);
  const ids = [...own.value.keys()].reverse();
  return (
    <Sheet title={t("ownTitle")} id="own">
      {ids.length === 0 ? <p class="empty">{t("ownNone")}</p> : <p class="hint">{t("ownHint")}</p>}
      <ul class="list">
        {ids.map((id) => (
          <Own key={id} id={id} how={known.get(id)} />
        ))}
      </ul>
      <BackToRiver />
    </Sheet>
  );
}

function Own({ id, how }: { id: SecretId; how: "here" | "lost" | "unread" | undefined }) {
  const post = secrets.value.get(id);
  return (
    <li class="own-secret">
      {post ? (
        <button type="button" class="row" onClick={() => openSecret(id)}>
          <span
            class={`light own-ground paint-${post.background ?? "night"} of-${post.label}`}
            aria-hidden="true"
          />
          <span>
            <strong class="first-line">{post.text}</strong>
            <span class="meta">
              {[t(`ago_${post.age}`), heartsIn(post.hearts), answersIn(post.comments)].join(" · ")}
            </span>
            {hasNews(id) && <span class="news">{t("ownNews")}</span>}
          </span>
        </button>
      ) : (
        <p class="meta">
          {t(how === "lost" ? "ownLost" : how === "unread" ? "ownFailed" : "ownReading")}
        </p>
      )}
      <OwnActs id={id} />
    </li>
  );
}
