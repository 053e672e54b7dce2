import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { holdsMuted } from "@driftsea/protocol";
import type { Secret, SecretId } from "@driftsea/protocol";
import { connection } from "../connection.ts";
import { t } from "../i18n/index.ts";
import { isRiverCalling } from "../places.ts";
import { go } from "../route.ts";
import { Sheet } from "../views/Sheet.tsx";
import { Asking } from "./Asking.tsx";
import { Hearts, answersIn } from "./Hearts.tsx";
import { Light, Signature } from "./Lantern.tsx";
import { MutedWords } from "./MutedWords.tsx";
import { Whereabouts } from "./Whereabouts.tsx";
import { mutedWords } from "./muted.ts";
import { arrive, arriveInPlace, layOut, readOn } from "./river.ts";
import { arm, circle, goneOut, secrets, streams } from "./state.ts";
import type { Arm } from "./state.ts";
import { openTalk } from "./talk.ts";
import { mine, places } from "./whereabouts.ts";

const ARMS: readonly Arm[] = ["circle", "world", "place"];
const ARM_TEXT = { circle: "riverCircle", world: "riverWorld", place: "riverPlace" } as const;
/** The next page is asked for while the last card is still this far below, in px. */
const AHEAD_PX = 900;

/** Where each arm was left: who comes back goes on reading there, in px. */
const leftAt: Record<Arm, number> = { circle: 0, world: 0, place: 0 };

/** Where one's circle has nothing to show, the world's lanterns drift in its place. */
function armShown(): Arm {
  if (arm.value === "place" && places.value.length > 0) return "place";
  const { is, ids, cursor } = streams.circle.value;
  const isDark = circle.value?.open === false || (is === "read" && ids.length === 0 && !cursor);
  return arm.value === "circle" && !isDark ? "circle" : "world";
}

/** The river of lanterns: one thought a card. */
export function RiverSheet() {
  const start = useRef<HTMLDivElement>(null);
  const isReady = connection.value.is === "ready";
  const shown = armShown();
  const stream = streams[shown].value;
  const arms = places.value.length > 0 ? ARMS : ARMS.slice(0, 2);
  const isNowhere = shown === "place" && mine.value === null;
  useEffect(() => {
    isRiverCalling.value = false;
    if (!isReady) return;
    void arrive();
  }, [isReady]);
  useEffect(() => {
    if (isReady && shown === "place") void arriveInPlace();
  }, [isReady, shown, mine.value]);
  // Nothing is read yet, so nothing can be moved.
  useLayoutEffect(() => {
    const scroller = scrollerOf(start);
    if (!scroller) return;
    if (leftAt[shown] === 0) layOut(shown);
    scroller.scrollTop = leftAt[shown];
    const keep = (): void => {
      leftAt[shown] = scroller.scrollTop;
    };
    scroller.addEventListener("scroll", keep, { passive: true });
    return () => scroller.removeEventListener("scroll", keep);
  }, [shown]);

  const isFallback = arm.value === "circle" && shown === "world";
  return (
    <Sheet title={t("riverTitle")} id="river" class="river">
      <div ref={start} />
      <div class="river-head">
        <div class="arms" role="group" aria-label={t("riverArms")}>
          {arms.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={arm.value === one}
              onClick={() => (arm.value = one)}
            >
              {t(ARM_TEXT[one])}
            </button>
          ))}
        </div>
        <button type="button" class="quiet" onClick={() => go({ sheet: "circle" })}>
          {circle.value === null ? t("circleTitle") : friendsIn(circle.value.friends)}
        </button>
        <button type="button" class="quiet" onClick={() => go({ sheet: "own" })}>
          {t("riverOwn")}
        </button>
        <button type="button" class="quiet" onClick={() => go({ sheet: "box" })}>
          {t("riverBox")}
        </button>
      </div>
      {shown === "place" && <Whereabouts />}
      <NewLanterns shown={shown} isFallback={isFallback} start={start} />
      {isFallback && circle.value !== null && <WhyDark isOpen={circle.value.open} />}
      {stream.ids.length > 0 && (
        <div
          role="feed"
          class="lanterns"
          aria-label={`${t("lanternsFeed")}, ${t(ARM_TEXT[shown])}`}
          aria-busy={stream.is === "reading"}
        >
          {stream.ids.map((id, i) => (
            <Lantern key={id} id={id} place={i + 1} />
          ))}
        </div>
      )}
      {!isNowhere && <Onward shown={shown} />}
      <button type="button" class="primary tell" onClick={() => go({ sheet: "tell" })}>
        {t("riverTell")}
      </button>
      <MutedWords />
    </Sheet>
  );
}

export const friendsIn = (count: number): string =>
  count === 0 ? t("circleNone") : count === 1 ? t("circleOne") : t("circleCount", { count });

const scrollerOf = (start: RefObject<HTMLElement | null>): HTMLElement | null =>
  start.current?.closest<HTMLElement>(".sheet-body") ?? null;

