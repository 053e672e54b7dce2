import { useEffect, useState } from "preact/hooks";
import type { CircleCode } from "@driftsea/protocol";
import { connection } from "../connection.ts";
import { t } from "../i18n/index.ts";
import { arrivals } from "../route.ts";
import { GivenLink } from "../views/GivenLink.tsx";
import { Sheet } from "../views/Sheet.tsx";
import { Sure } from "../views/Sure.tsx";
import { BackToRiver } from "./BackToRiver.tsx";
import { Seats, friendsIn } from "./RiverSheet.tsx";
import {
  accept,
  accepted,
  arrival,
  decline,
  invite,
  leaveCircle,
  lookForArrival,
} from "./circle.ts";
import { codes } from "./kept.ts";
import { refreshCircle } from "./river.ts";
import { circle } from "./state.ts";

/** One's circle, by numbers alone, and the ways into it and out. */
export function CircleSheet() {
  const isReady = connection.value.is === "ready";
  const how = accepted.value;
  const times = arrivals.value;
  useEffect(lookForArrival, [times]);
  useEffect(() => {
    if (isReady) void refreshCircle();
  }, [isReady]);
  useEffect(
    () => () => {
      accepted.value = null;
    },
    [],
  );
  return (
    <Sheet title={t("circleTitle")} id="circle" class="circle">
      {arrival.value !== null && <Arrival code={arrival.value} isReady={isReady} />}
      <div role="status">{how !== null && <p class="gift">{t(`arrived_${how}`)}</p>}</div>
      <Standing />
      <Invite isReady={isReady} />
      <p class="hint">{t("circleDelay")}</p>
      <Links />
      <BackToRiver />
    </Sheet>
  );
}

/** A link is not spent by a program that only looks at it: somebody has to say yes. */
function Arrival({ code, isReady }: { code: CircleCode; isReady: boolean }) {
  const [isGoing, setGoing] = useState(false);
  const say = async (): Promise<void> => {
    setGoing(true);
    await accept(code);
    setGoing(false);
  };
  return (
    <section class="arrival" aria-labelledby="arrival">
      <h3 id="arrival">{t("arrivalTitle")}</h3>
      <p>{t("arrivalText")}</p>
      <div class="acts">
        <button
          type="button"
          class="primary"
          disabled={!isReady || isGoing}
          onClick={() => void say()}
        >
          {t("arrivalYes")}
        </button>
        <button type="button" disabled={isGoing} onClick={decline}>
          {t("arrivalNo")}
        </button>
      </div>
    </section>
  );
}

function Standing() {
  if (circle.value === null) return null;
  const { open, friends, needed } = circle.value;
  return (
    <>
      <p class="why-count">
        <Seats have={friends} needed={needed} />
        <span>
          <strong>{t("circleHas", { friends: friendsIn(friends) })}</strong>{" "}
          {open
            ? t("circleIsOpen")
            : needed === 1
              ? t("circleNeededOne")
              : t("circleNeeded", { count: needed })}
        </span>
      </p>
      {!open && <p class="lead">{t("whyText")}</p>}
    </>
  );
}

function Invite({ isReady }: { isReady: boolean }) {
  const [link, setLink] = useState<string | null>(null);
  return (
    <section aria-labelledby="circle-invite">
      <h3 id="circle-invite">{t("circleInvite")}</h3>
      <p class="hint">{t("circleInviteText")}</p>
      <div class="acts">
        <button
          type="button"
          class="primary"
          disabled={!isReady}
          onClick={() => void invite().then((made) => made !== null && setLink(made))}
        >
          {t("circleMake")}
        </button>
      </div>
      {link !== null && <GivenLink link={link} />}
    </section>
  );
}

function Links() {
  const friends = circle.value?.friends ?? 0;
  return (
    <>
      {codes.value.length > 0 && (
        <details>
          <summary>{t("circleLinks")}</summary>
          <p class="hint">{t("circleLinksText")}</p>
          <ul class="list">
            {codes.value.map(({ code, way, at }) => (
              <li key={code} class="circle-link">
                <span>{t(way === "made" ? "circleMade" : "circleFollowed", { time: at })}</span>
                <Sure
                  label={t("circleLeaveOne")}
                  sure={t("circleLeaveOneSure")}
                  onSure={() => void leaveCircle(code)}
                />
              </li>
            ))}
          </ul>
        </details>
      )}
      {(friends > 0 || codes.value.length > 0) && (
        <div class="acts">
          <Sure
            label={t("circleLeaveAll")}
            sure={t("circleLeaveAllSure")}
            onSure={() => void leaveCircle()}
          />
        </div>
      )}
    </>
  );
}
