// The marks of the three wheels beside words: a colour, and the half of a wheel that a part stands in.

import { h, svg } from "../runtime/dom.js";

const WHEEL_CLASSES = { engagement: "eng", alignment: "ali", agreement: "agr" };

/**
 * The colours of a wheel, for everything inside.
 * @param {string | undefined} wheel
 */
export function getWheelClass(wheel) {
  return WHEEL_CLASSES[wheel] ? `cw-${WHEEL_CLASSES[wheel]}` : "";
}

/**
 * A wheel in two halves, one of them filled: which of the pair we are in. Only a twin of the words beside it.
 * @param {string | undefined} half
 */
function createHalfMark(half) {
  const top = half !== "bottom";
  const arc = (d, full) => svg("path", { d, fill: full ? "currentColor" : "none", stroke: "currentColor", "stroke-width": 2 });
  return svg(
    "svg",
    { viewBox: "0 0 24 26", width: 22, height: 24, "aria-hidden": "true", class: "cw-half" },
    arc("M2 11 A10 10 0 0 1 22 11 Z", top),
    arc("M2 15 A10 10 0 0 0 22 15 Z", !top),
  );
}

/** @param {string} text @param {string} wheel @param {string} [half] */
export function createEyebrow(text, wheel, half) {
  if (!text) return null;
  return h("p", { class: `cw-eyebrow ${getWheelClass(wheel)}` }, wheel ? createHalfMark(half) : null, h("span", {}, text));
}
