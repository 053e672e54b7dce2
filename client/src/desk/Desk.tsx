import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { language } from "../choices.ts";
import { Account } from "./Account.tsx";
import { cases, nothing, pending, said, settle, undo } from "./cases.ts";
import { Figures } from "./Figures.tsx";
import { hearKeys, keysOn } from "./keys.ts";
import { Log } from "./Log.tsx";
import { changeLanguage, changeLight } from "./look.ts";
import { Queue } from "./Queue.tsx";
import { session, signOut } from "./session.ts";
import { SignIn } from "./SignIn.tsx";
import { say } from "./texts.ts";

const VIEWS = { queue: Queue, figures: Figures, log: Log, account: Account };
type View = keyof typeof VIEWS;

export function Desk() {
  return (
    <>
      <header class="top">
        <strong>{say("desk")}</strong>
        <div>
          <button type="button" onClick={changeLight} aria-label={say("light")}>
            ◐
          </button>
          <button
            type="button"
            onClick={changeLanguage}
            lang={language.value === "zh" ? "en" : "zh-Hans"}
          >
            {say(language.value === "zh" ? "toEnglish" : "toChinese")}
          </button>
        </div>
      </header>
      {session.value ? <Signed key={session.value.token} /> : <SignIn />}
    </>
  );
}

function Signed() {
  const view = useSignal<View>("queue");
  const Shown = VIEWS[view.value];
  const body = useRef<HTMLDivElement>(null);
  const show = (next: View): void => {
    said.value = nothing;
    view.value = next;
  };
  useEffect(() => {
    scrollTo({ top: 0 });
    body.current?.querySelector("h1")?.focus({ preventScroll: true });
  }, [view.value]);
  return (
    <>
      <nav class="views" aria-label={say("desk")}>
        {(Object.keys(VIEWS) as View[]).map((one) => (
          <button
            key={one}
            type="button"
            aria-current={one === view.value ? "page" : undefined}
            onClick={() => show(one)}
          >
            {say(one)}
            {one === "queue" && cases.value.length > 0 && <b> {cases.value.length}</b>}
          </button>
        ))}
        <button type="button" onClick={() => void settle().then(() => signOut())}>
          {say("signOut")}
        </button>
      </nav>
      <div class="said">
        <p role="status">{said.value()}</p>
        <Pending />
      </div>
      <div ref={body}>
        <Shown />
      </div>
      {view.value === "queue" && <Keys />}
    </>
  );
}

/** The last decision, as long as it can be taken back. */
function Pending() {
  const due = pending.value;
  if (!due) return null;
  const { decision, reason } = due;
  return (
    <div class="pending">
      <p role="status">
        {say("pending", { decision: say(`decide_${decision}`), reason: say(`reason_${reason}`) })}
      </p>
      <button type="button" onClick={undo}>
        {keysOn.value && <kbd aria-hidden="true">U</kbd>} {say("undo")}
      </button>
    </div>
  );
}

function Keys() {
  useEffect(() => hearKeys(), []);
  const box = useRef<HTMLInputElement>(null);
  return (
    <footer class="keys">
      <label>
        <input
          ref={box}
          type="checkbox"
          checked={keysOn.value}
          onChange={() => (keysOn.value = box.current!.checked)}
        />
        {say("keysOn")}
      </label>
      <p class="hint">{say("keysHelp")}</p>
    </footer>
  );
}
