import { SUBJECTS, SUBJECT_NAMES } from "./subjects.ts";
import { MEASURES, judgeTargets } from "./targets.ts";
import type { Figures, MeasureName } from "./targets.ts";

const figure = (value: number | undefined): string =>
  value === undefined ? "–" : value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0);

/** The figures and what they are of the targets, in Markdown. */
export function asTable(
  figures: Partial<Record<MeasureName, Figures>>,
  redis: Partial<Record<MeasureName, number>>,
): string {
  const names = (Object.keys(MEASURES) as MeasureName[]).filter((name) => figures[name]);
  const lines = [
    `| | ${SUBJECT_NAMES.map((name) => SUBJECTS[name].title).join(" | ")} | Redis itself |`,
    `|---|${"---|".repeat(SUBJECT_NAMES.length + 1)}`,
  ];
  for (const name of names) {
    const { title, unit } = MEASURES[name];
    const cells = SUBJECT_NAMES.map((subject) => figure(figures[name]![subject]));
    lines.push(`| ${title}, ${unit} | ${cells.join(" | ")} | ${figure(redis[name])} |`);
  }
  lines.push("", "| target | measured | |", "|---|---|---|");
  for (const { target, value, held } of judgeTargets(figures)) {
    const { of, subject, peer, atMost } = target;
    const limit = peer === null ? `${atMost} ${MEASURES[of].unit}` : `${atMost} ×`;
    const beside = peer === null ? "" : ` ${SUBJECTS[peer].title}`;
    const what = `${MEASURES[of].title}: ${SUBJECTS[subject].title} ≤ ${limit}${beside}`;
    lines.push(`| ${what} | ${figure(value)} | ${held ? "held" : "not held"} |`);
  }
  return lines.join("\n");
}
