// Three wheels, each in two halves, Alignment at the top because dialogue touches everything. A picture of the
// list beside it and nothing more: hidden from assistive technology, no tab stop, no count, nothing "done".

import { svg } from "../runtime/dom.js";
import { newId } from "../runtime/ids.js";
import { getWheelClass } from "./wheel_marks.js";

/** @import { NavGroup, NavLink } from "../types.js" */

const WHEEL_CENTRES = { engagement: [82, 206], alignment: [147, 80], agreement: [212, 206] };
const ARROW_ANGLES = {
  alignment: [[205, 250], [290, 335]],
  engagement: [[100, 145], [165, 210]],
  agreement: [[35, 80], [330, 375]],
};

// A text of a picture knows no line's end: where it is wider than its place, by another font or by wider spacing that
// its reader asks for, it is drawn closer, as often as its size changes.
const maxWidths = new WeakMap(); // text -> the most it may be wide
const textResizes = new ResizeObserver((seen) => {
  // In the next frame: what changes sizes while they are told is told as an error.
  for (const { target } of seen) requestAnimationFrame(() => (target.isConnected ? shrinkText(/** @type {SVGTextElement} */ (target)) : textResizes.unobserve(target)));
});

/** @param {SVGTextElement} text */
function shrinkText(text) {
  text.removeAttribute("textLength");
  const most = maxWidths.get(text);
  if (text.getComputedTextLength() <= most) return;
  text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  text.setAttribute("textLength", most);
}

/** @param {number} most @param {SVGTextElement} text */
export function fitText(most, text) {
  maxWidths.set(text, most);
  textResizes.observe(text);
  return text;
}

function getCirclePoint(x, y, r, degrees) {
  const a = (degrees * Math.PI) / 180;
  return `${(x + r * Math.cos(a)).toFixed(1)} ${(y + r * Math.sin(a)).toFixed(1)}`;
}

export function getHalfPath(x, y, r, top, gap) {
  const flat = top ? y - gap : y + gap;
  return `M${x - r} ${flat} A${r} ${r} 0 0 ${top ? 1 : 0} ${x + r} ${flat} Z`;
}

export function createArrowTip(id, size) {
  const tip = svg("path", {
    d: "M1.5 1 L7.5 5 L1.5 9",
    fill: "none",
    stroke: "var(--line)",
    "stroke-width": 2,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
  });
  const box = { viewBox: "0 0 10 10", refX: 5, refY: 5, markerWidth: size, markerHeight: size };
  return svg("defs", {}, svg("marker", { id, ...box, orient: "auto-start-reverse" }, tip));
}

export function createTurnArrows(wheel, x, y, r, id) {
  return ARROW_ANGLES[wheel].map(([from, to]) =>
    svg("path", {
      d: `M${getCirclePoint(x, y, r, from)} A${r} ${r} 0 0 1 ${getCirclePoint(x, y, r, to)}`,
      class: "cw-turn",
      "marker-end": `url(#${id})`,
    }),
  );
}

/**
 * The small picture of the shell. `groups`: [{wheel, parts: [{key, name, here, href, written, half}]}]. A page that
 * stands beside a part is in the list and has no half.
 * @param {NavGroup[]} groups
 * @param {boolean} compact
 * @param {(part: NavLink) => void} go
 */
export function createSmallWheels(groups, compact, go) {
  const r = compact ? 58 : 62;
  const tip = newId("tip");
  const picture = svg("svg", {
    viewBox: compact ? "14 12 266 262" : "4 2 286 278",
    "aria-hidden": "true",
    class: compact ? "cw-wheels-mini" : "cw-wheels-small",
  });
  if (!compact) picture.append(createArrowTip(tip, 5.5));
  for (const { wheel, parts } of groups) {
    if (!WHEEL_CENTRES[wheel]) continue;
    const [x, y] = WHEEL_CENTRES[wheel];
    const group = svg("g", { class: getWheelClass(wheel) });
    if (!compact) group.append(...createTurnArrows(wheel, x, y, r + 8, tip));
    (parts || []).filter((part) => part.half).forEach((part) => {
      const top = part.half === "top";
      const kind = part.here ? "cw-here" : part.written ? "cw-some" : "cw-none";
      const half = svg("g", { class: `cw-halfpic ${kind}`, onclick: () => part.href && go(part) });
      half.append(svg("path", { d: getHalfPath(x, y, r, top, compact ? 3 : 2) }));
      if (!compact) half.append(fitText(top ? 104 : 100, svg("text", { x, y: top ? y - 19 : y + 30 }, part.name)));
      group.append(half);
    });
    picture.append(group);
  }
  return picture;
}
