import { generate } from "lean-qr";

/** Empty fields around it, without which it is not read. */
const QUIET = 2;
/** By which halves of a character are dark: [upper][lower]. */
const HALVES = [
  ["█", "▀"],
  ["▄", " "],
] as const;

/** A QR code for a terminal, two rows a line; light on dark, as most terminals are. */
export function qrCode(text: string): string {
  const code = generate(text);
  const lines: string[] = [];
  for (let y = -QUIET; y < code.size + QUIET; y += 2) {
    let line = "";
    for (let x = -QUIET; x < code.size + QUIET; x += 1)
      line += HALVES[code.get(x, y) ? 1 : 0][code.get(x, y + 1) ? 1 : 0];
    lines.push(line);
  }
  return lines.join("\n");
}
