import { useEffect } from "preact/hooks";
import type { RoomId } from "@driftsea/protocol";
import { connection } from "../connection.ts";
import { t } from "../i18n/index.ts";
import { isCalledBack } from "../places.ts";
import { go, route } from "../route.ts";
import { Sheet } from "../views/Sheet.tsx";
import { RoomClock } from "./Clock.tsx";
import { RoomInfo } from "./RoomInfo.tsx";
import { RoomView } from "./RoomView.tsx";
import { keptOf } from "./kept.ts";
import { roomName } from "./names.ts";
import { enter } from "./rooms.ts";
import { isSealingPossible } from "./sealing.ts";
import { rooms, setRoom } from "./state.ts";
import type { Over } from "./state.ts";

/** A room, or its door, or the line that says that it is over. */
export function RoomSheet({ id }: { id: RoomId }) {
  const state = rooms.value.get(id);
  const isReady = connection.value.is === "ready";
  const isBack = state === undefined && keptOf(id)?.isIn === true;
  useEffect(() => {
    isCalledBack.value = false;
    if (isReady && isBack) void enter(id);
  }, [id, isReady, isBack]);
  // Another link to the room that lies open here was followed.
  const here = route.value;
  const isIn = state?.is === "in";
  useEffect(() => {
    if (keptOf(id)?.isIn !== false) return;
    // What is over here was left, or one was put out of it: by the link one comes to its door again.
    if (rooms.peek().get(id)?.is === "over") setRoom(id, null);
    else if (isReady && isIn) void enter(id);
  }, [here, isReady, isIn]);
  // What has ended is gone when the sheet is put down.
  useEffect(
    () => () => {
      if (rooms.peek().get(id)?.is === "over") setRoom(id, null);
    },
    [id],
  );

  if (state?.is === "in") {
    const { room } = state;
    return (
      <Sheet title={roomName(id, room.title)} id={id} class="room">
        <div class="room-head">
          <RoomClock room={room} isOpen />
        </div>
        <RoomView open={state}>
          <RoomInfo open={state} />
        </RoomView>
      </Sheet>
    );
  }
  if (state?.is === "over") return <Ended id={id} reason={state.reason} />;
  if (state === undefined && !isBack) return <Door id={id} />;
  const text =
    state?.is === "locked"
      ? "roomLocked"
      : state?.is === "full"
        ? "roomFull"
        : state?.is === "refused"
          ? "roomRefused"
          : isReady
            ? "entering"
            : "connecting";
  return (
    <Sheet title={t("doorTitle")} id={id} class="small">
      <p class="gift" role="status">
        {t(text)}
      </p>
      {state !== undefined && state.is !== "entering" && (
        <div class="acts">
          <button type="button" class="primary" onClick={() => void enter(id)}>
            {t("knockAgain")}
          </button>
        </div>
      )}
    </Sheet>
  );
}

/** An invite is not spent by a program that only looks at a link: somebody has to go in. */
function Door({ id }: { id: RoomId }) {
  const kept = keptOf(id);
  const hasKey = kept?.linkKey !== undefined;
  return (
    <Sheet title={t("doorTitle")} id={id} class="small">
      <p class="gift">{t("doorText")}</p>
      {kept?.invite !== undefined && <p class="hint">{t("doorOnce")}</p>}
      {hasKey && <p class="hint">{t(isSealingPossible() ? "doorKey" : "doorNoCrypto")}</p>}
      <div class="acts">
        <button
          type="button"
          class="primary"
          disabled={connection.value.is !== "ready"}
          onClick={() => void enter(id)}
        >
          {t("doorEnter")}
        </button>
      </div>
    </Sheet>
  );
}

export function Ended({ id, reason }: { id: string; reason: Over }) {
  return (
    <Sheet title={t("overTitle")} id={`over-${id}`} class="small">
      <p class="gift" role="status">
        {t(`over_${reason}`)}
      </p>
      <div class="acts">
        <button type="button" onClick={() => go({ sheet: "lighthouse" })}>
          {t("backToLighthouse")}
        </button>
      </div>
    </Sheet>
  );
}
