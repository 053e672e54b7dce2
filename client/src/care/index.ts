import "../styles/care.css";
import "./texts.ts";

export { Beside, CareCard } from "./CareCard.tsx";
export { CareSheet } from "./CareSheet.tsx";
export { careFor } from "./caring.ts";
