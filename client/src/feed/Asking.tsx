import { POLL_CHOICES } from "@driftsea/protocol";
import type { Secret } from "@driftsea/protocol";
import { t } from "../i18n/index.ts";
import { vote } from "./river.ts";

const CHOICE_TEXT = { yes: "pollYes", no: "pollNo" } as const;

/** A question that travels with a secret. How it stands is told from five votes on. */
export function Asking({ post }: { post: Secret }) {
  const { id, poll, voted } = post;
  if (!poll) return null;
  const isHidden = "hidden" in poll;
  const all = isHidden ? 0 : poll.yes + poll.no;
  return (
    <div class="asking" role="group" aria-label={t("pollAsks")}>
      {POLL_CHOICES.map((choice) => {
        const share = isHidden || all === 0 ? null : Math.round((poll[choice] * 100) / all);
        return (
          <button
            key={choice}
            type="button"
            aria-pressed={voted === choice}
            onClick={() => void vote(id, choice)}
          >
            {share !== null && (
              <span
                class="asking-share"
                aria-hidden="true"
                ref={(bar) => bar?.style.setProperty("--share", String(share / 100))}
              />
            )}
            <span>
              {t(CHOICE_TEXT[choice])}
              {share === null ? "" : ` ${share} %`}
            </span>
          </button>
        );
      })}
      {isHidden && <p>{t("pollHidden")}</p>}
    </div>
  );
}
