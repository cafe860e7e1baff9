// What a card stands on, shown under its words: quotations, points with their ways on, and changed ground.

import { createDetails, h, svg } from "../runtime/dom.js";
import { newId } from "../runtime/ids.js";
import { createLabelSource } from "../runtime/labels.js";
import { followLink } from "../runtime/links.js";

/** @import { CardItem, Line, PointSpec, QuoteSpec } from "../types.js" */

/**
 * The exact words and whose they are; or, where they may not be shown, a sentence that says so. The words themselves
 * are the way to where they stand: a link under each would take as much room as they do.
 * @param {QuoteSpec[]} quotes
 * @param {number} [from] the place of the first among those of the card
 */
export function createQuotes(quotes, from = 0) {
  const list = quotes.map((quote, i) => {
    const by = quote.by ? h("p", { class: "cw-by" }, h("bdi", { class: "cw-name" }, quote.by)) : null;
    if (quote.gap) return h("li", { class: "cw-gap" }, h("p", {}, quote.gap), by);
    const words = h("span", {}, quote.text);
    const { href } = quote;
    const link = href ? h("a", { href, onclick: (event) => followLink(event, href) }, words) : null;
    if (link) link.dataset.name = `quote-${from + i}`;
    return h(
      "li",
      {},
      h("blockquote", { class: `cw-quote cw-typed ${link ? "cw-linked" : ""}`, dir: "auto", lang: quote.lang ?? null }, link || words),
      link && quote.href_text ? nameQuoteLink(link, words, quote.href_text) : null,
      by,
    );
  });
  return list.length ? h("ul", { class: "cw-quotes" }, list) : null;
}

/**
 * For those who hear the page: where the link leads, and then its words.
 * @param {HTMLElement} link
 * @param {HTMLElement} words
 * @param {Line} leads
 */
function nameQuoteLink(link, words, leads) {
  const [where, what] = [newId("leads"), newId("quote")];
  const copy = createLabelSource(words, what);
  link.setAttribute("aria-labelledby", `${where} ${what}`);
  return [h("span", { hidden: true, id: where }, leads, ":"), copy];
}

/** @param {string} name @param {string} href @param {Line | undefined} words */
function createSourceLink(name, href, words) {
  const link = h("a", { href, class: "cw-quiet", onclick: (event) => followLink(event, href) }, words);
  link.dataset.name = name;
  return link;
}

/**
 * A point with `fold` belongs to the one before it: its lines are folded under its label. `kept` keeps folds open.
 * @param {PointSpec[]} points
 * @param {number} from the place of the first among those of the card
 * @param {(name: string, fold: HTMLDetailsElement) => HTMLDetailsElement} kept
 */
export function createPoints(points, from, kept) {
  const list = points.flatMap((point, i) => {
    const text = point.href
      ? createSourceLink(`point-${from + i}`, point.href, point.text || point.label)
      : h("span", { class: "cw-typed", dir: "auto" }, point.text || "");
    const lines = (point.list || []).map((line) => h("li", { class: "cw-typed", dir: "auto" }, line));
    if (point.fold && lines.length) return [h("dd", {}, kept(`point-${from + i}`, createDetails(point.label, h("ul", {}, lines))))];
    // Several things under one label, one after the other, are named once.
    const named = i && points[i - 1].label === point.label;
    return [
      named ? null : h("dt", {}, point.label || ""),
      h("dd", {}, point.text || point.href ? text : null, lines.length ? h("ul", {}, lines) : null),
    ];
  });
  return list.length ? h("dl", { class: "cw-points" }, list) : null;
}

/**
 * Ground that has changed: a border, a sign and words, so that it stands out without its colour.
 * @param {CardItem} item
 */
export function createMark(item) {
  const { text, hint, list } = item.mark || {};
  if (!text) return null;
  const sign = svg(
    "svg",
    { viewBox: "0 0 24 24", width: 24, height: 24, "aria-hidden": "true" },
    svg("path", { d: "M2 19h6l2-4 3 3 2-5 3 6h4", fill: "none", stroke: "currentColor", "stroke-width": 2.5, "stroke-linejoin": "round" }),
    svg("path", { d: "M12 2v7m0 0-3-3m3 3 3-3", fill: "none", stroke: "currentColor", "stroke-width": 2.5, "stroke-linecap": "round" }),
  );
  const lines = (list || []).map((line) => h("li", { class: "cw-typed", dir: "auto" }, line));
  return h(
    "div",
    { class: "cw-mark" },
    h("p", { class: "cw-mark-h" }, sign, h("span", {}, text)),
    hint ? h("p", {}, hint) : null,
    lines.length ? h("ul", {}, lines) : null,
  );
}
