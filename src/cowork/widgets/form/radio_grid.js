// Answers in rows and columns: how a group meets, in time and in place. Native radio buttons, each of whose names
// says its row, its column and its own words; the pictures only repeat that. On a phone each row is a group.

import { h, svg } from "../runtime/dom.js";
import { newId } from "../runtime/ids.js";

/** @import { OptionGroup } from "./text_field.js" */
/** @import { Grid, Option } from "../types.js" */

/** @param {OptionGroup} answers @param {Grid} grid @param {Option[]} options */
export function createRadioGrid(answers, { rows, cols }, options) {
  const ids = new Map([...rows, ...cols].map((head) => [head, newId("head")]));
  const head = (one) =>
    h("div", { class: "cw-grid-head" }, h("span", { id: ids.get(one) }, one.label), one.hint ? h("span", { class: "cw-hint" }, one.hint) : null);
  const cells = (row) =>
    cols.map((col) => {
      const option = options.find((one) => one.value === `${row.key}/${col.key}`);
      return option ? createRadioCell(answers, option, [ids.get(row), ids.get(col)], row.key, col.key) : h("div", {});
    });
  return [
    h("div", { class: "cw-grid-row cw-grid-top" }, h("div", {}), cols.map(head)),
    ...rows.map((row) => h("div", { class: "cw-grid-row", role: "group", "aria-labelledby": ids.get(row) }, head(row), cells(row))),
  ];
}

/**
 * @param {OptionGroup} answers
 * @param {Option} option
 * @param {(string | undefined)[]} heads
 * @param {string} time
 * @param {string} space
 */
function createRadioCell(answers, option, heads, time, space) {
  const words = newId("cell");
  const input = answers.createInput(option, newId("option"));
  input.setAttribute("aria-labelledby", [...heads, words].join(" "));
  const hint = option.hint ? h("span", { id: `${input.id}-hint`, class: "cw-hint" }, option.hint) : null;
  return h("label", { class: "cw-cell" }, input, createRadioPicture(time, space), h("span", { class: "cw-cell-words" }, h("span", { id: words }, option.label), hint));
}

const SPACE_PICTURES = {
  same: { table: [46, 24, 20, 10], people: [[20, 12], [46, 7], [72, 12], [28, 39], [64, 39]], screens: [] },
  blended: { table: [28, 25, 14, 8], people: [[10, 14], [28, 9], [28, 40], [78, 12], [78, 36]], screens: [[67, 2], [67, 26]] },
  distributed: { table: null, people: [[14, 12], [46, 12], [78, 12], [30, 36], [62, 36]], screens: [[3, 2], [35, 2], [67, 2], [19, 26], [51, 26]] },
};
// Who is there at the moment that is drawn: everyone, some, or one.
const TIME_PICTURES = { same: [0, 1, 2, 3, 4], blended: [0, 2, 4], different: [1] };

function createRadioPicture(time, space) {
  const place = SPACE_PICTURES[space];
  const now = TIME_PICTURES[time];
  if (!place || !now) return null;
  const table = place.table && svg("ellipse", { cx: place.table[0], cy: place.table[1], rx: place.table[2], ry: place.table[3], class: "cw-grid-table" });
  return svg(
    "svg",
    { viewBox: "0 -1 92 50", width: 92, height: 50, "aria-hidden": "true" },
    table,
    place.screens.map(([x, y]) => svg("rect", { x, y, width: 22, height: 20, rx: 3, class: "cw-grid-screen" })),
    place.people.map(([cx, cy], i) => svg("circle", { cx, cy, r: 6, class: now.includes(i) ? "cw-grid-here" : "cw-grid-away" })),
  );
}
