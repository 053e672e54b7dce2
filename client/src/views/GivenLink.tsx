import { useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { t } from "../i18n/index.ts";
import { say } from "../say.ts";
import { QrCode } from "./QrCode.tsx";

/** A link to hand to somebody: to copy, or to be read off the screen. */
export function GivenLink({ link, children }: { link: string; children?: ComponentChildren }) {
  const field = useRef<HTMLInputElement>(null);
  const copy = async (): Promise<void> => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      say({ key: "inviteCopied" });
    } catch {
      // Without a clipboard it stands there selected, to be copied by hand.
      say({ key: "inviteMarked" });
    }
  };
  return (
    <div class="invite">
      <label class="fields">
        <span class="unseen">{t("inviteLink")}</span>
        <input ref={field} type="text" readOnly value={link} class="invite-link" />
      </label>
      <div class="acts">
        <button type="button" onClick={() => void copy()}>
          {t("inviteCopy")}
        </button>
      </div>
      <QrCode text={link} label={t("inviteQr")} />
      {children}
    </div>
  );
}
