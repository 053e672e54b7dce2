import { useRef } from "preact/hooks";
import { LIMITS, cleanText, countChars, countLineBreaks, textFault } from "@driftsea/protocol";
import { draftOf, keepDraft } from "../drafts.ts";
import { t } from "../i18n/index.ts";
import { parts } from "../parts.ts";
import { BesideWriting } from "./BesideWriting.tsx";

interface TextFieldProps {
  /** Where the draft is kept. */
  place: string;
  label: string;
  placeholder: string;
  most: number;
  submit: string;
  rows?: number;
  disabled?: boolean;
  onType?: (text: string) => void;
  /** True where the text was taken: then the field is emptied. */
  onSubmit: (text: string) => boolean;
  children?: preact.ComponentChildren;
}

/** From here on the rest is shown, and is spoken. */
export const NEAR_END = 100;

/** What there is too much of; else, near the end, what is left. */
export function Rest({ text, most }: { text: string; most: number }) {
  const over = overOf(text, most);
  const rest = most - countChars(cleanText(text));
  return (
    <p class={over === "" ? "rest" : "rest over"} role="status">
      {over || (rest < NEAR_END ? t("charsLeft", { count: rest }) : "")}
    </p>
  );
}

/** By how much a text is longer than may be sent, in words; empty where it is not. */
export function overOf(text: string, most: number): string {
  const clean = cleanText(text);
  const count = countChars(clean) - most;
  const breaks = countLineBreaks(clean) - LIMITS.lineBreaks;
  return count > 0
    ? t("charsOver", { count })
    : breaks > 0
      ? t("breaksOver", { count: breaks })
      : "";
}

/** A place to write: keeps its draft, counts what is left, and takes what the sea would take. */
export function TextField(props: TextFieldProps) {
  const { place, label, placeholder, most, submit, rows = 4 } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const text = draftOf(place);
  const fault = text === "" ? "" : (textFault(text, most) ?? "");
  const write = (next: string): void => {
    keepDraft(place, next);
    props.onType?.(next);
  };
  const hand = (event: Event): void => {
    event.preventDefault();
    if (props.disabled === true || textFault(text, most) !== undefined) return;
    if (parts.safety.now()?.isWritingClosed(place)) return;
    if (!props.onSubmit(text)) return;
    keepDraft(place, "");
    // The button that was pressed is shut now: one goes on where one writes.
    field.current?.focus();
  };
  return (
    <form class="write" data-place={place} onSubmit={hand}>
      <BesideWriting place={place} />
      <textarea
        ref={field}
        aria-label={label}
        placeholder={placeholder}
        rows={rows}
        value={text}
        aria-invalid={overOf(text, most) !== ""}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) hand(event);
        }}
      />
      <Rest text={text} most={most} />
      {props.children}
      <button
        type="submit"
        class="primary"
        disabled={text.trim() === "" || fault !== "" || (props.disabled ?? false)}
      >
        {submit}
      </button>
    </form>
  );
}
