import { cleanText } from "@driftsea/protocol";
import type { Handlers } from "../transport/handlers.ts";

type SafetyCommand = "safety:report" | "safety:block" | "safety:appeal";

export const safetyHandlers: Handlers<SafetyCommand> = {
  "safety:report": async ({ safety }, context, report) => {
    await safety.report(context, report);
    return {};
  },
  "safety:block": async ({ safety }, { drifter }, { target }) => {
    await safety.block(drifter, target);
    return {};
  },
  "safety:appeal": async ({ review }, _context, { id, noticeId, text }) => {
    await review.appeal(noticeId, { writeId: id, text: cleanText(text) });
    return {};
  },
};
