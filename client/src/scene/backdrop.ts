import { drawBottle } from "./creatures.ts";
import { circle, path, scatter, svg } from "./svg.ts";

const FAR_BOTTLES = 6;

/** Layers of waves from the horizon to the shore: place, height and length in px, s for one length. */
const WAVES = [
  { top: 45, height: 3, length: 150, seconds: 21, from: "--sea-far", to: "--sea", shift: 20 },
  { top: 48.5, height: 5, length: 210, seconds: 17, from: "--sea-far", to: "--sea", shift: 90 },
  { top: 54, height: 8, length: 290, seconds: 15, from: "--sea", to: "--sea-near", shift: 10 },
  { top: 61, height: 11, length: 370, seconds: 13, from: "--sea", to: "--sea-near", shift: 150 },
  {
    top: 69,
    height: 14,
    length: 460,
    seconds: 12,
    from: "--sea-near",
    to: "--sea-deep",
    shift: 60,
  },
  {
    top: 77,
    height: 15,
    length: 540,
    seconds: 11,
    from: "--sea-near",
    to: "--sea-deep",
    shift: 200,
  },
] as const;

/** Widest window that a layer covers, in px. */
const WIDTH = 2900;

function div(name: string): HTMLDivElement {
  const element = document.createElement("div");
  element.className = name;
  return element;
}

export interface Backdrop {
  farBottles: SVGElement[];
  /** Windows of the lighthouse, from the lamp downwards. */
  windows: SVGElement[];
  /** The ring of light around the tree; its length counts as 1. */
  ring: SVGElement;
  front: HTMLElement;
}

/** Everything that is always there, from the sky down to the sand. */
export function drawBackdrop(host: HTMLElement): Backdrop {
  host.append(div("sky"), stars(), orb(), cloud(6, 0), cloud(17, -70), cloud(27, -120));
  const { element, windows, ring } = land();
  host.append(beam(), element, div("water"));
  const far: SVGElement[] = [];
  const random = scatter(27739);
  WAVES.forEach((wave, i) => {
    host.append(waveLayer(wave, `wave-${i}`));
    if (i === 0 || i === WAVES.length - 1) return;
    for (let n = 0; n < FAR_BOTTLES / 4; n += 1) {
      const bottle = svg("svg", { viewBox: "0 0 96 96", class: "far-bottle" }, drawBottle());
      bottle.style.left = `${8 + random() * 84}%`;
      bottle.style.top = `calc(${wave.top + 2}% - 14px)`;
      bottle.style.scale = String(0.45 + i * 0.16);
      bottle.style.animationDelay = `${-random() * 5}s`;
      far.push(bottle);
      host.append(bottle);
    }
  });
  host.append(glitter(), river(), damp(), sand(), wash(), gull());
  const front = div("front");
  front.style.inset = "0";
  host.append(div("dim"), front);
  return { farBottles: far, windows, ring, front };
}

function stars(): SVGElement {
  const random = scatter(4242);
  const groups = [0, 1, 2].map((i) => svg("g", { class: i === 0 ? "" : "twinkle" }));
  for (let i = 0; i < 150; i += 1) {
    const y = random() ** 1.4 * 400;
    groups[i % 3]!.append(circle(random() * 1600, y, 0.5 + random() ** 3 * 1.7));
  }
  return svg(
    "svg",
    { class: "stars", viewBox: "0 0 1600 420", preserveAspectRatio: "xMidYMin slice" },
    ...groups,
  );
}

/** Sun by day, moon by night: its phase is that of the real one. */
function orb(): SVGElement {
  const halo = svg(
    "radialGradient",
    { id: "halo" },
    svg("stop", { offset: 0, "stop-color": "var(--glow)" }),
    svg("stop", { offset: 1, "stop-color": "var(--glow)", "stop-opacity": 0 }),
  );
  // Days since a new moon (6 January 2000, 18:14 UTC), of a month of 29.53 days.
  const age = ((Date.now() / 86_400_000 - 10_962.76) % 29.530_588) / 29.530_588;
  return svg(
    "svg",
    { class: "orb", viewBox: "0 0 200 200" },
    svg("defs", {}, halo),
    circle(100, 100, 95, { class: "halo" }),
    circle(100, 100, 22, { class: "disc" }),
    svg("path", {
      class: "shade",
      d: shadeOf(Math.cos(age * 2 * Math.PI)),
      transform: age < 0.5 ? "" : "matrix(-1 0 0 1 200 0)",
    }),
  );
}

/** The dark side, on the left: half the rim, and half an ellipse whose width is the phase's cosine. */
function shadeOf(cosine: number): string {
  // Never quite dark: a sliver is prettier than nothing.
  const width = Math.min(0.68, cosine);
  const back = `A${22.3 * Math.abs(width)} 22.3 0 0 ${width > 0 ? 0 : 1} 100 77.7`;
  return `M100 77.7A22.3 22.3 0 0 0 100 122.3${back}`;
}

