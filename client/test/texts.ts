import { en as bottles } from "../src/bottles/texts.en.ts";
import { en as care } from "../src/care/texts.en.ts";
import { en as page } from "../src/i18n/en.ts";
import { en as rooms } from "../src/rooms/texts.en.ts";
import { en as rules } from "../src/rules/texts.en.ts";
import { en as safety } from "../src/safety/texts.en.ts";

export const en = { ...page, ...bottles, ...care, ...rooms, ...rules, ...safety };
