import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { nameOf, t } from "../i18n/index.ts";
import { waiting } from "../outbox.ts";
import { Composer } from "./Composer.tsx";
import { Message, Unsent } from "./Message.tsx";
import { hasAnyKey } from "./keyring.ts";
import { isSealingPossible } from "./sealing.ts";
import type { OpenRoom, Said } from "./state.ts";

/** Who is at most so far from the newest line wants to see what comes, in px. */
const NEAR_END_PX = 80;

interface RoomViewProps {
  open: OpenRoom;
  /** What stands below the place to write. */
  children?: ComponentChildren;
}

/** What was said in a room, and the place to say something. */
export function RoomView({ open, children }: RoomViewProps) {
  const { room, me, said, last, hidden, isOldLink } = open;
  const typing = open.typing.filter((one) => !hidden.includes(one.id));
  const log = useRef<HTMLDivElement>(null);
  const [isBelow, setBelow] = useState(false);
  const isAtEnd = useRef(true);
  const unsent = waiting.value.filter(
    (write) =>
      write.name === "room:send" &&
      write.payload.roomId === room.id &&
      !said.some((one) => one.id === write.payload.id),
  );
  const toEnd = (): void => {
    const element = log.current;
    if (element) element.scrollTop = element.scrollHeight;
    setBelow(false);
  };
  // Who reads further up is not moved; only told.
  useLayoutEffect(() => {
    if (isAtEnd.current) toEnd();
    else setBelow(true);
  }, [last]);
  // What one says oneself is seen; not that it has gone out.
  const before = useRef(0);
  useLayoutEffect(() => {
    if (unsent.length > before.current) toEnd();
    before.current = unsent.length;
  }, [unsent.length]);
  // A picture that has come, or the keyboard: the end stays the end.
  useEffect(() => {
    const element = log.current;
    if (!element) return;
    const watcher = new ResizeObserver(() => {
      if (isAtEnd.current) toEnd();
    });
    watcher.observe(element);
    for (const child of element.children) watcher.observe(child);
    return () => watcher.disconnect();
  }, [last]);

  const isReadable = !room.encrypted || isSealingPossible();
  return (
    <div class="room-view">
      {room.motd !== undefined && (
        <p class="motd">
          {/* By whom it is: else it could speak as the page does. */}
          <small>{t("motdBy")}</small> {room.motd}
        </p>
      )}
      <div
        ref={log}
        class="log"
        role="log"
        tabIndex={0}
        aria-label={t("roomLog")}
        onScroll={({ currentTarget: e }) => {
          isAtEnd.current = e.scrollHeight - e.scrollTop - e.clientHeight < NEAR_END_PX;
          if (isAtEnd.current) setBelow(false);
        }}
      >
        <div class="lines">
          <Lines open={open} />
          {unsent.map((write) => (
            <Unsent key={write.payload.id} write={write} />
          ))}
        </div>
      </div>
      {isBelow && (
        <button type="button" class="primary below" onClick={toEnd}>
          {t("newBelow")}
        </button>
      )}
      <p class="typing" role="status">
        {typing.length === 1
          ? t("typesOne", { name: nameOf(typing[0]!) })
          : typing.length > 1
            ? t("typesMany")
            : ""}
      </p>
      {!isReadable ? (
        <p class="hint" role="status">
          {t("noCryptoRoom")}
        </p>
      ) : isOldLink ? (
        <p class="hint" role="status">
          {t(
            !hasAnyKey(room.id)
              ? "unreadable"
              : said.some((one) => isOpened(one, me.id))
                ? "oldLinkWait"
                : "oldLink",
          )}
        </p>
      ) : (
        <Composer key={room.id} open={open} />
      )}
      {children}
    </div>
  );
}

const isOpened = ({ from, body }: Said, me: string): boolean =>
  from.id === me && body.is !== "shut";

/** What is the same for many messages is said once. */
function Lines({ open }: { open: OpenRoom }) {
  const { said, tears, hidden } = open;
  const shown = said.filter((one) => one.body.is !== "control" && !hidden.includes(one.from.id));
  if (shown.length === 0 && tears.length === 0) return <p class="empty">{t("roomEmpty")}</p>;
  return (
    <>
      {shown.map((one, i) => {
        const before = shown[i - 1];
        const { is } = one.body;
        const tear = tears.find((seq) => seq <= one.seq && seq > (before?.seq ?? 0));
        // One that has gone by its timer has a writer who can still be blocked.
        const canActOn = is === "gone" && one.timer !== undefined && one.from.id !== open.me.id;
        const isRepeated = (is === "shut" || is === "gone") && before?.body.is === is && !canActOn;
        return (
          <div key={one.seq} class="line-of">
            {tear !== undefined && <p class="tear">{t("tear")}</p>}
            {!isRepeated && <Message open={open} said={one} isFollowing={follows(before, one)} />}
          </div>
        );
      })}
      {tears.some((seq) => seq > (shown.at(-1)?.seq ?? 0)) && <p class="tear">{t("tear")}</p>}
    </>
  );
}

const FOLLOWS_MS = 3 * 60_000;
/** The same person goes on: the name need not be said again. */
const follows = (before: Said | undefined, one: Said): boolean =>
  before !== undefined &&
  before.from.id === one.from.id &&
  before.body.is !== "gone" &&
  before.body.is !== "shut" &&
  one.re === undefined &&
  one.sentAt - before.sentAt < FOLLOWS_MS;
