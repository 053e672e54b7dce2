import type { Handlers } from "../transport/handlers.ts";

export const holeHandlers: Handlers<"hole:status" | "hole:write" | "hole:read"> = {
  "hole:status": ({ hole }) => hole.status(),
  "hole:write": ({ hole }, context, { id, text }) => hole.write(context, { writeId: id, text }),
  "hole:read": async ({ hole, viewers }, { mask }) => {
    const letter = await hole.read();
    viewers.saw(mask, { kind: "letter", id: letter.id });
    return { letter };
  },
};
