import type { Creature } from "@driftsea/protocol";
import "../styles/scene.css";
import { drawBackdrop } from "./backdrop.ts";
import { drawBottle, drawCreature } from "./creatures.ts";
import { circle, path, svg } from "./svg.ts";

export type Hour = "dawn" | "day" | "dusk" | "night";
export type Haul = "bottle" | "calm" | Creature;

/** The drawn shore. Decoration: whatever it shows, words say too. */
export interface Scene {
  /** The hour has changed: the colours follow by the page's own attribute; the sky fades over. */
  setHour: (hour: Hour) => void;
  setPaused: (paused: boolean) => void;
  /** The same moments as cuts and fades, and no motion in between. */
  setReducedMotion: (reduced: boolean) => void;
  /** An arc of 900 ms into the waves, with a splash and rings. */
  throwBottle: () => Promise<void>;
  /** The bottle comes back to the hand. */
  takeBack: () => Promise<void>;
  /** A line goes out and waits for `haul`. */
  castLine: () => void;
  /** A tug, and what it brings up. */
  haul: (what: Haul) => Promise<void>;
  /** How full the sea is, 0 to 1: bottles that are seen far out. */
  setDrift: (density: number) => void;
  /** A lit window in the lighthouse for each, as bright as its share of time that is left, 0 to 1. */
  setWindows: (shares: readonly number[]) => void;
  /** The ring of light at the tree, 0 to 1; null for none. */
  setRing: (share: number | null) => void;
  /** The two lanterns glow. */
  setSeeking: (isSeeking: boolean) => void;
  /** A room's last minute: everything grows dark. */
  setDim: (isDim: boolean) => void;
}

/** The hour of the visitor's clock. */
export function hourOf(date: Date): Hour {
  const hour = date.getHours() + date.getMinutes() / 60;
  if (hour >= 5 && hour < 8) return "dawn";
  if (hour >= 8 && hour < 17.5) return "day";
  return hour >= 17.5 && hour < 20.5 ? "dusk" : "night";
}

const ARC_MS = 900;
/** Where the hand is and where a bottle lands, as shares of the window. */
const HAND = { x: 0.5, y: 0.93 };
const LANDING = { x: 0.44, y: 0.585 };
const FLOAT = { x: 0.6, y: 0.64 };
const UP = { x: 0.5, y: 0.62 };

