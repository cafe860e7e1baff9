// Ranges of words in a text, and how they are written in a value: "<version>" or "<version>:<start>:<end>".
// Positions are code points, as in Python: JavaScript counts an emoji twice.

import { countCodePoints } from "../runtime/text.js";

/** @import { QuoteRange } from "../types.js" */

/** @param {string} text */
export function splitWords(text) {
  const words = [];
  let point = 0;
  let unit = 0;
  for (const found of text.matchAll(/\S+/gu)) {
    point += countCodePoints(text.slice(unit, found.index));
    const start = point;
    point += countCodePoints(found[0]);
    unit = found.index + found[0].length;
    words.push({ text: found[0], at: found.index, start, end: point });
  }
  return words;
}

/** @param {string} text @param {number} [start] @param {number} [end] */
export function sliceCodePoints(text, start, end) {
  return Array.from(text).slice(start, end).join("");
}

/**
 * From here to strings and back. What is none of ours (a draft of another day, a changed value) is left aside.
 * @param {unknown} strings
 * @returns {QuoteRange[]}
 */
export function readQuoteRanges(strings) {
  const read = (Array.isArray(strings) ? strings : []).map((one) => /^([0-9a-f-]{36})(?::(\d+):(\d+))?$/.exec(one) || []);
  return read
    .filter((found) => found[1] && (found[2] === undefined || Number(found[2]) < Number(found[3])))
    .map(([, version, start, end]) => (start === undefined ? { version } : { version, start: Number(start), end: Number(end) }));
}

/** @param {QuoteRange} range */
export function writeQuoteRange({ version, start, end }) {
  return start === undefined ? version : `${version}:${start}:${end}`;
}
