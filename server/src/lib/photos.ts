/** What the bytes of a photo are, by their first ones; null where they are none that we take. */
export function photoType(bytes: Uint8Array): "image/webp" | "image/jpeg" | "image/png" | null {
  const begins = (at: number, ...values: number[]): boolean =>
    values.every((value, i) => bytes[at + i] === value);
  if (begins(0, 0xff, 0xd8, 0xff)) return "image/jpeg";
  if (begins(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  if (begins(0, 0x52, 0x49, 0x46, 0x46) && begins(8, 0x57, 0x45, 0x42, 0x50)) return "image/webp";
  return null;
}