export function createScene(host: HTMLElement): Scene {
  const { farBottles, windows, ring, front } = drawBackdrop(host);
  const thing = svg("svg", { class: "thing", viewBox: "0 0 96 96" });
  const rings = svg(
    "svg",
    { class: "rings", viewBox: "0 0 160 44" },
    svg("ellipse", { cx: 80, cy: 22, rx: 74, ry: 19 }),
    svg("ellipse", { cx: 80, cy: 22, rx: 46, ry: 11 }),
  );
  const line = svg("svg", { class: "line" });
  const float = svg(
    "svg",
    { class: "float", viewBox: "0 0 22 30" },
    path("M11 0v8", { stroke: "#eee", "stroke-width": 2 }),
    circle(11, 16, 8, { fill: "#f4efe4" }),
    path("M3 16a8 8 0 0 1 16 0z", { fill: "#d0503c" }),
  );
  front.append(line, rings, thing, float);
  let isStill = false;
  let shownHour: Hour | null = null;

  const at = (place: { x: number; y: number }): { x: number; y: number } => ({
    x: place.x * innerWidth,
    y: place.y * innerHeight,
  });
  const move = (x: number, y: number, more = ""): string => `translate(${x}px, ${y}px) ${more}`;
  const play = async (
    element: Element,
    frames: Keyframe[],
    options: KeyframeAnimationOptions,
  ): Promise<void> => {
    // Still: the last picture, for as long as it is needed.
    const shown = isStill ? [frames.at(-1)!, frames.at(-1)!] : frames;
    await element.animate(shown, options).finished.catch(() => {});
  };

  const arc = (reverse: boolean): Keyframe[] => {
    const [from, to] = [at(HAND), at(LANDING)];
    const height = innerHeight * 0.26;
    const frames = Array.from({ length: 19 }, (_, i): Keyframe => {
      const p = i / 18;
      const x = from.x + (to.x - from.x) * p;
      const y = from.y + (to.y - from.y) * p - 4 * height * p * (1 - p);
      const more = `rotate(${-30 + p * 330}deg) scale(${1.15 - p * 0.72})`;
      return { transform: move(x, y, more), opacity: 1 };
    });
    return reverse ? frames.reverse() : frames;
  };

  const splash = (place: { x: number; y: number }): void => {
    const { x, y } = at(place);
    void play(
      rings,
      [
        { transform: move(x, y, "scale(0.15)"), opacity: 0.95 },
        { transform: move(x, y, "scale(1.15)"), opacity: 0 },
      ],
      { duration: 1100, easing: "ease-out" },
    );
  };

  return {
    setHour: (hour) => {
      const isNew = shownHour !== null && hour !== shownHour;
      shownHour = hour;
      if (!isNew || isStill) return;
      const sky = host.querySelector(".sky");
      sky?.animate([{ opacity: 0.4 }, { opacity: 1 }], { duration: 2400 });
    },
    setPaused: (paused) => host.classList.toggle("is-paused", paused),
    setReducedMotion: (reduced) => {
      isStill = reduced;
      host.classList.toggle("is-calm", reduced);
    },
    throwBottle: async () => {
      thing.replaceChildren(drawBottle());
      if (!isStill) await play(thing, arc(false), { duration: ARC_MS, easing: "linear" });
      splash(LANDING);
      const { x, y } = at(LANDING);
      await play(
        thing,
        [
          { transform: move(x, y, "rotate(-60deg) scale(0.43)"), opacity: 1 },
          { transform: move(x, y + 4, "rotate(-20deg) scale(0.4)"), opacity: 1, offset: 0.5 },
          { transform: move(x - 16, y - 6, "rotate(-30deg) scale(0.36)"), opacity: 0 },
        ],
        { duration: isStill ? 300 : 2600, easing: "ease-in-out" },
      );
    },
    takeBack: async () => {
      thing.replaceChildren(drawBottle());
      await play(thing, arc(true), { duration: isStill ? 200 : 520, easing: "ease-out" });
    },
    castLine: () => {
      const [hand, end] = [at({ x: 0.82, y: 0.9 }), at(FLOAT)];
      const middle = { x: (hand.x + end.x) / 2, y: Math.min(hand.y, end.y) - 40 };
      line.replaceChildren(
        path(`M${hand.x} ${hand.y}Q${middle.x} ${middle.y} ${end.x} ${end.y - 16}`),
      );
      host.classList.add("is-cast");
      splash(FLOAT);
      float.animate(
        isStill
          ? [{ transform: move(end.x, end.y) }]
          : [
              { transform: move(end.x, end.y - 2, "rotate(-6deg)") },
              { transform: move(end.x, end.y + 4, "rotate(7deg)") },
            ],
        {
          duration: 900,
          iterations: Infinity,
          direction: "alternate",
          easing: "ease-in-out",
          fill: "both",
        },
      );
    },
    haul: async (what) => {
      const { x, y } = at(FLOAT);
      const tug = [0, 14, 4, 20].map((dip) => ({ transform: move(x, y + dip) }));
      if (!isStill) await play(float, tug, { duration: 380, easing: "ease-in-out" });
      host.classList.remove("is-cast");
      for (const animation of float.getAnimations()) animation.cancel();
      splash(FLOAT);
      if (what === "calm") return;
      thing.replaceChildren(what === "bottle" ? drawBottle() : drawCreature(what));
      const up = at(UP);
      await play(
        thing,
        [
          { transform: move(x, y, "scale(0.2)"), opacity: 0 },
          { transform: move(up.x, up.y - 40, "scale(1.12) rotate(4deg)"), opacity: 1, offset: 0.4 },
          { transform: move(up.x, up.y - 30, "scale(1)"), opacity: 1, offset: 0.85 },
          { transform: move(up.x, up.y - 34, "scale(1)"), opacity: isStill ? 1 : 0 },
        ],
        { duration: isStill ? 350 : 1300, easing: "ease-out" },
      );
    },
    setDrift: (density) => {
      const shown = Math.ceil(density * farBottles.length);
      farBottles.forEach((bottle, i) => (bottle.style.opacity = i < shown ? "0.9" : "0"));
    },
    setWindows: (shares) => {
      windows.forEach((window, i) => {
        const share = shares[i];
        window.style.opacity = share === undefined ? "0" : String(0.35 + 0.65 * share);
      });
    },
    setRing: (share) => {
      ring.style.opacity = share === null ? "0" : "1";
      ring.style.strokeDashoffset = String(1 - (share ?? 1));
    },
    setSeeking: (isSeeking) => host.classList.toggle("is-seeking", isSeeking),
    setDim: (isDim) => host.classList.toggle("is-dim", isDim),
  };
}
