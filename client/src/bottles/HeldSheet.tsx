import { LIMITS, cleanText } from "@driftsea/protocol";
import { nameOf, t } from "../i18n/index.ts";
import { waiting } from "../outbox.ts";
import { ReportAndBlock } from "../safety/ReportAndBlock.tsx";
import { block, report } from "../safety/safety.ts";
import { Avatar } from "../views/Avatar.tsx";
import { CareNote } from "../views/CareNote.tsx";
import { Countdown } from "../views/Countdown.tsx";
import { Gone } from "../views/Gone.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { TextField } from "../views/TextField.tsx";
import { Words } from "./Words.tsx";
import { answer, areBottlesRead, held, hold, throwBack } from "./bottles.ts";

/** A bottle in one's hand: what it says, how long one has, and the four things one can do. */
export function HeldSheet({ id }: { id: string }) {
  const found = held.value.find((one) => one.bottle.id === id);
  if (!found) {
    const text = t(areBottlesRead.value ? "gone" : "connecting");
    return <Gone title={t("caughtTitle")} id={id} text={text} />;
  }
  const { bottle, leaseEndsAt } = found;
  const isAnswered = waiting.value.some(
    (write) => write.name === "bottle:answer" && write.payload.bottleId === bottle.id,
  );
  return (
    <Sheet title={t("caughtTitle")} id={id}>
      <div class="who">
        <Avatar persona={bottle.persona} />
        <p>
          <strong>{t("writes", { name: nameOf(bottle.persona) })}</strong>
          <br />
          <Countdown until={leaseEndsAt} text="leaseLeft" ends="leaseEnds" />
        </p>
      </div>
      <Words text={bottle.text} kind={bottle.kind} mood={bottle.mood} />
      <CareNote of="reader" care={bottle.care} />
      {isAnswered ? (
        <p role="status">{t("notSent")}</p>
      ) : (
        <TextField
          place={`answer:${bottle.id}`}
          label={t("yourAnswer")}
          placeholder={t("answerPlaceholder")}
          most={LIMITS.messageChars}
          submit={t("answer")}
          onType={() => void hold(bottle.id)}
          onSubmit={(text) => {
            answer(bottle.id, cleanText(text));
            return true;
          }}
        />
      )}
      <div class="acts">
        <button type="button" onClick={() => void throwBack(bottle.id)}>
          {t("release")}
        </button>
        <ReportAndBlock
          onReport={(...what) => report({ kind: "bottle", id: bottle.id }, ...what)}
          onBlock={() => void block({ kind: "bottle", id: bottle.id })}
        />
      </div>
    </Sheet>
  );
}
