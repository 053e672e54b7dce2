import "./texts.ts";

export { LanternsSheet } from "./LanternsSheet.tsx";
export { comeBack, heardOfMeets as heard, resume } from "./meets.ts";
