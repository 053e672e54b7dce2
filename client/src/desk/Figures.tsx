import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { DeskFigures } from "@driftsea/protocol";
import { Trouble } from "./Trouble.tsx";
import { ask } from "./session.ts";
import { say, share, span } from "./texts.ts";

const REFRESH_MS = 10_000;

/** How the queue stands, and how those who decide agree. */
export function Figures() {
  const figures = useSignal<DeskFigures | null>(null);
  const trouble = useSignal<unknown>(null);
  useEffect(() => {
    const read = async (): Promise<void> => {
      try {
        figures.value = await ask("figures", {});
        trouble.value = null;
      } catch (error) {
        trouble.value = error;
      }
    };
    void read();
    const timer = setInterval(() => void read(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const now = figures.value;
  const or = <T,>(value: T | null, words: (value: T) => string): string =>
    value === null ? say("fig_none") : words(value);
  return (
    <main class="narrow">
      <h1 tabIndex={-1}>{say("figures")}</h1>
      <Trouble of={trouble.value} />
      {now && (
        <>
          <dl class="figures">
            <Figure what={say("fig_waiting")} is={String(now.waiting)} />
            <Figure
              what={say("fig_oldest")}
              is={or(now.oldestSince, (since) => span(Date.now() - since))}
            />
            <Figure what={say("fig_decided")} is={String(now.decided)} />
            <Figure what={say("fig_median")} is={or(now.medianToDecision, span)} />
            <Figure what={say("fig_p90")} is={or(now.p90ToDecision, span)} />
            <Figure what={say("fig_agreement")} is={or(now.agreement, share)} />
            <Figure what={say("fig_overturned")} is={or(now.overturned, share)} />
          </dl>
          {now.byModerator.length > 0 && (
            <table>
              <caption>{say("fig_people")}</caption>
              <thead>
                <tr>
                  <th scope="col">{say("fig_person")}</th>
                  <th scope="col">{say("fig_cases")}</th>
                  <th scope="col">{say("fig_controls")}</th>
                </tr>
              </thead>
              <tbody>
                {now.byModerator.map(({ name, decided, controlsRight, controls }, i) => (
                  <tr key={i}>
                    <th scope="row">{name ?? say("gonePerson")}</th>
                    <td>{decided}</td>
                    <td>
                      {controlsRight} / {controls}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <p class="hint">{say("fig_note")}</p>
        </>
      )}
    </main>
  );
}

function Figure({ what, is }: { what: string; is: string }) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>{is}</dd>
    </div>
  );
}
