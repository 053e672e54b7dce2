import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { QrCode } from "../views/QrCode.tsx";
import { Refused } from "./api.ts";
import { fault } from "./cases.ts";
import { Trouble } from "./Trouble.tsx";
import { CodeField, PasswordField, codeOf, valueOf } from "./fields.tsx";
import { ask, leave, session } from "./session.ts";
import { say, span } from "./texts.ts";

/** One's own account: another password, another secret. Each ends all sessions. */
export function Account() {
  return (
    <main class="narrow">
      <h1 tabIndex={-1}>{say("accountOf", { name: session.value?.name ?? "" })}</h1>
      <p class="hint">{say("endsAll")}</p>
      <Password />
      <Codes />
    </main>
  );
}

function Password() {
  return (
    <section>
      <h2>{say("passwordTitle")}</h2>
      <Change
        label={say("passwordChange")}
        send={(form) =>
          ask("change-password", {
            password: valueOf(form, "old-password"),
            code: codeOf(form, "old-code"),
            next: valueOf(form, "new-password"),
          })
        }
      >
        <PasswordField
          name="new-password"
          label={say("passwordNew")}
          hint={say("passwordHint")}
          autocomplete="new-password"
          minLength={12}
        />
        <PasswordField
          name="old-password"
          label={say("password")}
          autocomplete="current-password"
        />
        <CodeField name="old-code" label={say("code")} />
      </Change>
    </section>
  );
}

function Codes() {
  const made = useSignal<{ secret: string; address: string } | null>(null);
  const trouble = useSignal<unknown>(null);
  const make = async (): Promise<void> => {
    try {
      made.value = await ask("new-secret", {});
    } catch (error) {
      trouble.value = error;
    }
  };
  return (
    <section>
      <h2>{say("secretTitle")}</h2>
      <p class="hint">{say("secretWhy")}</p>
      <Trouble of={trouble.value} />
      {made.value === null ? (
        <button type="button" onClick={() => void make()}>
          {say("secretMake")}
        </button>
      ) : (
        <Change
          label={say("secretChange")}
          send={(form) =>
            ask("change-secret", {
              password: valueOf(form, "secret-password"),
              code: codeOf(form, "secret-code"),
              next: codeOf(form, "secret-next"),
              secret: made.value!.secret,
            })
          }
        >
          <p>{say("secretScan")}</p>
          <QrCode text={made.value.address} label={say("secretQr")} />
          <p class="secret">{made.value.secret.replace(/.{4}(?=.)/g, "$& ")}</p>
          <CodeField name="secret-next" label={say("codeNew")} />
          <PasswordField
            name="secret-password"
            label={say("password")}
            autocomplete="current-password"
          />
          <CodeField name="secret-code" label={say("codeOld")} />
        </Change>
      )}
    </section>
  );
}

interface ChangeProps {
  label: string;
  send: (form: HTMLFormElement) => Promise<unknown>;
  children: preact.ComponentChildren;
}

/** A form after which one signs in anew. */
function Change({ label, send, children }: ChangeProps) {
  const form = useRef<HTMLFormElement>(null);
  const trouble = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    try {
      await send(form.current!);
      leave("changed");
    } catch (error) {
      isBusy.value = false;
      trouble.value = error;
    }
  };
  return (
    <form ref={form} class="fields" onSubmit={(event) => void submit(event)}>
      {children}
      <Trouble of={trouble.value} words={troubleOf} />
      <button class="primary" disabled={isBusy.value}>
        {label}
      </button>
    </form>
  );
}

function troubleOf(error: unknown): string {
  if (!(error instanceof Refused)) return fault(error);
  const { code, retryAfterMs, fields } = error.error;
  if (code === "rate_limited") return say("tooFast", { wait: span(retryAfterMs ?? 1000) });
  if (code === "forbidden") return say("notRight");
  if (code !== "invalid") return fault(error);
  return fields && "next" in fields ? say("notValidNext") : say("notRight");
}
