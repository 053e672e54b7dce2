import { signal } from "@preact/signals";
import type { BottleId, Creature, Data, Reply } from "@driftsea/protocol";
import { isCalm } from "../choices.ts";
import { send } from "../connection.ts";
import { go, putDown, route } from "../route.ts";
import { explain, say } from "../say.ts";
import { scene } from "../scene/index.ts";
import { quotas } from "../session/session.ts";
import { chosenSea, held, letGoEarly, refreshBottles } from "./bottles.ts";

/** What a catch is doing, and what it brought up where that is no bottle. */
export type Haul =
  { is: "nothing" } | { is: "waiting" } | { is: "creature"; creature: Creature } | { is: "calm" };
export const haul = signal<Haul>({ is: "nothing" });

type Caught = Reply<Data<"bottle:catch">> | null;

/** A wait that is felt, in ms; an answer that takes longer is not delayed further. */
const FELT_MS = { least: 600, most: 1200 };

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const isHeld = (id: BottleId): boolean => held.value.some((one) => one.bottle.id === id);

function takeInHand(reply: Caught): Caught {
  if (reply?.ok && reply.data.outcome === "bottle" && !isHeld(reply.data.bottle.id)) {
    const { bottle, leaseEndsAt } = reply.data;
    if (letGoEarly.has(bottle.id)) {
      say({ key: "recalledFromYou" });
      return reply;
    }
    held.value = [...held.value, { bottle, leaseEndsAt }];
  }
  return reply;
}

/** Casts the line. Who has a bottle in his hand looks at that one first. */
export async function catchBottle(): Promise<void> {
  if (haul.value.is === "waiting") return;
  const inHand = held.value[0];
  if (inHand) return go({ sheet: "held", id: inHand.bottle.id });
  haul.value = { is: "waiting" };
  if (route.value.sheet !== "none") putDown();
  const shore = scene();
  shore?.castLine();
  const felt = isCalm.value ? 0 : FELT_MS.least + Math.random() * (FELT_MS.most - FELT_MS.least);
  const asked = send("bottle:catch", chosenSea.value === "world" ? {} : { sea: chosenSea.value });
  // In the hand at once: it may be taken back, or be read anew, while the wait is felt.
  const [reply] = await Promise.all([asked.then(takeInHand), wait(felt)]);
  if (!reply?.ok) {
    void shore?.haul("calm");
    haul.value = { is: "nothing" };
    // Without a reply he may hold one all the same.
    if (!reply) void refreshBottles();
    return explain(reply);
  }
  const caught = reply.data;
  if (quotas.value) quotas.value = { ...quotas.value, catches: caught.quota };
  switch (caught.outcome) {
    case "bottle": {
      const { id } = caught.bottle;
      await shore?.haul(isHeld(id) ? "bottle" : "calm");
      haul.value = { is: "nothing" };
      return isHeld(id) ? go({ sheet: "held", id }) : undefined;
    }
    case "creature":
      await shore?.haul(caught.creature);
      haul.value = { is: "creature", creature: caught.creature };
      return go({ sheet: "catch" });
    case "calm":
      await shore?.haul("calm");
      haul.value = { is: "calm" };
      return go({ sheet: "catch" });
  }
}
