import "../styles/rooms.css";
import "./texts.ts";

export { HoleSheet } from "./HoleSheet.tsx";
export { heardOfHole as heard, settleLetter } from "./hole.ts";
