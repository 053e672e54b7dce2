import type { RiverSheet as SheetName } from "../route.ts";
import { CircleSheet } from "./CircleSheet.tsx";
import { OwnSheet } from "./OwnSheet.tsx";
import { RiverSheet } from "./RiverSheet.tsx";
import { SecretSheet } from "./SecretSheet.tsx";
import { TellSheet } from "./TellSheet.tsx";

/** The lantern river and what is reached from it. */
export function AtTheRiver({ sheet }: { sheet: SheetName }) {
  switch (sheet) {
    case "river":
      return <RiverSheet />;
    case "secret":
      return <SecretSheet />;
    case "tell":
      return <TellSheet />;
    case "circle":
      return <CircleSheet />;
    case "own":
      return <OwnSheet />;
  }
}
