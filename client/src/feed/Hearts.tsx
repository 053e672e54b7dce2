import type { Secret } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";
import { heart } from "./river.ts";

export const heartsIn = (count: number): string =>
  count === 0 ? t("heartNone") : count === 1 ? t("heartOne") : t("hearts", { count });

export const answersIn = (count: number): string =>
  count === 0 ? t("saidNone") : count === 1 ? t("saidOne") : t("said", { count });

/** A heart is also what carries a secret on. */
export function Hearts({ post }: { post: Secret }) {
  const { id, hearts, hearted } = post;
  return (
    <button
      type="button"
      class="on-light"
      aria-pressed={hearted}
      aria-label={`${t(hearted ? "heartTake" : "heartGive")}, ${heartsIn(hearts)}`}
      onClick={() => void heart(id, !hearted)}
    >
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <path d="M12 20C5 15 3 11.5 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5c0 3-2 6.5-9 11.500z" />
      </svg>
      <span aria-hidden="true">{hearts > 0 ? hearts.toLocaleString() : ""}</span>
    </button>
  );
}
