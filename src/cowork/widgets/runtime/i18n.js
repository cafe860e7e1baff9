// The catalogue's words and the numbers in them, in the language of the person who reads.

/** @import { Model } from "../types.js" */

const LANGUAGE_TAGS = { en: "en-GB", sv: "sv" };

/** @param {string | undefined} lang @returns {string} */
export function getLanguageTag(lang) {
  return LANGUAGE_TAGS[lang] || lang || "en";
}

// What the browser knows of numbers in a language. Its first use costs a page thirty milliseconds and more, and a page
// begins with "1 person here": so the little that English and Swedish have in common is known here.
export const numberFormats = {
  cache: {},
  get(kind, tag) {
    return (this.cache[kind + tag] ||= new Intl[kind](tag));
  },
  format(tag, n) {
    return Number.isInteger(n) && n >= 0 && n < 1000 ? String(n) : this.get("NumberFormat", tag).format(n);
  },
  selectPlural(tag, n) {
    if (/^(en|sv)/.test(tag)) return Math.abs(n) === 1 ? "one" : "other";
    return this.get("PluralRules", tag).select(n);
  },
};

/**
 * The catalogue's text for a key, filled in. Plurals come as {one, other}.
 * @param {Model} model
 * @param {string} key
 * @param {Record<string, any>} [vars] `n` chooses the plural
 * @returns {string}
 */
export function t(model, key, vars = {}) {
  let words = (model.get("words") || {})[key];
  const tag = getLanguageTag(model.get("lang"));
  if (words && typeof words === "object") words = words[numberFormats.selectPlural(tag, vars.n)] ?? words.other;
  if (typeof words !== "string") return key;
  return words.replace(/\{(\w+)\}/g, (_, name) => {
    const value = vars[name];
    if (typeof value === "number") return numberFormats.format(tag, value);
    return value ?? "";
  });
}
