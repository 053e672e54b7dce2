import "../styles/rooms.css";
import { openRoomLines, wakeLine } from "../outbox.ts";
import { tendKeys } from "./giving-keys.ts";
import { keptOf } from "./kept.ts";
import { forgetPairsBut } from "./pairs.ts";
import { whenInside } from "./rooms.ts";
import { roomLines } from "./sending.ts";
import "./texts.ts";

export { LighthouseSheet } from "./LighthouseSheet.tsx";
export { RoomSheet } from "./RoomSheet.tsx";
export { settleCreation } from "./hosting.ts";
export { comeBack, enter, heardOfRooms as heard } from "./rooms.ts";
export { settleMessage } from "./sending.ts";
export { isHere } from "./state.ts";

whenInside((id) => void tendKeys(id).then(() => wakeLine(id)));
openRoomLines(roomLines);
void forgetPairsBut((id) => keptOf(id) !== null);
