// What stands under the words of a card, as much of it as its reader needs at once: all of the newest card and of those
// that concern them, and of the others one line that says what is folded and how much. On paper all of it is there.

import { createDetails, getPlainText, h } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { createPoints, createQuotes } from "./card_provenance.js";

/** @import { CardItem, CardListTraits, Model, PointSpec } from "../types.js" */

const QUOTES = 2; // so many stand there, the others are folded
const POINTS = 2; // of one label
const LABELS = 3; // so many are named in the line of a fold

/** @typedef {(name: string, fold: HTMLDetailsElement) => HTMLDetailsElement} KeepFold */

/**
 * @param {Model<CardListTraits>} model
 * @param {CardItem} item
 * @param {boolean} full
 * @param {KeepFold} keepFold
 */
export function createCardDetails(model, item, full, keepFold) {
  const { quotes = [], points = [] } = item;
  if (!quotes.length && !points.length) return null;
  if (full || isShort(item)) {
    return [
      createQuotes(quotes.slice(0, QUOTES)),
      quotes.length > QUOTES
        ? keepFold("quotes", createDetails(t(model, "card.quotes_more", { n: quotes.length - QUOTES }), createQuotes(quotes.slice(QUOTES), QUOTES)))
        : null,
      groupPoints(points).map((group) => createGroup(group, points, keepFold)),
    ];
  }
  const names = [quotes.length ? t(model, "card.quotes", { n: quotes.length }) : "", ...groupPoints(points).map(nameGroup)].filter(Boolean);
  const line = names.slice(0, LABELS).join(" · ") + (names.length > LABELS ? " …" : "");
  return keepFold("details", createDetails(line, createQuotes(quotes), createPoints(points, 0, keepFold)));
}

/** One short line more is shorter than a fold that holds it. @param {CardItem} item */
function isShort({ quotes = [], points = [] }) {
  const short = (point) => !point.href && !point.list?.length && !point.fold && getPlainText(point.text).length < 60;
  return !quotes.length && points.length < 2 && points.every(short);
}

/**
 * Points of one label that follow each other, and what is folded under them.
 * @param {PointSpec[]} points
 */
function groupPoints(points) {
  /** @type {PointSpec[][]} */
  const groups = [];
  for (const point of points) {
    const last = groups[groups.length - 1];
    if (last && (point.fold || getPlainText(last[0].label) === getPlainText(point.label))) last.push(point);
    else groups.push([point]);
  }
  return groups;
}

/** @param {PointSpec[]} group */
function countGroup(group) {
  return group.filter((point) => !point.fold).reduce((n, point) => n + Math.max(point.list?.length || 0, point.text || point.href ? 1 : 0), 0);
}

/** @param {PointSpec[]} group */
function nameGroup(group) {
  const n = countGroup(group);
  return getPlainText(group[0].label) + (n > 1 ? ` (${n})` : "");
}

/**
 * @param {PointSpec[]} group
 * @param {PointSpec[]} points of the whole card: a fold is kept by its place among them
 * @param {KeepFold} keepFold
 */
function createGroup(group, points, keepFold) {
  const at = points.indexOf(group[0]);
  const many = group.filter((point) => !point.fold).length > POINTS || group.some((point) => (point.list?.length || 0) > POINTS);
  if (!many) return createPoints(group, at, keepFold);
  return keepFold(`group-${at}`, createDetails(nameGroup(group), h("div", { class: "cw-grouped" }, createPoints(group, at, keepFold))));
}
