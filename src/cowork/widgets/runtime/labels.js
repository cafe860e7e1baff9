// Names of controls, for those who hear a page: taken from the words beside the control.

import { h, setOrRemoveAttribute } from "./dom.js";
import { newId } from "./ids.js";
import { countCodePoints, MAX_NAME_LENGTH, toOneLine } from "./text.js";

/**
 * Ten cards have ten buttons of one name: the words of each say which is which. A control is named by the words where
 * they stand, for a copy in an attribute would be read as if it were in the language of the page. Of long words there
 * is a copy, cut short and in no one's sight, to be put beside them.
 * @param {HTMLElement} words
 * @param {string} id
 * @returns {HTMLElement | null}
 */
export function createLabelSource(words, id) {
  const whole = words.textContent;
  const long = countCodePoints(whole) > MAX_NAME_LENGTH;
  const copy = long ? h("span", { class: "cw-words-copy", hidden: true, dir: "auto", lang: words.getAttribute("lang") }, toOneLine(whole)) : null;
  (copy || words).id = id;
  return copy;
}

/** @param {HTMLElement} control @param {string} id */
export function labelControl(control, id) {
  control.id ||= newId("control");
  setOrRemoveAttribute(control, "aria-labelledby", id ? `${control.id} ${id}` : "");
  // Around its own word, for a pause between that and theirs; in the control itself, a flex box, it would be a word.
  if (id && !control.querySelector(".cw-of")) control.append(h("span", { class: "cw-of" }, [...control.childNodes]));
}

/**
 * What is stood on for once, as a card, is named by its own words: it would else be named by all that stands in it, each
 * button included.
 * @param {HTMLElement} element
 * @param {string} words the id of its words
 * @param {string} [told] the id of what is told about it
 */
export function labelWhileFocused(element, words, told) {
  const ids = { "aria-labelledby": words, "aria-describedby": told };
  for (const [name, id] of Object.entries(ids)) setOrRemoveAttribute(element, name, id || "");
  element.addEventListener("blur", () => Object.keys(ids).forEach((name) => element.removeAttribute(name)), { once: true });
}