/** What has come waits behind a quiet sign. It is laid out when somebody taps it, and not before. */
function NewLanterns(props: {
  shown: Arm;
  isFallback: boolean;
  start: RefObject<HTMLElement | null>;
}) {
  const { shown, isFallback, start } = props;
  const arms: Arm[] = isFallback ? ["circle", "world"] : [shown];
  const count = arms.reduce((sum, one) => sum + streams[one].value.waiting.length, 0);
  const layAll = (): void => {
    for (const one of arms) layOut(one);
    for (const one of arms) leftAt[one] = 0;
    const scroller = scrollerOf(start);
    if (scroller) scroller.scrollTop = 0;
    scroller?.closest("section")?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  };
  return (
    <div class="new-lanterns" role="status">
      {count > 0 && (
        <button type="button" class="primary" onClick={layAll}>
          {count === 1 ? t("lanternNew") : t("lanternsNew", { count })}
        </button>
      )}
    </div>
  );
}

/** Why the circle shows nothing yet, and what helps. */
function WhyDark({ isOpen }: { isOpen: boolean }) {
  const needed = circle.value?.needed ?? 0;
  return (
    <section class="why" aria-labelledby="why">
      <h3 id="why">{t("whyTitle")}</h3>
      <p>{t(isOpen ? "whyEmpty" : "whyText")}</p>
      <p class="why-count">
        <Seats have={circle.value?.friends ?? 0} needed={needed} />
        <span>
          {isOpen
            ? friendsIn(circle.value?.friends ?? 0)
            : needed === 1
              ? t("circleNeededOne")
              : t("circleNeeded", { count: needed })}
        </span>
      </p>
      <button type="button" class="primary" onClick={() => go({ sheet: "circle" })}>
        {t(isOpen ? "circleGrow" : "circleInvite")}
      </button>
    </section>
  );
}

/** As many lanterns as friends are needed; those who are there are lit. Decoration: words say it too. */
export function Seats({ have, needed }: { have: number; needed: number }) {
  const all = Math.min(have + needed, 12);
  return (
    <span class="seats" aria-hidden="true">
      {Array.from({ length: all }, (_, i) => (
        <svg key={i} class={i < have ? "lit" : ""} viewBox="0 0 24 24" width="26" height="26">
          <path d="M7 9q0-3 5-3t5 3v6q0 3-5 3t-5-3zM12 3v3m0 12v3" />
        </svg>
      ))}
    </span>
  );
}

/** One card. Its whole face leads into it. */
function Lantern({ id, place }: { id: SecretId; place: number }) {
  const [isUnfolded, setUnfolded] = useState(false);
  const post = secrets.value.get(id);
  const at = { "aria-posinset": place, "aria-setsize": -1 } as const;
  if (!post) {
    return (
      <article class="lantern-out" {...at}>
        <p>{t(goneOut.value.has(id) ? "lanternOut" : "secretGone")}</p>
      </article>
    );
  }
  if (!isUnfolded && holdsMuted(post.text, mutedWords.value)) {
    return (
      <article class="lantern-folded" {...at}>
        <p>{t("lanternFolded")}</p>
        <button type="button" onClick={() => setUnfolded(true)}>
          {t("lanternUnfold")}
        </button>
      </article>
    );
  }
  return (
    <article {...at} aria-labelledby={`words-${id}`}>
      <Light
        text={post.text}
        background={post.background}
        photoUrl={post.photo?.url}
        label={post.label}
        above={<Signature post={post} />}
        below={<Below post={post} />}
      >
        <p id={`words-${id}`}>{post.text}</p>
      </Light>
    </article>
  );
}

function Below({ post }: { post: Secret }) {
  return (
    <>
      <Asking post={post} />
      <Hearts post={post} />
      <button
        type="button"
        class="on-light way-in"
        aria-label={`${t("lanternOpen")}, ${answersIn(post.comments)}`}
        onClick={() => openSecret(post.id)}
      >
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path d="M4 6q0-2 2-2h12q2 0 2 2v8q0 2-2 2h-7l-5 4v-4q-2 0-2-2z" />
        </svg>
        <span aria-hidden="true">{post.comments > 0 ? post.comments.toLocaleString() : ""}</span>
      </button>
    </>
  );
}

export function openSecret(id: SecretId): void {
  void openTalk(id);
  go({ sheet: "secret" });
}

/** What comes next, before one gets there; and a button where that does not work. */
function Onward({ shown }: { shown: Arm }) {
  const end = useRef<HTMLDivElement>(null);
  const { is, ids, cursor } = streams[shown].value;
  const isMore = cursor !== null && is === "read";
  useEffect(() => {
    if (!isMore || !end.current) return;
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void readOn(shown);
      },
      { root: end.current.closest(".sheet-body"), rootMargin: `0px 0px ${AHEAD_PX}px` },
    );
    watcher.observe(end.current);
    return () => watcher.disconnect();
  }, [shown, isMore, ids.length]);
  return (
    <div ref={end} class="onward">
      {is === "reading" && <p role="status">{t("riverReading")}</p>}
      {is === "failed" && <p role="status">{t("riverFailed")}</p>}
      {is === "read" && cursor === null && <p>{t(ids.length === 0 ? "riverEmpty" : "riverEnd")}</p>}
      {(is === "failed" || isMore) && (
        <button type="button" onClick={() => void readOn(shown)}>
          {t("riverMore")}
        </button>
      )}
    </div>
  );
}
