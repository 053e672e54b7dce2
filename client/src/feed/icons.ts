import { PERSONA_CREATURES } from "@driftsea/protocol";
import type { Persona } from "@driftsea/protocol";

/** The drawing that an icon `<creature>-<hue>` stands for; null where it is none that this page knows. */
export function readIcon(icon: string): Omit<Persona, "id"> | null {
  const [, creature, hue] = /^(\d{1,3})-(\d{1,3})$/.exec(icon) ?? [];
  if (creature === undefined || hue === undefined) return null;
  return { name: 0, creature: Number(creature) % PERSONA_CREATURES, hue: Number(hue) % 360 };
}
