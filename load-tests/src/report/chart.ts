/** One line of a chart; points in the order of x. */
export interface Line {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  title: string;
  lines: readonly Line[];
  /** Marks below; without them they are even numbers of the x there are. */
  xTicks?: readonly { at: number; label: string }[];
  xName: string;
  y: (value: number) => string;
}

const WIDTH = 720;
const HEIGHT = 240;
const LEFT = 64;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 36;
const TICKS = 4;
/** Colours that the style sheet has, for light and dark. */
export const COLOURS = 6;

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is not below. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value)!;
}

/** A chart as inline SVG: nothing to load and nothing to run. */
export function chart({ title, lines, xTicks, xName, y }: ChartOptions): string {
  const all = lines.flatMap(({ points }) => points);
  if (all.length === 0) return "";
  // A day has more points than a call takes arguments.
  const most = (axis: 0 | 1): number =>
    all.reduce((sofar, point) => Math.max(sofar, point[axis]), -Infinity);
  const xMax = most(0) || 1;
  const yMax = roundUp(most(1));
  const toX = (x: number): string => (LEFT + (x / xMax) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const toY = (value: number): string =>
    (HEIGHT - BOTTOM - (value / yMax) * (HEIGHT - TOP - BOTTOM)).toFixed(1);
  const rows = Array.from({ length: TICKS + 1 }, (_, i) => (yMax / TICKS) * i).map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${toY(value)}" y2="${toY(value)}"/>` +
      `<text class="tick" x="${LEFT - 8}" y="${toY(value)}" dy="4" text-anchor="end">${escaped(y(value))}</text>`,
  );
  const step = roundUp(xMax / 6);
  const evenly = Array.from({ length: Math.floor(xMax / step) + 1 }, (_, i) => ({
    at: i * step,
    label: String(Number((i * step).toPrecision(6))),
  }));
  const columns = (xTicks ?? evenly).map(
    ({ at, label }) =>
      `<text class="tick" x="${toX(at)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${escaped(label)}</text>`,
  );
  const paths = lines.map(({ name, points }, i) => {
    const path = points.map(([x, value]) => `${toX(x)},${toY(value)}`).join(" ");
    const dot =
      points.length === 1
        ? `<circle class="c${i % COLOURS}" cx="${toX(points[0]![0])}" cy="${toY(points[0]![1])}" r="3"/>`
        : "";
    // Where there are more lines than colours, the second round of them is dashed.
    const dashes = i < COLOURS ? "" : ' stroke-dasharray="5 3"';
    return `<polyline class="line c${i % COLOURS}"${dashes} points="${path}"><title>${escaped(name)}</title></polyline>${dot}`;
  });
  const legend = lines.map(
    ({ name }, i) => `<span><i class="c${i % COLOURS}"></i>${escaped(name)}</span>`,
  );
  return (
    `<figure><figcaption>${escaped(title)}</figcaption>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">` +
    `${rows.join("")}${columns.join("")}${paths.join("")}` +
    `<text class="tick" x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" text-anchor="end">${escaped(xName)}</text>` +
    `</svg><div class="legend">${legend.join("")}</div></figure>`
  );
}
