import type { Persona } from "@driftsea/protocol";

const BODIES = [
  "M6 24C10 12 30 12 36 24 30 36 10 36 6 24z",
  "M8 24C12 9 28 10 35 24 28 38 12 39 8 24z",
  "M5 24C12 17 28 15 37 24 28 33 12 31 5 24z",
  "M9 25C9 12 29 8 34 23 32 38 11 38 9 25z",
];
const TAILS = [
  "M34 24l9-8v16z",
  "M34 24q6-10 10-8-3 8 0 16-4 2-10-8z",
  "M33 24l10-5-4 5 4 5z",
  "M33 24q4-9 11-9-6 9 0 18-7 0-11-9z",
];
const FINS = [
  "M18 16q6-9 12-3l-4 4z",
  "M16 16l6-8 6 8z",
  "M20 15q2-6 8-6 1 4-2 7z",
  "M17 31q5 8 11 3l-4-4z",
];

/** A small fish whose form and colour are the persona's. Decoration: the name stands beside it. */
export function Avatar({ persona, size = 40 }: { persona: Omit<Persona, "id">; size?: number }) {
  const { creature, hue } = persona;
  const part = (list: readonly string[], shift: number): string =>
    list[(creature >> shift) % list.length]!;
  return (
    <svg class="avatar" viewBox="0 0 48 48" width={size} height={size} aria-hidden="true">
      <circle cx="24" cy="24" r="24" fill={`oklch(0.9 0.05 ${hue})`} />
      <g fill={`oklch(0.55 0.11 ${hue})`}>
        <path d={part(TAILS, 2)} />
        <path d={part(FINS, 3)} fill={`oklch(0.66 0.11 ${hue})`} />
        <path d={part(BODIES, 0)} />
      </g>
      <circle cx="14.5" cy="22.5" r="2.2" fill="#fff" />
      <circle cx="14" cy="22.5" r="1.1" fill="#10202c" />
    </svg>
  );
}
