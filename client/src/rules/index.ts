import "../styles/rules.css";
import "./texts.ts";

export { AboutSheet } from "./AboutSheet.tsx";
export { FirstThrow } from "./FirstThrow.tsx";
export { RulesSheet } from "./RulesSheet.tsx";
export { readRules, seaRules } from "./rules.ts";
