import { fault } from "./cases.ts";

/** What went wrong, said in the language that is chosen when it is read; null: nothing did. */
export function Trouble({
  of,
  words = fault,
}: {
  of: unknown;
  words?: (error: unknown) => string;
}) {
  return (
    <p class="trouble" role="alert">
      {of !== null && words(of)}
    </p>
  );
}
