/*
 * What the peers send: events and replies of the same members and lengths as Driftsea's, so that
 * bytes are no part of the comparison.
 */
import { LIMITS } from "@driftsea/protocol";
import { nanoid } from "nanoid";

export interface Sent {
  id: string;
  roomId: string;
  text: string;
}

/** Rooms by number; a sender's persona is of this length for everybody. */
const PERSONA = { id: nanoid(), name: 17, hue: 211, creature: 23 };

export class Rooms {
  #made = 0;
  readonly #heads = new Map<string, number>();

  create(): object {
    this.#made += 1;
    const id = String(this.#made).padStart(21, "r");
    return {
      room: {
        id,
        access: "link",
        lifetime: { kind: "fixed", ms: 600_000 },
        deadlineAt: Date.now() + 600_000,
        members: 0,
        capacity: 1000,
        encrypted: false,
        epoch: 1,
        head: 0,
        locked: false,
        slowModeMs: 0,
        links: false,
      },
      ownerKey: "k".repeat(43),
    };
  }

  enter(): object {
    return { me: PERSONA, members: [], messages: [], recovered: true };
  }

  /** A message's event and the reply to its sender. */
  send({ id, roomId, text }: Sent): { event: object; data: object } {
    const seq = (this.#heads.get(roomId) ?? 0) + 1;
    this.#heads.set(roomId, seq);
    const sentAt = Date.now();
    const deadlineAt = sentAt + 600_000;
    const message = { seq, id, from: PERSONA, text, epoch: 1, sentAt };
    return { event: { roomId, message, deadlineAt }, data: { seq, sentAt, deadlineAt } };
  }
}

/** What is told to whoever connects. A known token is not told again. */
export function ready(isKnown: boolean): object {
  const quota = { left: 10, resetsAt: Date.now() + 86_400_000 };
  return {
    ...(!isKnown && { token: "t".repeat(43), blocksKey: "b".repeat(43) }),
    serverTime: Date.now(),
    protocol: 1,
    persona: { name: 17, hue: 211, creature: 23 },
    quotas: { throws: quota, catches: quota },
    limits: LIMITS,
    features: ["bottles", "rooms", "hole", "meets", "circle", "feed", "asks", "shell"],
    pushKey: null,
    penalties: [],
  };
}
