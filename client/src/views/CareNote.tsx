import { parts } from "../parts.ts";
import { Part } from "./Part.tsx";

/** Beside words of crisis: whom one can turn to. Nothing beside all others. */
export function CareNote({ of, care }: { of: "writer" | "reader"; care: boolean | undefined }) {
  if (care !== true) return null;
  return <Part of={parts.care}>{({ CareCard }) => <CareCard of={of} />}</Part>;
}
