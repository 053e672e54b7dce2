import type { AnyWrite } from "../outbox.ts";
import { parts } from "../parts.ts";

/** What there is to say beside a place to write, by those parts of the page that have anything to say. */
export function BesideWriting(props: { place: string; onChange?: (write: AnyWrite) => void }) {
  return (
    <>
      {[parts.safety, parts.care].map(({ arrival: { value } }, i) =>
        value.is === "here" ? <value.it.Beside key={i} {...props} /> : null,
      )}
    </>
  );
}
