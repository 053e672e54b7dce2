import { useLayoutEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { t } from "../i18n/index.ts";
import { putDown } from "../route.ts";

/** How far a sheet is pulled down before it is let go, in px. */
const LET_GO_PX = 90;

/** For what opens further down: it is seen at once. A ref that stays the same brings it there once. */
export const intoView = (element: Element | null): void =>
  element?.scrollIntoView({ block: "nearest" });

interface SheetProps {
  title: string;
  /** A short name for what may differ between two sheets of a kind, so that focus follows. */
  id: string;
  children: ComponentChildren;
  class?: string;
}

/**
 * The one sheet of paper over the shore: from below on a phone, beside the sea on a wide screen.
 * It is not modal: the sea stays. Focus goes to its title, Escape and a pull put it down.
 */
export function Sheet({ title, id, children, class: extra = "" }: SheetProps) {
  const sheet = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    heading.current?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent): void => {
      // With some languages Escape belongs to the word that is being composed.
      if (event.key === "Escape" && !event.isComposing) putDown();
    };
    addEventListener("keydown", onKey);
    // What had the focus may go, as a row of a list does: then the focus would fall to the head of the page.
    let last: Node | null = null;
    const whole = sheet.current!;
    const onFocus = ({ target }: FocusEvent): void => void (last = target as Node);
    whole.addEventListener("focusin", onFocus);
    const changes = new MutationObserver(() => {
      if (last?.isConnected === false && document.activeElement === document.body)
        heading.current?.focus({ preventScroll: true });
    });
    changes.observe(whole, { childList: true, subtree: true });
    return () => {
      removeEventListener("keydown", onKey);
      whole.removeEventListener("focusin", onFocus);
      changes.disconnect();
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, [id]);

  const pull = useRef<{ from: number; by: number } | null>(null);
  const move = (by: number): void => {
    if (sheet.current) sheet.current.style.transform = by > 0 ? `translateY(${by}px)` : "";
  };
  return (
    <section ref={sheet} class={`sheet ${extra}`} aria-labelledby="sheet-title">
      <header
        class="sheet-head"
        onPointerDown={(event) => {
          if ((event.target as Element).closest("button")) return;
          pull.current = { from: event.clientY, by: 0 };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (!pull.current) return;
          pull.current.by = event.clientY - pull.current.from;
          move(pull.current.by);
        }}
        onPointerUp={() => {
          if ((pull.current?.by ?? 0) > LET_GO_PX) putDown();
          pull.current = null;
          move(0);
        }}
        onPointerCancel={() => {
          pull.current = null;
          move(0);
        }}
      >
        <span class="grip" aria-hidden="true" />
        <h2 id="sheet-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="icon" aria-label={t("close")} onClick={putDown}>
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <path
              d="M6 9l6 6 6-6"
              fill="none"
              stroke="currentColor"
              stroke-width="2"
              stroke-linecap="round"
            />
          </svg>
        </button>
      </header>
      <div class="sheet-body">{children}</div>
    </section>
  );
}
