import "../styles/rooms.css";
import "../styles/river.css";
import "../styles/asks.css";
import "./texts.ts";
import { heardOfOwning } from "./owning.ts";
import { heardOfReading } from "./reading.ts";
import type { Heard } from "../events.ts";

export { AskSheet } from "./AskSheet.tsx";
export { BoxSheet } from "./BoxSheet.tsx";
export { settleAnswer } from "./owning.ts";
export { settleQuestion } from "./reading.ts";
export const heard: Heard = {
  ...heardOfReading,
  ...heardOfOwning,
  "ask:gone": (payload) => {
    heardOfReading["ask:gone"]?.(payload);
    heardOfOwning["ask:gone"]?.(payload);
  },
};
