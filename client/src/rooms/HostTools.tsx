import { useEffect, useState } from "preact/hooks";
import { LIMITS, cleanText } from "@driftsea/protocol";
import type { RoomId } from "@driftsea/protocol";
import { draftOf, keepDraft } from "../drafts.ts";
import { nameOf, span, t } from "../i18n/index.ts";
import { Avatar } from "../views/Avatar.tsx";
import { GivenLink } from "../views/GivenLink.tsx";
import { Sure } from "../views/Sure.tsx";
import { admit, destroy, inviteLink, lock, setMotd } from "./hosting.ts";
import { motdPlace } from "./state.ts";
import type { OpenRoom } from "./state.ts";

const HOUR_MS = 60 * 60 * 1000;
const TTLS_MS = [HOUR_MS, 24 * HOUR_MS, LIMITS.inviteMaxMs];
const USES = [1, 5, 20, 100];

/** What the owner key allows. */
export function HostTools({ open }: { open: OpenRoom }) {
  const { room, knocks } = open;
  const { id, locked, encrypted } = room;
  // What is being written stays, as everywhere; an empty note is one to take down, and no draft.
  const [motd, setText] = useState(draftOf(motdPlace(id)) || (room.motd ?? ""));
  // At first alone: they must not shut under the host's hand when somebody says something.
  const [isOpenAtFirst] = useState(room.access === "link" && room.head <= 1);
  return (
    <>
      {knocks.length > 0 && (
        <section class="knocks" aria-labelledby="knocks">
          <h3 id="knocks">{t("knocks")}</h3>
          <ul class="members">
            {knocks.map((one) => (
              <li key={one.id}>
                <Avatar persona={one} size={30} /> <span>{nameOf(one)}</span>
                <button type="button" class="primary" onClick={() => void admit(id, one.id)}>
                  {t("admit")}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <details class="info host" open={isOpenAtFirst}>
        <summary>{t("hostTitle")}</summary>
        <InviteBox id={id} isEncrypted={encrypted} epoch={room.epoch} />
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault();
            void setMotd(id, cleanText(motd));
          }}
        >
          <label>
            {t("motd")}
            <input
              type="text"
              value={motd}
              maxLength={LIMITS.motdChars}
              autocomplete="off"
              onInput={({ currentTarget: { value } }) => {
                setText(value);
                keepDraft(motdPlace(id), value);
              }}
            />
          </label>
          <div class="acts">
            <button type="submit">
              {t(motd.trim() === "" && room.motd !== undefined ? "motdClear" : "motdSet")}
            </button>
          </div>
        </form>
        {encrypted && <p class="hint">{t("motdOpen")}</p>}
        <div class="acts">
          <button type="button" aria-pressed={locked} onClick={() => void lock(id, !locked)}>
            {t(locked ? "unlock" : "lock")}
          </button>
          <Sure label={t("destroy")} sure={t("destroySure")} onSure={() => void destroy(id)} />
          <p class="hint wide">{t("lockHint")}</p>
        </div>
      </details>
    </>
  );
}

function InviteBox(props: { id: RoomId; isEncrypted: boolean; epoch: number }) {
  const { id, isEncrypted, epoch } = props;
  const [uses, setUses] = useState(1);
  const [ttlMs, setTtlMs] = useState(24 * HOUR_MS);
  const [link, setLink] = useState<string | null>(null);
  // With the key from before somebody was removed nobody could read.
  useEffect(() => setLink(null), [epoch]);
  return (
    <section aria-labelledby="invite">
      <h3 id="invite">{t("inviteTitle")}</h3>
      <div class="fields">
        <label>
          {t("inviteUses")}
          <select value={uses} onChange={(e) => setUses(Number(e.currentTarget.value))}>
            {USES.map((count) => (
              <option key={count} value={count}>
                {count === 1 ? t("inviteUsesOne") : t("makePeople", { count })}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("inviteTtl")}
          <select value={ttlMs} onChange={(e) => setTtlMs(Number(e.currentTarget.value))}>
            {TTLS_MS.map((one) => (
              <option key={one} value={one}>
                {span(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="acts">
        <button
          type="button"
          class="primary"
          onClick={() => void inviteLink(id, uses, ttlMs).then(setLink)}
        >
          {t("inviteMake")}
        </button>
      </div>
      {link !== null && (
        <GivenLink link={link}>{isEncrypted && <p class="hint">{t("inviteKey")}</p>}</GivenLink>
      )}
    </section>
  );
}
