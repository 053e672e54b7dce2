import type { Room } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";
import { isLastMinute, shareOfRoom } from "../places.ts";
import { Ring, RingOfLight } from "../views/Ring.tsx";

/** How long a room still lives. One that lives by its members has no countdown. */
export function RoomClock({ room, isOpen = false }: { room: Room; isOpen?: boolean }) {
  const { kind, ms } = room.lifetime;
  if (kind === "presence") {
    return (
      <span class="ring">
        <RingOfLight share={1} />
        <span class="countdown">{t("life_presence")}</span>
      </span>
    );
  }
  return (
    <Ring
      until={room.deadlineAt}
      wholeMs={ms ?? room.deadlineAt}
      text={`life_${kind}`}
      ends="roomEndsIn"
      {...(isOpen ? { onLastMinute: (isNear: boolean) => (isLastMinute.value = isNear) } : {})}
    />
  );
}

/** The same for a row of a list, which says nothing aloud. */
export const RoomLight = ({ room }: { room: Room }) => (
  <RingOfLight share={shareOfRoom(room)} size={34} />
);
