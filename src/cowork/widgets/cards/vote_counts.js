// Answers shown together: a list of what could be answered, with its count in words, and beside each count as many
// dots. One dot is one person; dots hold no name and are a twin of the words.

import { createParagraphs, h } from "../runtime/dom.js";

/** @import { CardItem, TallyRow } from "../types.js" */

/** @param {CardItem} item */
export function createVoteCounts(item) {
  const tally = item.tally || {};
  const { h: title, apart_h: apartH, none, none_n: noneN, read, read_h: readH } = tally;
  const [rows, apart] = [tally.rows || [], tally.apart || []];
  if (!rows.length) return null;
  const most = Math.max(...[...rows, ...apart].map((row) => row.n || 0));
  return h(
    "div",
    { class: `cw-tally ${most > 16 ? "cw-many" : ""}` },
    title ? h("p", { class: "cw-tally-h" }, title) : null,
    h("ol", { class: "cw-tally-rows" }, rows.map(createVoteRow)),
    apart.length ? [apartH ? h("p", { class: "cw-tally-apart" }, apartH) : null, h("ul", { class: "cw-tally-rows cw-apart" }, apart.map(createVoteRow))] : null,
    none ? h("div", { class: "cw-tally-none" }, h("p", {}, none), createDots(noneN, "cw-dot cw-dot-open")) : null,
    (read || []).length ? h("div", { class: "cw-tally-read" }, readH ? h("p", { class: "cw-tally-h" }, readH) : null, createParagraphs(read)) : null,
  );
}

/** @param {TallyRow} row */
function createVoteRow({ label, n, text }) {
  return h(
    "li",
    {},
    h("p", { class: "cw-tally-label" }, label || ""),
    h("p", { class: "cw-tally-n" }, text || String(n || 0)),
    createDots(n, "cw-dot"),
  );
}

/** @param {number | undefined} n @param {string} cls */
function createDots(n, cls) {
  const count = Math.max(0, Math.min(Number(n) || 0, 500));
  return h("div", { class: "cw-dots", "aria-hidden": "true" }, Array.from({ length: count }, () => h("span", { class: cls })));
}
