import "./texts.ts";

export { CatchSheet } from "./CatchSheet.tsx";
export { ShelfSheet } from "./ShelfSheet.tsx";
export { ThreadSheet } from "../threads/ThreadSheet.tsx";
