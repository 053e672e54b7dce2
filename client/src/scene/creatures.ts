import type { Creature } from "@driftsea/protocol";
import { circle, path, svg } from "./svg.ts";

const eye = (x: number, y: number): SVGElement => circle(x, y, 2.4, { fill: "#14212c" });

/** What a line can bring up, drawn in a box of 96. */
export function drawBottle(): SVGElement {
  return svg(
    "g",
    { transform: "rotate(-14 48 48)" },
    path("M38 34q-6 4-6 13v27q0 9 9 9h14q9 0 9-9V47q0-9-6-13V20H38z", {
      fill: "#cfe8e2",
      "fill-opacity": 0.78,
      stroke: "#f3fbf8",
      "stroke-width": 1.6,
    }),
    path("M40 46h16v28H40z", { fill: "#f6e9c8" }),
    path("M40 50q8 3 16 0M40 58q8 3 16 0M40 66q8 3 16 0", { stroke: "#c9b48a", fill: "none" }),
    path("M39 11h18v12H39z", { fill: "#a9764b" }),
    path("M36 50v22", {
      stroke: "#fff",
      "stroke-width": 3,
      "stroke-opacity": 0.65,
      "stroke-linecap": "round",
    }),
  );
}

const DRAWINGS: Record<Creature, () => SVGElement[]> = {
  starfish: () => [
    path(
      "M48 10q7 22 10 24t26 2q-18 15-19 19t9 26Q54 70 48 70t-26 11q10-22 9-26T12 36q23 0 26-2t10-24z",
      {
        fill: "#e98a5b",
      },
    ),
    eye(43, 44),
    eye(53, 44),
    path("M44 52q4 4 8 0", { stroke: "#14212c", fill: "none", "stroke-width": 1.6 }),
  ],
  crab: () => [
    path("M20 40q-14-6-8-20 4 6 10 4-1 8 4 12zM76 40q14-6 8-20-4 6-10 4 1 8-4 12z", {
      fill: "#d9583f",
    }),
    path("M24 66l-10 8M28 72l-6 10M72 66l10 8M68 72l6 10", {
      stroke: "#c44a33",
      "stroke-width": 4,
    }),
    svg("ellipse", { cx: 48, cy: 56, rx: 30, ry: 20, fill: "#e06a4c" }),
    path("M40 38v-8M56 38v-8", { stroke: "#c44a33", "stroke-width": 3 }),
    eye(40, 29),
    eye(56, 29),
  ],
  jellyfish: () => [
    path("M16 48q0-32 32-32t32 32q-8 6-16 0-8 6-16 0-8 6-16 0-8 6-16 0z", {
      fill: "#c9a7ea",
      "fill-opacity": 0.9,
    }),
    path(
      "M26 52q-6 12 0 22t-2 16M42 52q-5 14 1 24t-2 14M56 52q5 14-1 24t2 14M70 52q6 12 0 22t2 16",
      {
        stroke: "#c9a7ea",
        fill: "none",
        "stroke-width": 3,
        "stroke-linecap": "round",
      },
    ),
    eye(40, 40),
    eye(56, 40),
  ],
  seahorse: () => [
    path(
      "M34 20q4-10 16-8 14 2 14 16 0 8-4 14 8 12 2 26-6 12-18 14-8 1-9-6 0-6 6-6 3 0 4 3 5-2 5-9 0-8-8-16-8-9-2-20l-14 4q-4-6 8-12z",
      {
        fill: "#f0b45a",
      },
    ),
    path("M62 36q12 4 6 18l-8-6z", { fill: "#f7d08a" }),
    eye(46, 25),
  ],
  octopus: () => [
    path(
      "M22 44q0-30 26-30t26 30v10q4 20 14 20-10 10-20-6-2 18 6 18-14 6-18-16-2 18-8 18t-8-18q-4 22-18 16 8 0 6-18-10 16-20 6 10 0 14-20z",
      {
        fill: "#b5607f",
      },
    ),
    circle(38, 42, 6, { fill: "#fff" }),
    circle(58, 42, 6, { fill: "#fff" }),
    eye(39, 43),
    eye(57, 43),
  ],
  turtle: () => [
    path("M20 36q-12-8-10 4 2 8 14 8zM20 66q-10 10-2 12 8 0 14-8zM70 70q6 12 12 8 2-8-6-14z", {
      fill: "#7fa65a",
    }),
    circle(82, 46, 10, { fill: "#8fb768" }),
    svg("ellipse", { cx: 46, cy: 52, rx: 30, ry: 22, fill: "#4f7f5b" }),
    path("M46 32v40M24 46h44M28 62h38", { stroke: "#38634a", "stroke-width": 2.5, fill: "none" }),
    eye(85, 43),
  ],
  pufferfish: () => [
    path(
      "M48 12l4 10 9-6 1 10 11-3-3 10 11 1-6 9 9 5-9 6 6 9-11 1 3 10-11-2-2 10-8-6-5 10-5-10-8 6-2-10-11 2 3-10-11-1 6-9-9-6 9-5-6-9 11-1-3-10 11 3 1-10 9 6z",
      {
        fill: "#e9c66b",
      },
    ),
    circle(48, 50, 25, { fill: "#f2d98f" }),
    circle(38, 44, 5, { fill: "#fff" }),
    circle(58, 44, 5, { fill: "#fff" }),
    eye(38, 44),
    eye(58, 44),
    svg("ellipse", { cx: 48, cy: 57, rx: 4, ry: 3, fill: "#b87b4a" }),
  ],
  snail: () => [
    path("M10 76q6-8 20-8h40q12 0 14-22 0-6 6-6 4 0 3 8-2 32-23 32H20q-9 0-10-4z", {
      fill: "#e5c9a5",
    }),
    circle(44, 48, 26, { fill: "#c98b62" }),
    path("M44 48q8 0 8 7t-10 7q-13 0-13-14t16-15q18 0 18 18", {
      stroke: "#8b5a3c",
      "stroke-width": 4,
      fill: "none",
    }),
    path("M88 42l-2-10M94 44l4-9", { stroke: "#e5c9a5", "stroke-width": 2.5 }),
  ],
  shrimp: () => [
    path("M26 30q32-14 46 8 10 20-6 36-12 10-24 6 16-2 20-16 2-14-10-18-14-4-26 2-8-8 0-18z", {
      fill: "#f0a68f",
      "fill-opacity": 0.85,
    }),
    path("M42 80l-10 8 2-12-12 0 16-4z", { fill: "#e48b72" }),
    path("M28 32Q16 22 6 24M28 36Q14 32 8 40M50 52l-6 8M58 52l-4 10M64 54v10", {
      stroke: "#e48b72",
      "stroke-width": 2,
      fill: "none",
    }),
    eye(34, 34),
  ],
  squid: () => [
    path("M48 6q14 10 22 24H58v30H38V30H26Q34 16 48 6z", { fill: "#d98aa0" }),
    path("M39 58q-4 16-10 28M45 60q-1 16-4 30M51 60q1 16 4 30M57 58q4 16 10 28", {
      stroke: "#d98aa0",
      "stroke-width": 5,
      fill: "none",
      "stroke-linecap": "round",
    }),
    circle(43, 46, 4.4, { fill: "#fff" }),
    circle(54, 46, 4.4, { fill: "#fff" }),
    eye(43, 47),
    eye(54, 47),
  ],
};

export const drawCreature = (creature: Creature): SVGElement =>
  svg("g", {}, ...DRAWINGS[creature]());
