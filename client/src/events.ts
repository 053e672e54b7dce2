import type { Events } from "@driftsea/protocol";

/** What a feature does about what the server tells. */
export type Heard = { [N in keyof Events]?: (payload: Events[N]) => void };
