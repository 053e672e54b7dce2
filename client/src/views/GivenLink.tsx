import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { t } from "../i18n/index.ts";
import { say } from "../say.ts";

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
      <QrCode text={link} />
      {children}
    </div>
  );
}

/** Drawn when it is asked for; without it the link is still there. */
function QrCode({ text }: { text: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let isHere = true;
    void import("lean-qr")
      .then(({ generate }) => {
        if (isHere && canvas.current)
          generate(text).toCanvas(canvas.current, {
            pad: 3,
            on: [20, 32, 44],
            off: [255, 252, 244],
          });
      })
      .catch(() => {});
    return () => {
      isHere = false;
    };
  }, [text]);
  return <canvas ref={canvas} class="qr" role="img" aria-label={t("inviteQr")} />;
}
