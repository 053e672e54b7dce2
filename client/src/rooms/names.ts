import { PERSONA_CREATURES, PERSONA_NAMES } from "@driftsea/protocol";
import type { RoomId } from "@driftsea/protocol";
import { nameOf, t } from "../i18n/index.ts";

/** What a room is called: its title, or else a name like an inn's, the same for everybody. */
export function roomName(id: RoomId, title: string | undefined): string {
  if (title !== undefined) return title;
  let hash = 7;
  for (const char of id) hash = (hash * 31 + char.charCodeAt(0)) % 1_000_003;
  const name = hash % PERSONA_NAMES;
  const creature = Math.floor(hash / PERSONA_NAMES) % PERSONA_CREATURES;
  return t("roomNamed", { name: nameOf({ name, creature, hue: 0 }) });
}
