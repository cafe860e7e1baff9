// Lengths and limits of what people write, counted as Python counts them.

import { t } from "./i18n.js";

/** @import { Model } from "../types.js" */

/**
 * Lengths are code points, as in Python: "🙂".length is 2.
 * @param {string} text
 */
export function countCodePoints(text) {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}

/** @param {string} text @param {number} n */
export function limitCodePoints(text, n) {
  return Array.from(text.slice(0, n * 2)).slice(0, n).join("");
}

export const MAX_NAME_LENGTH = 80;

/**
 * Words on one line, cut between two of them.
 * @param {string} words
 * @param {number} [most]
 */
export function toOneLine(words, most = MAX_NAME_LENGTH) {
  const line = words.replace(/\s+/g, " ").trim();
  if (countCodePoints(line) <= most) return line;
  const cut = limitCodePoints(line, most - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > cut.length / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/**
 * A sign that no record can keep (NUL, half of a surrogate pair), as U+XXXX, or "".
 * @param {string} text
 */
export function findUnstorableSign(text) {
  for (const sign of text) {
    const code = /** @type {number} */ (sign.codePointAt(0));
    if (code === 0 || (code >= 0xd800 && code <= 0xdfff)) {
      return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    }
  }
  return "";
}

const MAX_TEXT_LENGTH = 100000;

/**
 * What is wrong with these words, as a sentence, or "".
 * @param {Model} model
 * @param {string} text
 * @param {number} [limit]
 */
export function describeTextFault(model, text, limit) {
  const sign = findUnstorableSign(text);
  if (sign) return t(model, "error.letters", { sign });
  const over = countCodePoints(text) - Math.min(limit || MAX_TEXT_LENGTH, MAX_TEXT_LENGTH);
  return over > 0 ? t(model, "error.too_long", { n: over }) : "";
}
