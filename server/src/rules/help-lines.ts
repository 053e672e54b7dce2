import type { HelpLine } from "@driftsea/protocol";

const COUNTRY = /^(?:[A-Z]{2}|\*)$/;
const LINES_MAX = 500;

const isText = (value: unknown, most: number): value is string =>
  typeof value === "string" && value.trim() !== "" && value.length <= most;

/** The operator's list of lines for people in need (M6); null where it has not the form of one. */
export function readHelpLines(list: unknown): HelpLine[] | null {
  if (!Array.isArray(list) || list.length === 0 || list.length > LINES_MAX) return null;
  const lines: HelpLine[] = [];
  for (const entry of list as unknown[]) {
    const { country, name, reach } = (entry ?? {}) as Record<string, unknown>;
    const { en, zh } = (name ?? {}) as { en?: unknown; zh?: unknown };
    if (typeof country !== "string" || !COUNTRY.test(country)) return null;
    if (!isText(en, 80) || !isText(zh, 80) || !isText(reach, 60)) return null;
    lines.push({ country, name: { en, zh }, reach });
  }
  return lines;
}
