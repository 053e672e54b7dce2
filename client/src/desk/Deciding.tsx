import { useLayoutEffect, useRef } from "preact/hooks";
import type { DeskDecision, DeskItem } from "@driftsea/protocol";
import { choosing, decide } from "./cases.ts";
import { keysOn } from "./keys.ts";
import { decisionsOf, reasonsFor } from "./suggestion.ts";
import { say } from "./texts.ts";

/** First what, then why. Nothing is sent before both are said. */
export function Deciding({ item }: { item: DeskItem }) {
  const decision = choosing.value;
  return decision === null ? <What item={item} /> : <Why item={item} decision={decision} />;
}

function What({ item }: { item: DeskItem }) {
  // What comes of it: one is enough for what was never published, two for the rest.
  const effect = item.state === "held" ? "held" : item.needsSecond ? "second" : "hint";
  return (
    <fieldset class="deciding">
      <legend>{say("decide")}</legend>
      {decisionsOf(item).map((decision, i) => (
        <button
          key={decision}
          type="button"
          class={`choice to-${decision}`}
          onClick={() => (choosing.value = decision)}
        >
          <Key of={i + 1} />
          <span>
            <b>{say(`decide_${decision}`)}</b>
            <small>{say(`decide_${decision}-${effect}`)}</small>
          </span>
        </button>
      ))}
    </fieldset>
  );
}

function Why({ item, decision }: { item: DeskItem; decision: DeskDecision }) {
  const first = useRef<HTMLButtonElement>(null);
  // Before anybody can see it: a key that is pressed then is meant for it.
  useLayoutEffect(() => first.current?.focus(), []);
  return (
    <fieldset class="deciding why">
      <legend>{say("why", { decision: say(`decide_${decision}`) })}</legend>
      {reasonsFor(item, decision).map((reason, i) => (
        <button
          key={reason}
          ref={i === 0 ? first : undefined}
          type="button"
          class="choice"
          onClick={() => decide(decision, reason)}
        >
          <Key of={(i + 1) % 10} />
          <span>
            {say(`reason_${reason}`)}
            {i === 0 && <small>{say("suggested")}</small>}
          </span>
        </button>
      ))}
      <button type="button" class="choice back" onClick={() => (choosing.value = null)}>
        {keysOn.value && <kbd aria-hidden="true">Esc</kbd>}
        <span>{say("back")}</span>
      </button>
    </fieldset>
  );
}

const Key = ({ of }: { of: number }) => (keysOn.value ? <kbd aria-hidden="true">{of}</kbd> : null);
