import { useEffect, useState } from "preact/hooks";
import { publicCount } from "@driftsea/protocol";
import type { Room, RoomId } from "@driftsea/protocol";
import { connection, serverNow } from "../connection.ts";
import { span, t } from "../i18n/index.ts";
import { waiting } from "../outbox.ts";
import { isCalledBack, listed, meetRoom, refreshListed } from "../places.ts";
import { BesideWriting } from "../views/BesideWriting.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { RoomLight } from "./Clock.tsx";
import { MakeRoom } from "./MakeRoom.tsx";
import { goIn, takeBackMaking } from "./hosting.ts";
import { keptOf, keptRooms, mayStillBe } from "./kept.ts";
import { roomName } from "./names.ts";
import { rooms } from "./state.ts";

/** The list is asked for this often while somebody looks at it, in ms. */
const LOOK_EVERY_MS = 15_000;

/** The lighthouse: rooms one is in, rooms that anybody may enter, and a way to light one. */
export function LighthouseSheet() {
  const [isMaking, setMaking] = useState(false);
  const [isUnread, setUnread] = useState(false);
  const isReady = connection.value.is === "ready";
  useEffect(() => {
    isCalledBack.value = false;
    if (!isReady) return;
    const look = (): void => void refreshListed().then((isRead) => setUnread(!isRead));
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isReady]);

  const own = roomsOfMine();
  const others = listed.value.filter((room) => !own.some((one) => one.id === room.id));
  const isOnItsWay = waiting.value.some((write) => write.name === "room:create");
  if (isMaking) return <MakeRoom onDone={() => setMaking(false)} />;
  return (
    <Sheet title={t("place_lighthouse")} id="lighthouse">
      <p class="lead">{t("lighthouseIntro")}</p>
      <button type="button" class="primary wide" onClick={() => setMaking(true)}>
        {t("roomMake")}
      </button>
      {isOnItsWay && (
        <p class="hint" role="status">
          {t("makeWaiting")}
        </p>
      )}
      <BesideWriting
        place="title"
        onChange={(write) => {
          if (write.name === "room:create") takeBackMaking(write.payload);
          setMaking(true);
        }}
      />
      {isUnread && <p class="hint">{t("roomsUnread")}</p>}
      {own.length > 0 && (
        <section aria-labelledby="rooms-own">
          <h3 id="rooms-own">{t("roomsYours")}</h3>
          <ul class="list">
            {own.map(({ id, room, title }) => (
              <Row key={id} id={id} room={room} title={title} />
            ))}
          </ul>
        </section>
      )}
      {others.length > 0 ? (
        <section aria-labelledby="rooms-listed">
          <h3 id="rooms-listed">{t("roomsListed")}</h3>
          <ul class="list">
            {others.map((room) => (
              <Row key={room.id} id={room.id} room={room} title={room.title} />
            ))}
          </ul>
        </section>
      ) : (
        own.length === 0 && <p class="empty">{t("roomsNone")}</p>
      )}
    </Sheet>
  );
}

/** Rooms that this page is in, and those that this browser was in before a reload. */
function roomsOfMine(): { id: RoomId; room: Room | null; title: string | undefined }[] {
  const here = [...rooms.value].flatMap(([id, state]) =>
    state.is === "in" ? [{ id, room: state.room, title: state.room.title }] : [],
  );
  const kept = keptRooms().flatMap((id) => {
    const known = keptOf(id);
    const isHis = known?.isIn === true && known.isOfMeeting !== true && !rooms.value.has(id);
    return isHis && mayStillBe(known, serverNow())
      ? [{ id, room: listed.value.find((one) => one.id === id) ?? null, title: known.title }]
      : [];
  });
  return [...here, ...kept].filter(({ id }) => id !== meetRoom.value);
}

function Row(props: { id: RoomId; room: Room | null; title: string | undefined }) {
  const { id, room, title } = props;
  return (
    <li>
      <button class="row" type="button" onClick={() => goIn(id)}>
        {room && <RoomLight room={room} />}
        <span>
          <strong class="first-line">{roomName(id, title)}</strong>
          {room && <span class="meta">{factsOf(room).join(" · ")}</span>}
        </span>
      </button>
    </li>
  );
}

function factsOf(room: Room): string[] {
  const left = span(room.deadlineAt - serverNow());
  return [
    t("membersIn", { count: publicCount(room.members) }),
    t(`life_${room.lifetime.kind}`, { span: left }),
    ...(room.locked ? [t("isLocked")] : []),
    ...(room.encrypted ? [t("isSealedRoom")] : []),
  ];
}
