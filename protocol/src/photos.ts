/*
 * Photos as the wire takes them. They are looked at by their headers alone, as those who draw them read them; what
 * nobody can draw is let pass. Sources: PNG (W3C), JPEG (ITU-T T.81, B.1), WebP (RFC 9649).
 */
export type PhotoType = "image/webp" | "image/jpeg" | "image/png";

/** Longest side, in px: what is larger is drawn from gigabytes of memory, however few bytes it has. */
export const PHOTO_SIDE_MAX = 4096;

/** What was found in a photo. */
interface Found {
  width: number;
  height: number;
  isMoving: boolean;
  hasMetadata: boolean;
}

function reads(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
const number = (bytes: Uint8Array, at: number, ...order: number[]): number =>
  order.reduce((sum, i) => sum * 256 + (bytes[at + i] ?? 0), 0);
const uint32 = (bytes: Uint8Array, at: number): number => number(bytes, at, 0, 1, 2, 3);
const uint16 = (bytes: Uint8Array, at: number): number => number(bytes, at, 0, 1);
const uint32le = (bytes: Uint8Array, at: number): number => number(bytes, at, 3, 2, 1, 0);
const uint24le = (bytes: Uint8Array, at: number): number => number(bytes, at, 2, 1, 0);
const uint16le = (bytes: Uint8Array, at: number): number => number(bytes, at, 1, 0);

/** What the bytes of a photo are, by their first ones; null where they are none that is taken. */
export function photoTypeOf(bytes: Uint8Array): PhotoType | null {
  if (reads(bytes, 0, "\xff\xd8\xff")) return "image/jpeg";
  if (reads(bytes, 0, "\x89PNG\r\n\x1a\n")) return "image/png";
  return reads(bytes, 0, "RIFF") && reads(bytes, 8, "WEBP") ? "image/webp" : null;
}

/**
 * A photo as it is kept: of a JPEG without Exif and XMP, which say where and by what it was taken. Some browsers write
 * such a part into each JPEG that they make.
 */
export function withoutMetadata(bytes: Uint8Array): Uint8Array {
  if (photoTypeOf(bytes) !== "image/jpeg") return bytes;
  const kept: Uint8Array[] = [];
  let from = 0;
  eachSegment(bytes, (at, end) => {
    if (!isMetadata(bytes, at)) return;
    kept.push(bytes.subarray(from, at));
    from = end;
  });
  if (from === 0) return bytes;
  const parts = [...kept, bytes.subarray(from)];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Segments of a JPEG before the picture itself, by where they begin and end. */
function eachSegment(bytes: Uint8Array, act: (at: number, end: number) => void): void {
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at + 1]!;
    // As those who draw it do: what is no marker is passed over, and some have no length.
    if (bytes[at] !== 0xff || marker === 0xff || marker === 0) {
      at += 1;
      continue;
    }
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return;
    const end = Math.min(bytes.length, at + 2 + uint16(bytes, at + 2));
    act(at, end);
    at = end;
  }
}

const isMetadata = (bytes: Uint8Array, at: number): boolean =>
  bytes[at + 1] === 0xe1 && (reads(bytes, at + 4, "Exif") || reads(bytes, at + 4, "http:"));

/** What is wrong with a photo, or nothing. Costs O(parts of its header). */
export function photoFault(bytes: Uint8Array): string | undefined {
  const type = photoTypeOf(bytes);
  if (type === null) return "must be WebP, JPEG or PNG";
  const found: Found = { width: 0, height: 0, isMoving: false, hasMetadata: false };
  LOOKS[type](bytes, found);
  if (Math.max(found.width, found.height) > PHOTO_SIDE_MAX)
    return `must have at most ${PHOTO_SIDE_MAX} px a side`;
  if (found.isMoving) return "must not move";
  // Where and by what it was taken, of one who did not mean to tell.
  if (found.hasMetadata) return "must carry no Exif and no XMP";
  return undefined;
}

/** What says its size twice is as large as it says anywhere. */
function larger(found: Found, width: number, height: number): void {
  found.width = Math.max(found.width, width);
  found.height = Math.max(found.height, height);
}

const LOOKS: Record<PhotoType, (bytes: Uint8Array, found: Found) => void> = {
  "image/png": (bytes, found) => {
    for (let at = 8; at + 8 <= bytes.length; at += 12 + uint32(bytes, at)) {
      const is = (name: string): boolean => reads(bytes, at + 4, name);
      if (is("IHDR")) larger(found, uint32(bytes, at + 8), uint32(bytes, at + 12));
      found.isMoving ||= is("acTL");
      found.hasMetadata ||= is("eXIf") || (is("iTXt") && reads(bytes, at + 8, "XML:com.adobe.xmp"));
      if (is("IEND")) return;
    }
  },
  "image/jpeg": (bytes, found) => {
    eachSegment(bytes, (at) => {
      const marker = bytes[at + 1]!;
      if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
        larger(found, uint16(bytes, at + 7), uint16(bytes, at + 5));
      found.hasMetadata ||= isMetadata(bytes, at);
    });
  },
  "image/webp": (bytes, found) => {
    // Each part has an even number of bytes.
    for (let at = 12; at + 8 <= bytes.length;) {
      const is = (name: string): boolean => reads(bytes, at, name);
      const data = at + 8;
      if (is("VP8X")) {
        larger(found, 1 + uint24le(bytes, data + 4), 1 + uint24le(bytes, data + 7));
      } else if (is("VP8 ")) {
        larger(found, uint16le(bytes, data + 6) & 0x3fff, uint16le(bytes, data + 8) & 0x3fff);
      } else if (is("VP8L")) {
        const bits = uint32le(bytes, data + 1);
        larger(found, 1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff));
      }
      found.isMoving ||= is("ANIM") || is("ANMF");
      found.hasMetadata ||= is("EXIF") || is("XMP ");
      const length = uint32le(bytes, at + 4);
      at = data + length + (length % 2);
    }
  },
};
