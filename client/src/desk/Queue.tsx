import { Case } from "./Case.tsx";
import { cases, current, hasLoaded, position, select, step } from "./cases.ts";
import { say, sayWord, span, waiting } from "./texts.ts";

/** One case at a time, and all that wait: care first, then by urgency and age. */
export function Queue() {
  const all = cases.value;
  const item = current.value;
  if (!hasLoaded.value) return <main class="narrow" aria-busy="true" />;
  if (!item) {
    return (
      <main class="narrow">
        <h1 tabIndex={-1}>{say("queue")}</h1>
        <p class="empty">{say("waiting_none")}</p>
      </main>
    );
  }
  return (
    <main class="queue">
      <Case key={item.id} item={item} />
      <nav class="others" aria-label={say("list")}>
        <div class="steps">
          <button type="button" disabled={all.length < 2} onClick={() => step(-1)}>
            ← {say("previous")}
          </button>
          <span>{say("place", { n: position.value + 1, all: all.length })}</span>
          <button type="button" disabled={all.length < 2} onClick={() => step(1)}>
            {say("next")} →
          </button>
        </div>
        <h2>{waiting(all.length)}</h2>
        <ol>
          {all.map(({ id, urgency, kind, since }) => (
            <li key={id}>
              <button
                type="button"
                class={`other is-${urgency}`}
                aria-current={id === item.id ? "true" : undefined}
                onClick={() => select(id)}
              >
                <b>{sayWord("urgency", urgency)}</b>
                <span>{sayWord("kind", kind)}</span>
                <span class="age">{span(Date.now() - since)}</span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
    </main>
  );
}
