import { LIMITS } from "@driftsea/protocol";

/** Longest edges in px and qualities that are tried, the best first. */
const EDGES = [1600, 1200, 900, 640, 420];
const QUALITIES = [0.86, 0.74, 0.6, 0.46];
/** Below the limit, so that a sealed one fits as well. */
const MOST_BYTES = LIMITS.photoBytes - 10_000;

const encode = (canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | null> =>
  new Promise((done) => canvas.toBlob(done, type, quality));

/**
 * A photo made small enough. It is drawn anew, so that nothing of the file but what is seen goes out:
 * no place, no time, no camera (EXIF). Null where the file is no picture.
 */
export async function shrinkPhoto(file: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  try {
    const canvas = document.createElement("canvas");
    for (const edge of EDGES) {
      const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      for (const quality of QUALITIES) {
        const webp = await encode(canvas, "image/webp", quality);
        // A browser that cannot write WebP gives PNG in its place.
        const blob =
          webp?.type === "image/webp" ? webp : await encode(canvas, "image/jpeg", quality);
        if (blob && blob.size <= MOST_BYTES) return new Uint8Array(await blob.arrayBuffer());
      }
    }
    return null;
  } finally {
    picture.close();
  }
}
