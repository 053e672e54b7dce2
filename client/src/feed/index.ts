import "../styles/rooms.css";
import "../styles/lantern.css";
import "../styles/lantern-grounds.css";
import "../styles/river.css";
import "../styles/telling.css";
import "./texts.ts";

export { AtTheRiver } from "./AtTheRiver.tsx";
export { comeBack, heardOfFeed as heard } from "./river.ts";
export { askAfterOwn } from "./mailbox.ts";
export { settleComment } from "./talk.ts";
export { settleSecret } from "./telling.ts";
