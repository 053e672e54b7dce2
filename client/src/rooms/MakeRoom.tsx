import { useState } from "preact/hooks";
import { LIMITS, ROOM_ACCESS, ROOM_LIFETIMES, cleanText } from "@driftsea/protocol";
import type { RoomLifetime } from "@driftsea/protocol";
import { draftOf, keepDraft } from "../drafts.ts";
import { span, t } from "../i18n/index.ts";
import { Sheet } from "../views/Sheet.tsx";
import { makeRoom, making } from "./hosting.ts";
import type { Making } from "./hosting.ts";
import { isSealingPossible } from "./sealing.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LIVES_MS: Record<RoomLifetime["kind"], readonly number[]> = {
  fixed: [10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS],
  idle: [5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 24 * HOUR_MS],
  presence: [],
};
const USUAL_MS: Record<RoomLifetime["kind"], number | null> = {
  fixed: HOUR_MS,
  idle: 30 * MINUTE_MS,
  presence: null,
};
const CAPACITIES = [2, 5, 20, 100, 1000];
const PAUSES_MS = [0, 5000, 15_000, MINUTE_MS, 5 * MINUTE_MS];
const KIND_TEXT = { fixed: "makeFixed", idle: "makeIdle", presence: "makePresence" } as const;
const ACCESS_TEXT = { listed: "makeListed", link: "makeByLink" } as const;

/** A new room: four questions with sensible answers, the rest under "more". */
export function MakeRoom({ onDone }: { onDone: () => void }) {
  const title = draftOf("title");
  // A name that came back is changed in there.
  const [isNamed] = useState(title !== "");
  const { kind, ms, access, isEncrypted, capacity, slowModeMs, links } = making.value;
  const choose = (change: Partial<Making>): void => {
    making.value = { ...making.value, ...change };
  };

  const submit = (event: Event): void => {
    event.preventDefault();
    makeRoom(cleanText(title).replaceAll("\n", " "));
    keepDraft("title", "");
    onDone();
  };
  return (
    <Sheet title={t("makeTitle")} id="make-room">
      <form class="make" onSubmit={submit}>
        <fieldset class="chips">
          <legend>{t("makeEnds")}</legend>
          {ROOM_LIFETIMES.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="lifetime"
                checked={kind === one}
                onChange={() => choose({ kind: one, ms: USUAL_MS[one] })}
              />
              <span>{t(KIND_TEXT[one])}</span>
            </label>
          ))}
        </fieldset>
        {ms === null ? (
          <p class="hint">{t("makePresenceHow")}</p>
        ) : (
          <div class="fields">
            <label>
              {t(kind === "idle" ? "makeIdleHow" : "makeFixedHow")}
              <select value={ms} onChange={(e) => choose({ ms: Number(e.currentTarget.value) })}>
                {LIVES_MS[kind].map((one) => (
                  <option key={one} value={one}>
                    {span(one)}
                  </option>
                ))}
              </select>
            </label>
          </div>
        )}
        <fieldset class="chips">
          <legend>{t("makeWho")}</legend>
          {ROOM_ACCESS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="access"
                checked={access === one}
                onChange={() => choose({ access: one })}
              />
              <span>{t(ACCESS_TEXT[one])}</span>
            </label>
          ))}
        </fieldset>
        <label class="tick">
          <input
            type="checkbox"
            checked={isEncrypted}
            disabled={!isSealingPossible()}
            aria-describedby="encrypted-how"
            onChange={({ currentTarget: { checked } }) =>
              // Without its link nobody could read it.
              choose({ isEncrypted: checked, ...(checked ? { access: "link" } : {}) })
            }
          />
          <span>{t("makeEncrypted")}</span>
        </label>
        <p class="hint" id="encrypted-how">
          {t(isSealingPossible() ? "makeEncryptedHow" : "makeNoCrypto")}
        </p>
        <details open={isNamed}>
          <summary>{t("more")}</summary>
          <div class="fields">
            <label>
              {t("makeName")}
              <input
                type="text"
                value={title}
                maxLength={LIMITS.titleChars}
                autocomplete="off"
                onInput={(e) => keepDraft("title", e.currentTarget.value)}
              />
            </label>
            <label>
              {t("makeCapacity")}
              <select
                value={capacity}
                onChange={(e) => choose({ capacity: Number(e.currentTarget.value) })}
              >
                {CAPACITIES.map((count) => (
                  <option key={count} value={count}>
                    {t("makePeople", { count })}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t("makeSlow")}
              <select
                value={slowModeMs}
                onChange={(e) => choose({ slowModeMs: Number(e.currentTarget.value) })}
              >
                {PAUSES_MS.map((one) => (
                  <option key={one} value={one}>
                    {one === 0 ? t("makeSlowNone") : span(one)}
                  </option>
                ))}
              </select>
            </label>
          </div>
          {isEncrypted && <p class="hint">{t("makeNameOpen")}</p>}
          <label class="tick">
            <input
              type="checkbox"
              checked={links}
              onChange={(e) => choose({ links: e.currentTarget.checked })}
            />
            <span>{t("makeLinks")}</span>
          </label>
        </details>
        <div class="acts">
          <button type="submit" class="primary">
            {t("makeGo")}
          </button>
          <button type="button" onClick={onDone}>
            {t("cancel")}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
