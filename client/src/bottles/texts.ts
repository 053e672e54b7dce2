import { learn } from "../i18n/index.ts";
import { en } from "./texts.en.ts";
import { zh } from "./texts.zh.ts";

learn({ en, zh });
