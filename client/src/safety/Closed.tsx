import { connection } from "../connection.ts";
import { clockTime, t } from "../i18n/index.ts";
import { go } from "../route.ts";
import { Countdown } from "../views/Countdown.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { closed, isOfLapses, wordsOf } from "./penalties.ts";

/** A calm strip for each thing that is closed for a while. */
export function ClosedStrip() {
  const all = closed.value.filter((one) => !isOfLapses(one));
  if (all.length === 0) return null;
  return (
    <section class="closed-strip" aria-label={t("closedTitle")}>
      <ul>
        {all.map((one) => (
          <li key={one.function}>
            {t("closedLine", wordsOf(one))}{" "}
            <Countdown until={one.untilAt} text="closedLeft" ends="closedEnds" />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The whole person is kept out for a while: said plainly, with what is still there. */
export function BannedSheet() {
  const now = connection.value;
  if (now.is !== "refused") return null;
  const until = now.untilAt ?? 0;
  return (
    <Sheet title={t("bannedTitle")} id="banned" class="banned">
      <p class="lead">{t("bannedText", { time: clockTime(until) })}</p>
      <p>
        <Countdown until={until} text="closedLeft" ends="closedEnds" />
      </p>
      <p>{t("bannedKept")}</p>
      <div class="acts">
        <button type="button" class="primary" onClick={() => go({ sheet: "rules" })}>
          {t("rulesTitle")}
        </button>
        <button type="button" onClick={() => go({ sheet: "care" })}>
          {t("careTitle")}
        </button>
      </div>
    </Sheet>
  );
}
