import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { countChars } from "@driftsea/protocol";
import type { Background, Secret, SecretLabel } from "@driftsea/protocol";
import { nameOf, t } from "../i18n/index.ts";
import { Avatar } from "../views/Avatar.tsx";
import { own } from "./kept.ts";

/** Where a secret brings no background along. */
const PLAIN: Background = "night";
/** Up to here a text is written large, and from there on small, in characters. */
const LARGE_CHARS = 70;
const SMALL_CHARS = 220;
/** A Chinese character takes about as much room as two letters. */
const WIDE = /\p{sc=Han}/gu;

function sizeOf(text: string): string {
  const room = countChars(text) + (text.match(WIDE)?.length ?? 0);
  const size = room <= LARGE_CHARS ? "large" : room <= SMALL_CHARS ? "middle" : "small";
  // The quotation marks of a Chinese font are too wide between Latin letters.
  return room === countChars(text) ? `${size} latin` : size;
}

interface LightProps {
  text: string;
  background: Background | undefined;
  photoUrl: string | undefined;
  label: SecretLabel;
  /** What stands above and below the words. */
  above?: ComponentChildren;
  children: ComponentChildren;
  below?: ComponentChildren;
}

/** A lit card: a painted ground or a photo, with whatever is written on it. */
export function Light(props: LightProps) {
  const { text, background = PLAIN, photoUrl, label } = props;
  const [missing, setMissing] = useState<string>();
  // Before a secret sets out nobody is given its photo: its ground is painted till then.
  const isOnPhoto = photoUrl !== undefined && photoUrl !== missing;
  const ground = isOnPhoto ? "on-photo" : `paint-${background}`;
  return (
    <div class={`light ${ground} of-${label} ${sizeOf(text)}`}>
      {isOnPhoto && (
        <img
          class="light-photo"
          src={photoUrl}
          onError={() => setMissing(photoUrl)}
          alt={t("photoOnSecret")}
          loading="lazy"
          decoding="async"
        />
      )}
      <div class="light-above">{props.above}</div>
      <div class="light-words">{props.children}</div>
      <div class="light-below">{props.below}</div>
    </div>
  );
}

/** Whose it is, as far as anybody may know, and how old. */
export function Signature({ post }: { post: Secret }) {
  const isMine = own.value.has(post.id);
  return (
    <>
      <span class="light-label">
        <svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
          <path d="M7 9q0-3 5-3t5 3v6q0 3-5 3t-5-3zM12 3v3m0 12v3" />
          <circle cx="12" cy="12" r="2.2" />
        </svg>
        {t(`label_${post.label}`)}
      </span>
      <span class="light-age">{t(`ago_${post.age}`)}</span>
      {isMine && <span class="light-mine">{t("lanternMine")}</span>}
      {post.persona && (
        <span class="light-name">
          <Avatar persona={post.persona} size={24} /> {nameOf(post.persona)}
        </span>
      )}
    </>
  );
}
