import type { Handlers } from "../transport/handlers.ts";

export const screeningHandlers: Handlers<"safety:screen"> = {
  "safety:screen": ({ screening }, _context, { text, where }) => screening.check(text, where),
};
