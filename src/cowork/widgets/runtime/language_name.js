// That words are in another language than the page, in words.

import { getLanguageTag, t } from "./i18n.js";

/** @import { Model } from "../types.js" */

/**
 * @param {Model} model
 * @param {string | undefined} lang of the words
 * @returns {string} "" where it is that of the page
 */
export function describeLanguage(model, lang) {
  if (!lang || lang.split("-")[0] === model.get("lang")) return "";
  /** @type {string | undefined} */
  let language = lang;
  try {
    language = new Intl.DisplayNames([getLanguageTag(model.get("lang"))], { type: "language" }).of(lang);
  } catch {
    // its tag, then
  }
  return t(model, "common.in_language", { language });
}
