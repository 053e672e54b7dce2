import { useEffect, useState } from "preact/hooks";
import { LIMITS, publicCount } from "@driftsea/protocol";
import { nameOf, span, t, wordOf } from "../i18n/index.ts";
import { Avatar } from "../views/Avatar.tsx";
import { Sure } from "../views/Sure.tsx";
import { HostTools } from "./HostTools.tsx";
import { kick, ownerKeyOf } from "./hosting.ts";
import { currentKey } from "./keyring.ts";
import { leaveRoom } from "./rooms.ts";
import { isSealingPossible, phraseOf } from "./sealing.ts";
import type { OpenRoom } from "./state.ts";

/** What one should know of a room, who is in it, and, for the host, what he can do. */
export function RoomInfo({ open }: { open: OpenRoom }) {
  const { room } = open;
  const isHost = ownerKeyOf(room.id) !== undefined;
  return (
    <>
      {isHost && <HostTools open={open} />}
      <details class="info">
        <summary>
          {t("roomInfo")} · {peopleIn(open)}
        </summary>
        <p>{t(`infoEnds_${room.lifetime.kind}`, { time: room.deadlineAt })}</p>
        {room.slowModeMs > 0 && <p>{t("slowShown", { span: span(room.slowModeMs) })}</p>}
        {!room.links && <p>{t("noLinksShown")}</p>}
        <p>{t(room.encrypted ? "infoSealed" : "infoOpen")}</p>
        <p>{t("infoPhotograph")}</p>
        {room.encrypted && isSealingPossible() && <Phrase open={open} />}
        <h3>{t("membersTitle")}</h3>
        <ul class="members">
          {open.members.map((one) => (
            <li key={one.id}>
              <Avatar persona={one} size={30} /> <span>{nameOf(one)}</span>
              {one.id === open.me.id ? (
                <span class="meta">{t("itsYou")}</span>
              ) : (
                isHost && (
                  <Sure
                    label={t("kick")}
                    sure={`${t("kickSure")}${room.encrypted ? ` ${t("kickKeys")}` : ""}`}
                    onSure={() => void kick(room.id, one.id)}
                  />
                )
              )}
            </li>
          ))}
        </ul>
        {room.members > Math.max(LIMITS.crowd, open.members.length) && (
          <p class="hint">{t("membersMore")}</p>
        )}
      </details>
      <div class="acts">
        <Sure
          label={t("leaveRoom")}
          sure={t("leaveRoomSure")}
          onSure={() => void leaveRoom(room.id)}
        />
      </div>
    </>
  );
}

/** Inside one sees who is there; so a small number is no secret here. */
const peopleIn = ({ room, members }: OpenRoom): string =>
  room.members === 1 || members.length === 1
    ? t("memberOne")
    : t("membersIn", {
        count: room.members > LIMITS.crowd ? publicCount(room.members) : members.length,
      });

function Phrase({ open }: { open: OpenRoom }) {
  const key = currentKey(open.room.id, open.room.epoch);
  const [phrase, setPhrase] = useState<readonly number[]>([]);
  useEffect(() => {
    if (key !== null) void phraseOf(key).then(setPhrase);
  }, [key]);
  if (key === null || phrase.length === 0) return null;
  const words = phrase.map((n, i) => wordOf(i % 2 === 0 ? "names" : "creatures", n));
  return (
    <>
      <h3>{t("phrase")}</h3>
      <p class="phrase">{words.join(" · ")}</p>
      <p class="hint">{t("phraseHint")}</p>
      <p class="hint">
        {t("phraseNumbers")}: {phrase.map((n) => n + 1).join(" ")}
      </p>
    </>
  );
}
