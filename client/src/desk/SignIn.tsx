import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Refused } from "./api.ts";
import { fault } from "./cases.ts";
import { Trouble } from "./Trouble.tsx";
import { CodeField, PasswordField, codeOf, valueOf } from "./fields.tsx";
import { farewell, signIn } from "./session.ts";
import { say, span } from "./texts.ts";

/** Name, password and code in one step: which of them was wrong nobody is told. */
export function SignIn() {
  const trouble = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    trouble.value = null;
    try {
      await signIn({
        name: valueOf(form.current!, "name"),
        password: valueOf(form.current!, "password"),
        code: codeOf(form.current!, "code"),
      });
    } catch (error) {
      isBusy.value = false;
      trouble.value = error;
      const code = form.current?.querySelector<HTMLInputElement>('[name="code"]');
      if (code) code.value = "";
      code?.focus();
    }
  };
  return (
    <main class="narrow">
      <h1>{say("signInTitle")}</h1>
      {farewell.value !== null && <p class="notice">{say(farewell.value)}</p>}
      <form ref={form} class="fields" onSubmit={(event) => void submit(event)}>
        <label>
          {say("name")}
          <input
            name="name"
            autocomplete="username"
            autocapitalize="none"
            required
            maxLength={64}
          />
        </label>
        <PasswordField name="password" label={say("password")} autocomplete="current-password" />
        <CodeField name="code" label={say("code")} hint={say("codeHint")} />
        <Trouble of={trouble.value} words={troubleOf} />
        <button class="primary" disabled={isBusy.value}>
          {say("signIn")}
        </button>
      </form>
    </main>
  );
}

function troubleOf(error: unknown): string {
  if (!(error instanceof Refused)) return fault(error);
  const { code, retryAfterMs } = error.error;
  if (code === "rate_limited") return say("tooFast", { wait: span(retryAfterMs ?? 1000) });
  if (code === "unauthorized" || code === "invalid") return say("wrong");
  return fault(error);
}
