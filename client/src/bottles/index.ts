import "./texts.ts";

export { CatchSheet } from "./CatchSheet.tsx";
export { ShelfSheet } from "./ShelfSheet.tsx";
