import { t } from "../i18n/index.ts";
import { go } from "../route.ts";
import { Sheet } from "./Sheet.tsx";

/** What is not here, or no more: said in a line, with the way to what is. */
export function Gone({ title, id, text }: { title: string; id: string; text: string }) {
  return (
    <Sheet title={title} id={id} class="small">
      <p role="status">{text}</p>
      <div class="acts">
        <button type="button" onClick={() => go({ sheet: "shelf" })}>
          {t("mine")}
        </button>
      </div>
    </Sheet>
  );
}
