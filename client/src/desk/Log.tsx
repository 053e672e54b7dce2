import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { DeskLogEntry } from "@driftsea/protocol";
import { Trouble } from "./Trouble.tsx";
import { ask } from "./session.ts";
import { dateTime, say, sayWord } from "./texts.ts";

/** What was done, by whom, the newest first. */
export function Log() {
  const entries = useSignal<readonly DeskLogEntry[]>([]);
  const isWhole = useSignal(false);
  const trouble = useSignal<unknown>(null);
  const read = async (): Promise<void> => {
    try {
      const before = entries.value.at(-1)?.seq;
      const more = await ask("log", before === undefined ? {} : { before });
      entries.value = [...entries.value, ...more.entries];
      isWhole.value = more.entries.length === 0 || more.entries.at(-1)!.seq <= 1;
      trouble.value = null;
    } catch (error) {
      trouble.value = error;
    }
  };
  useEffect(() => void read(), []);
  return (
    <main class="narrow">
      <h1 tabIndex={-1}>{say("log")}</h1>
      <p class="hint">{say("log_note")}</p>
      <Trouble of={trouble.value} />
      {entries.value.length === 0 && isWhole.value && <p class="empty">{say("log_none")}</p>}
      <ol class="log">
        {entries.value.map((entry) => (
          <Line key={entry.seq} entry={entry} />
        ))}
      </ol>
      {!isWhole.value && entries.value.length > 0 && (
        <button type="button" onClick={() => void read()}>
          {say("log_more")}
        </button>
      )}
    </main>
  );
}

function Line({ entry }: { entry: DeskLogEntry }) {
  const { seq, at, name, what, item, decision, reason, hash } = entry;
  return (
    <li value={seq}>
      <p>
        <b>{name ?? say("nobody")}</b>{" "}
        {decision === null || reason === null
          ? sayWord("what", what)
          : say("log_decided", {
              what: sayWord("what", what),
              decision: sayWord("decide", decision),
              reason: sayWord("reason", reason),
            })}
      </p>
      <p class="meta">
        <time dateTime={new Date(at).toISOString()}>{dateTime(at)}</time>
        {item !== null && ` · ${say("log_case")} ${item.slice(0, 6)}`} · {hash.slice(0, 8)}
      </p>
    </li>
  );
}
