import "../styles/push.css";
import "./texts.ts";

export { Watch } from "./Watch.tsx";
export { endPushes } from "./watching.ts";
