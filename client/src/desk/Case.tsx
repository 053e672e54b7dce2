import { useEffect, useRef } from "preact/hooks";
import type { DeskItem } from "@driftsea/protocol";
import { Deciding } from "./Deciding.tsx";
import { say, sayWord, span } from "./texts.ts";

/** A case: its text, why it is here, and what can be done. */
export function Case({ item }: { item: DeskItem }) {
  const title = useRef<HTMLHeadingElement>(null);
  // What nobody can verify each who reported it has told in his own way: none of these is more than another.
  const told = item.isUnverified ? item.texts : item.texts.slice(-1);
  const context = item.texts.slice(0, item.texts.length - told.length);
  useEffect(() => {
    title.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, []);
  return (
    <article class={`case is-${item.urgency}`} aria-labelledby="case-title">
      <header>
        <h1 id="case-title" ref={title} tabIndex={-1}>
          {say("caseTitle", {
            urgency: sayWord("urgency", item.urgency),
            kind: sayWord("kind", item.kind),
          })}
        </h1>
        <p class="meta">
          {say(`state_${item.state}`)} · {say("ago", { time: span(Date.now() - item.since) })}
        </p>
      </header>
      {item.urgency === "care" && <p class="care-note">{say("careNote")}</p>}
      {item.needsSecond && <p class="second">{say("needsSecond")}</p>}
      {context.length > 0 && (
        <section>
          <h2>{say("context")}</h2>
          {context.map((one, i) => (
            <blockquote key={i} dir="auto">
              {one}
            </blockquote>
          ))}
        </section>
      )}
      {told.map((one, i) => (
        <blockquote key={i} class="text" dir="auto">
          {one}
        </blockquote>
      ))}
      {item.isUnverified && <p class="hint">{say("unverified")}</p>}
      {item.appeal !== null && (
        <section class="appeal">
          <h2>{say("appeal")}</h2>
          <blockquote dir="auto">{item.appeal}</blockquote>
        </section>
      )}
      <section>
        <h2>{say("reasons")}</h2>
        {item.reasons.length === 0 ? (
          <p class="hint">{say("noReports")}</p>
        ) : (
          <ul class="reasons">
            {item.reasons.map(({ reason, count }) => (
              <li key={reason}>
                {sayWord("reason", reason)} <b>× {count}</b>
              </li>
            ))}
          </ul>
        )}
      </section>
      {item.notes.length > 0 && (
        <section>
          <h2>{say("notes")}</h2>
          <ul class="notes">
            {item.notes.map((note, i) => (
              <li key={i} dir="auto">
                {note}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Deciding item={item} />
    </article>
  );
}
