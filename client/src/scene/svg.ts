const SVG = "http://www.w3.org/2000/svg";

export type Attributes = Record<string, string | number>;

/** An element of SVG. Built by hand: the page's policy allows no markup out of texts. */
export function svg(name: string, attributes: Attributes = {}, ...children: Element[]): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

export const path = (d: string, more: Attributes = {}): SVGElement => svg("path", { d, ...more });
export const circle = (cx: number, cy: number, r: number, more: Attributes = {}): SVGElement =>
  svg("circle", { cx, cy, r, ...more });

/** Numbers that look random and are the same at each visit: the shore does not change its shape. */
export function scatter(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
