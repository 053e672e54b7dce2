import { useLayoutEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";

/**
 * Where what was pressed makes room for something else, focus goes there, and back when that has closed:
 * else whoever has no mouse would begin at the head of the page again.
 */
export function useFocusIn<Inside extends HTMLElement = HTMLButtonElement>(
  isOpen: boolean,
): { opener: RefObject<HTMLButtonElement | null>; inside: RefObject<Inside | null> } {
  const opener = useRef<HTMLButtonElement>(null);
  const inside = useRef<Inside>(null);
  const wasOpen = useRef(isOpen);
  useLayoutEffect(() => {
    if (isOpen !== wasOpen.current) (isOpen ? inside : opener).current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return { opener, inside };
}
