import { expect } from "chai";
import { PHOTO_SIDE_MAX, photoFault, photoTypeOf, withoutMetadata } from "./photos.ts";

const text = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? Array.from(Buffer.from(part, "latin1")) : part,
    ),
  );
const be32 = (n: number): number[] => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const le32 = (n: number): number[] => be32(n).reverse();
const chunk = (name: string, data: number[]): (string | number[])[] => [
  be32(data.length),
  name,
  data,
  [0, 0, 0, 0],
];
const png = (width: number, height: number, ...more: (string | number[])[]): Uint8Array =>
  text(
    "\x89PNG\r\n\x1a\n",
    ...chunk("IHDR", [...be32(width), ...be32(height), 8, 2, 0, 0, 0]),
    ...more,
    ...chunk("IEND", []),
  );
const jpeg = (width: number, height: number, ...more: (string | number[])[]): Uint8Array =>
  text(
    "\xff\xd8",
    ...more,
    [0xff, 0xc2, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 0, 0, 0],
    [0xff, 0xda, 0, 2, 0xff, 0xe1, 0, 9],
    "Exif",
  );
const part = (name: string, data: number[]): (string | number[])[] => [
  name,
  le32(data.length),
  data,
  data.length % 2 === 1 ? [0] : [],
];
const webp = (...parts: (string | number[])[]): Uint8Array =>
  text("RIFF", [0, 0, 0, 0], "WEBP", ...parts);
const extended = (width: number, height: number): (string | number[])[] =>
  part("VP8X", [0, 0, 0, 0, ...le32(width - 1).slice(0, 3), ...le32(height - 1).slice(0, 3)]);
const lossy = (width: number, height: number): (string | number[])[] =>
  part("VP8 ", [0, 0, 0, 0x9d, 1, 0x2a, width & 255, width >> 8, height & 255, height >> 8]);
const lossless = (width: number, height: number): (string | number[])[] =>
  part("VP8L", [0x2f, ...le32((width - 1) | ((height - 1) << 14))]);

const LARGE = `must have at most ${PHOTO_SIDE_MAX} px a side`;
const METADATA = "must carry no Exif and no XMP";

describe("photos", () => {
  it("[R12] a photo of each kind is taken, by its first bytes, also where the rest is broken", () => {
    const kinds = [png(640, 480), jpeg(640, 480), webp(...lossy(640, 480))];
    expect(kinds.map(photoTypeOf)).to.deep.equal(["image/png", "image/jpeg", "image/webp"]);
    for (const photo of [...kinds, webp(...lossless(640, 480)), webp(...extended(640, 480))]) {
      expect(photoFault(photo)).to.equal(undefined);
      for (let length = 12; length < photo.length; length += 1)
        expect(photoFault(photo.subarray(0, length)), `${length} bytes`).to.equal(undefined);
    }
    expect(photoFault(text("\xff\xd8\xff", Array(1000).fill(0)))).to.equal(undefined);
    for (const none of [text(""), text("<svg>"), text("GIF89a"), text("RIFF....WAVE")])
      expect(photoFault(none)).to.equal("must be WebP, JPEG or PNG");
  });

  it("[R12] none that is drawn from gigabytes of memory", () => {
    for (const [width, height] of [
      [PHOTO_SIDE_MAX + 1, 1],
      [1, 16_000],
    ] as const) {
      expect(photoFault(png(width, height))).to.equal(LARGE);
      expect(photoFault(jpeg(width, height))).to.equal(LARGE);
      for (const kind of [lossy, lossless, extended])
        expect(photoFault(webp(...kind(width, height)))).to.equal(LARGE);
    }
    expect(photoFault(png(2 ** 31, 2 ** 31))).to.equal(LARGE);
    expect(photoFault(png(PHOTO_SIDE_MAX, PHOTO_SIDE_MAX))).to.equal(undefined);
    // What says that it is small is as large as what lies in it, wherever that stands.
    expect(photoFault(webp(...extended(1, 1), ...lossy(9000, 9000)))).to.equal(LARGE);
    expect(photoFault(webp(...lossy(9000, 9000), ...extended(1, 1)))).to.equal(LARGE);
    const second = chunk("IHDR", [...be32(1), ...be32(1), 8, 2, 0, 0, 0]);
    expect(photoFault(png(9000, 9000, ...second))).to.equal(LARGE);
    for (const between of [[0xff, 1], [0xff, 0xd0], [7], [0xff, 0xff]])
      expect(
        photoFault(jpeg(9000, 9000, [0xff, 0xe0, 0, 4, 1, 1], between)),
        between.join(),
      ).to.equal(LARGE);
  });

  it("[R12] none that moves: nothing on the page could stop it", () => {
    expect(photoFault(png(1, 1, ...chunk("acTL", Array(8).fill(0))))).to.equal("must not move");
    const frames = [...part("ANIM", Array(6).fill(0)), ...part("ANMF", Array(16).fill(0))];
    expect(photoFault(webp(...extended(1, 1), ...frames))).to.equal("must not move");
  });

  it("[R12] none that says where or by what it was taken", () => {
    const exif = [...text("Exif\0\0II")];
    const app1 = (data: number[]): number[] => [0xff, 0xe1, 0, data.length + 2, ...data];
    expect(photoFault(jpeg(1, 1, app1(exif)))).to.equal(METADATA);
    const xmp = [...text("http://ns.adobe.com/xap/1.0/")];
    const jfif = [0xff, 0xe0, 0, 4, 1, 1];
    const both = jpeg(1, 1, app1(exif), jfif, app1(xmp));
    expect(photoFault(both)).to.equal(METADATA);
    expect(withoutMetadata(both), "a JPEG is kept without it").to.deep.equal(jpeg(1, 1, jfif));
    for (const kept of [jpeg(1, 1, jfif), png(1, 1), text("\xff\xd8\xff")])
      expect(withoutMetadata(kept)).to.equal(kept);
    for (let length = 0; length < both.length; length += 1)
      expect(
        photoFault(withoutMetadata(text("\xff\xd8\xff", [...both.subarray(3, length)]))),
      ).to.not.equal(METADATA);
    expect(photoFault(png(1, 1, ...chunk("eXIf", exif)))).to.equal(METADATA);
    const packet = [...text("XML:com.adobe.xmp\0")];
    expect(photoFault(png(1, 1, ...chunk("iTXt", packet)))).to.equal(METADATA);
    expect(photoFault(webp(...lossy(1, 1), ...part("EXIF", [1])))).to.equal(METADATA);
    expect(photoFault(webp(...lossy(1, 1), ...part("EXIF", [1]), ...part("XMP ", [1])))).to.equal(
      METADATA,
    );
  });
});