function cloud(top: number, delay: number): SVGElement {
  const element = svg(
    "svg",
    { class: "cloud", viewBox: "0 0 520 90" },
    path("M10 74q40-26 96-22 24-40 86-34 40-26 92 8 66-8 92 26 60-6 134 22z"),
  );
  element.style.top = `${top}%`;
  element.style.animationDelay = `${delay}s`;
  return element;
}

/** Where the lamp of the lighthouse is, in the drawing of the land, and how large that is. */
const LAND = { width: 460, height: 150, lamp: { x: 84, y: 29 } };

/** Rows of two windows, from the lamp downwards. */
function lighthouseWindows(): SVGElement[] {
  return Array.from({ length: 8 }, (_, i) => {
    const y = 44 + Math.floor(i / 2) * 10;
    const x = i % 2 === 0 ? 77.5 : 86;
    return svg("rect", { class: "window", x, y, width: 4.4, height: 5.6, rx: 1.4 });
  });
}

const lantern = (x: number, y: number): SVGElement =>
  svg(
    "g",
    { class: "lantern" },
    circle(x, y, 17, { class: "lantern-glow" }),
    path(`M${x - 3.4} ${y - 3}q3.4 -3.4 6.8 0v6q-3.4 3.4 -6.8 0z`, { class: "lantern-light" }),
  );

/** A headland with a lighthouse, an old tree and two lanterns: the places of the shore. */
function land(): { element: SVGElement; windows: SVGElement[]; ring: SVGElement } {
  const windows = lighthouseWindows();
  const ring = svg("circle", { class: "tree-ring", cx: 216, cy: 66, r: 34, pathLength: 1 });
  const element = svg(
    "svg",
    {
      class: "land",
      viewBox: `0 0 ${LAND.width} ${LAND.height}`,
      preserveAspectRatio: "xMinYMax meet",
    },
    svg(
      "radialGradient",
      { id: "lantern" },
      svg("stop", { offset: 0, "stop-color": "oklch(0.9 0.13 75)", "stop-opacity": 0.85 }),
      svg("stop", { offset: 1, "stop-color": "oklch(0.85 0.14 65)", "stop-opacity": 0 }),
    ),
    path("M0 82q44-12 96-8 50 2 96 18 40 2 76 14 44 8 84 22 62 12 108 22H0z"),
    // The lighthouse.
    path("M72 84l4-48h16l4 48z"),
    path("M73 36h22v-3H73zM77 33V24h14v9zM75 24l9-9 9 9z"),
    path("M78.5 25.5h11v6.5h-11z", { fill: "oklch(0.95 0.1 90)" }),
    ...windows,
    // The old tree, with a hollow.
    ring,
    path("M208 98q6-14 2-28l-10-9 10 5q0-8-4-15l7 10q3-5 9-8-5 8-4 14l9-5-9 10q-2 14 6 26z"),
    ...[
      [198, 56, 13],
      [210, 44, 16],
      [226, 46, 14],
      [236, 57, 11],
    ].map(([x, y, r]) => circle(x!, y!, r!)),
    svg("ellipse", { class: "hollow", cx: 213.5, cy: 84, rx: 2.6, ry: 4.4 }),
    // Two lanterns on their poles.
    path("M326 124V98q0-5 7-5M352 132v-28q0-5-7-5", { class: "pole" }),
    lantern(333, 101),
    lantern(345, 107),
  );
  return { element, windows, ring };
}

function beam(): SVGElement {
  const element = svg(
    "svg",
    { class: "beam", viewBox: "0 0 600 160", preserveAspectRatio: "none" },
    svg(
      "defs",
      {},
      svg(
        "linearGradient",
        { id: "beam" },
        svg("stop", { offset: 0, "stop-color": "oklch(0.97 0.08 95)", "stop-opacity": 0.6 }),
        svg("stop", { offset: 1, "stop-color": "oklch(0.97 0.08 95)", "stop-opacity": 0 }),
      ),
    ),
    path("M0 78L600 8V152L0 82z", { fill: "url(#beam)" }),
  );
  const { width, height, lamp } = LAND;
  element.style.left = `calc(var(--land) * ${lamp.x / width})`;
  element.style.top = `calc(44% - var(--land) * ${(height - lamp.y) / width} - 8vmax)`;
  return element;
}

