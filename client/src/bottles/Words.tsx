import { t } from "../i18n/index.ts";
import type { TextKey } from "../i18n/index.ts";

/** What a bottle says, with what its thrower called it. */
export function Words(props: { text: string; kind: string; mood?: string | undefined }) {
  const tags = [
    ...(props.kind === "plain" ? [] : [known(`kind_${props.kind}`)]),
    ...(props.mood === undefined ? [] : [known(`mood_${props.mood}`)]),
  ].filter((tag) => tag !== "");
  return (
    <blockquote class="letter">
      <p>{props.text === "" ? t("letterErased") : props.text}</p>
      {tags.length > 0 && <footer>{tags.join(" · ")}</footer>}
    </blockquote>
  );
}

/** A word that this page knows; a newer server may know more. */
function known(key: string): string {
  try {
    return t(key as TextKey);
  } catch {
    return "";
  }
}
