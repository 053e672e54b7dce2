import "../styles/rules.css";
import "./texts.ts";

// In a part of its own it would cut the page's first load into pieces.
export { Watch } from "../push/index.ts";
export { AboutSheet } from "./AboutSheet.tsx";
export { FirstThrow } from "./FirstThrow.tsx";
export { RulesSheet } from "./RulesSheet.tsx";
export { readRules, seaRules } from "./rules.ts";
