export { findContacts } from "./contacts.ts";
export { fold } from "./fold.ts";
export { ListFault, listOf, parseList } from "./lists.ts";
export { inSteps } from "./making.ts";
export { Screener } from "./screener.ts";
export { MARK_KINDS, SCREEN_VERDICTS, graver } from "./types.ts";
export type {
  MarkKind,
  Screened,
  ScreenMark,
  ScreenVerdict,
  WordEntry,
  WordLists,
} from "./types.ts";
