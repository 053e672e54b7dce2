import type { AnyWrite } from "./outbox.ts";
import type { Route } from "./route.ts";

/** Where the draft of a write is kept; null where its words come from no draft. */
export function placeOf(write: AnyWrite): string | null {
  switch (write.name) {
    case "bottle:throw":
      return "throw";
    case "bottle:answer":
      return `answer:${write.payload.bottleId}`;
    case "thread:send":
      return write.payload.threadId;
    case "room:send":
      return `room:${write.payload.roomId}`;
    case "hole:write":
      return "hole";
    case "feed:comment":
      return `comment:${write.payload.postId}`;
    case "ask:ask":
      return `ask:${write.payload.box}`;
    case "ask:answer":
      return `answer:${write.payload.questionId}`;
    case "room:create":
      return "title";
    case "feed:post":
      return "secret";
    case "safety:report":
      return null;
  }
}

/** The sheet on which it was written; null where that has no address. */
export function wayTo(write: AnyWrite): Route | null {
  switch (write.name) {
    case "bottle:throw":
      return { sheet: "throw" };
    case "bottle:answer":
      return { sheet: "held", id: write.payload.bottleId };
    case "thread:send":
      return { sheet: "thread", id: write.payload.threadId };
    case "room:send":
      return { sheet: "room", id: write.payload.roomId };
    case "hole:write":
      return { sheet: "tree" };
    case "ask:ask":
      return { sheet: "ask", id: write.payload.box };
    case "ask:answer":
      return { sheet: "box" };
    case "room:create":
      return { sheet: "lighthouse" };
    case "feed:post":
      return { sheet: "tell" };
    case "feed:comment":
    case "safety:report":
      return null;
  }
}

export function textOf({ payload }: AnyWrite): string {
  if ("text" in payload) return payload.text ?? "";
  return "title" in payload ? (payload.title ?? "") : "";
}
