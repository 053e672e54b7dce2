import { useEffect, useRef } from "preact/hooks";

/** Drawn when it is here; what it says stands beside it in letters. */
export function QrCode({ text, label }: { text: string; label: string }) {
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
  return <canvas ref={canvas} class="qr" role="img" aria-label={label} />;
}
