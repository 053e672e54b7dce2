/** What stands in a field of a form, by its name. */
export const valueOf = (form: HTMLFormElement, name: string): string =>
  form.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value ?? "";

/** A code as it is sent: authenticators show it with a space in it. */
export const codeOf = (form: HTMLFormElement, name: string): string =>
  valueOf(form, name).replace(/\s/g, "");

interface FieldProps {
  name: string;
  label: string;
  hint?: string;
}

export function PasswordField({
  autocomplete,
  minLength = 1,
  ...field
}: FieldProps & { autocomplete: "current-password" | "new-password"; minLength?: number }) {
  return (
    <Field {...field}>
      <input
        id={field.name}
        name={field.name}
        type="password"
        autocomplete={autocomplete}
        required
        minLength={minLength}
        maxLength={256}
        aria-describedby={field.hint === undefined ? undefined : `${field.name}-hint`}
      />
    </Field>
  );
}

export function CodeField(field: FieldProps) {
  return (
    <Field {...field}>
      <input
        id={field.name}
        name={field.name}
        class="code"
        inputMode="numeric"
        autocomplete="one-time-code"
        pattern="\s*(\d\s*){6}"
        required
        aria-describedby={field.hint === undefined ? undefined : `${field.name}-hint`}
      />
    </Field>
  );
}

function Field({
  name,
  label,
  hint,
  children,
}: FieldProps & { children: preact.ComponentChildren }) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {children}
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