/** Lanterns that drift out of the river's mouth, the nearest the largest. Their way is a slow bend. */
function river(): SVGElement {
  const random = scatter(512);
  const lights = Array.from({ length: 15 }, (_, i) => {
    const near = (i / 14) ** 1.5;
    const x = 60 + Math.sin(near * 4.2) * (14 + near * 34) + (random() - 0.5) * (6 + near * 22);
    const y = 6 + near * 150;
    const r = 1.1 + near * 2.6;
    return svg(
      "g",
      {},
      circle(x, y, r * 4, { class: "river-glow" }),
      svg("ellipse", { cx: x, cy: y + r * 2.1, rx: r * 1.8, ry: r * 0.5, class: "river-mirror" }),
      svg("rect", {
        class: "lantern-light",
        x: x - r * 0.9,
        y: y - r * 1.3,
        width: r * 1.8,
        height: r * 2.6,
        rx: r * 0.6,
      }),
    );
  });
  return svg("svg", { class: "lantern-river", viewBox: "0 0 140 170" }, ...lights);
}

/** Light on the water below the sun or the moon. */
function glitter(): SVGElement {
  const random = scatter(99);
  const groups = [svg("g"), svg("g")];
  for (let i = 0; i < 54; i += 1) {
    const y = 4 + (i / 54) ** 1.3 * 390;
    const spread = 16 + y * 0.2;
    const width = 8 + random() * (14 + y * 0.12);
    const x = 150 + (random() - 0.5) * 2 * spread - width / 2;
    const opacity = 0.55 - y / 900;
    groups[i % 2]!.append(svg("rect", { x, y, width, height: 1.4 + y / 170, rx: 1.5, opacity }));
  }
  return svg(
    "svg",
    { class: "path", viewBox: "0 0 300 400", preserveAspectRatio: "xMidYMin slice" },
    ...groups,
  );
}

function waveLayer(wave: (typeof WAVES)[number], id: string): HTMLElement {
  const { length, height } = wave;
  let crest = `M${-length} ${height}`;
  for (let x = -length; x < WIDTH + length; x += length) {
    // Steeper in front than behind, as waves that come in are.
    crest += `c${length * 0.32} 0 ${length * 0.38} ${-height} ${length * 0.55} ${-height}s${length * 0.2} ${height} ${length * 0.45} ${height}`;
  }
  const moving = svg(
    "svg",
    { class: "wave", viewBox: `0 -16 ${WIDTH} 200` },
    svg(
      "linearGradient",
      { id, x1: 0, x2: 0, y1: 0, y2: 1 },
      svg("stop", { offset: 0, "stop-color": `var(${wave.from})` }),
      svg("stop", { offset: 0.6, "stop-color": `var(${wave.to})` }),
    ),
    path(`${crest}V200H${-length}z`, { fill: `url(#${id})` }),
    path(crest),
  );
  moving.style.setProperty("--period", `${-length}px`);
  moving.style.left = `${-wave.shift}px`;
  moving.style.animation = `roll ${wave.seconds}s linear infinite`;
  const heaving = div("heave");
  heaving.style.top = `calc(${wave.top}% - ${height}px)`;
  heaving.style.left = "0";
  heaving.style.animation = `heave ${wave.seconds * 0.37}s ease-in-out infinite alternate`;
  heaving.append(moving);
  return heaving;
}

const SHORE = "M0 46q160-34 330-18t330-6 340 10V120H0z";

function sand(): SVGElement {
  const random = scatter(31);
  const grains = Array.from({ length: 70 }, () =>
    circle(random() * 1000, 56 + random() * 60, 0.6 + random() * 0.9, {
      fill: "#000",
      opacity: 0.12,
    }),
  );
  return svg(
    "svg",
    { class: "sand", viewBox: "0 0 1000 120", preserveAspectRatio: "none" },
    path(SHORE),
    ...grains,
  );
}

function damp(): SVGElement {
  return svg(
    "svg",
    { class: "damp", viewBox: "0 0 1000 120", preserveAspectRatio: "none" },
    path(SHORE),
  );
}

/** The last wave, which runs up the sand and back. */
function wash(): SVGElement {
  const edge = "q150 26 320 8t340-4 340-10";
  return svg(
    "svg",
    { class: "wash", viewBox: "0 0 1000 100", preserveAspectRatio: "none" },
    svg(
      "linearGradient",
      { id: "wet", x1: 0, x2: 0, y1: 0, y2: 1 },
      svg("stop", { offset: 0, "stop-color": "var(--sea-deep)", "stop-opacity": 0 }),
      svg("stop", { offset: 0.7, "stop-color": "var(--sea-deep)" }),
    ),
    path(`M0 0V58${edge}V0z`, { fill: "url(#wet)" }),
    path(`M0 58${edge}`, { class: "edge-foam", "vector-effect": "non-scaling-stroke" }),
  );
}

function gull(): SVGElement {
  return svg("svg", { class: "gull", viewBox: "0 0 34 16" }, path("M2 6q8-6 15 6 7-12 15-6"));
}
