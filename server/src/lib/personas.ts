import { nanoid } from "nanoid";
import { PERSONA_CREATURES, PERSONA_NAMES } from "@driftsea/protocol";
import type { Persona, PersonaId } from "@driftsea/protocol";
import { below, secureRandom } from "./random.ts";

/** A fresh mask for one context. Drawn at random, so that no key can ever link two of them. */
export function newPersona(): Persona {
  return {
    id: nanoid<PersonaId>(),
    name: below(secureRandom, PERSONA_NAMES),
    hue: below(secureRandom, 360),
    creature: below(secureRandom, PERSONA_CREATURES),
  };
}
