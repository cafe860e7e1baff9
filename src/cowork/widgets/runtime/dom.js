// Nodes of a page: made, filled, put in order and changed without taking a reader's place or focus.

import { getLanguageTag } from "./i18n.js";

/** @import { Attributes, Child, Line, Model, TypedText } from "../types.js" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes | null} [attrs]
 * @param {...Child} kids
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attrs, ...kids) {
  return fill(document.createElement(tag), attrs, kids);
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes | null} [attrs]
 * @param {...Child} kids
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attrs, ...kids) {
  return fill(document.createElementNS(SVG, tag), attrs, kids);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes | null | undefined} attrs
 * @param {Child[]} kids
 * @returns {E}
 */
export function fill(element, attrs, kids) {
  for (const [name, value] of Object.entries(attrs || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  // append() makes text nodes of strings: nothing a person typed is ever read as markup.
  for (const kid of /** @type {any[]} */ (kids).flat(Infinity)) {
    if (kid === null || kid === undefined || kid === false) continue;
    element.append(typeof kid === "object" && !kid.nodeType ? createTypedText(kid) : kid);
  }
  return element;
}

/**
 * Typed words inside a line of ours: {text, lang}, as `typed` in pages/kit/typed_text.py makes them. A line is a string or a list
 * of strings and such parts. lang="" says that nobody knows the language: else a voice of the page's would read it.
 * @param {TypedText} words
 */
function createTypedText({ text, lang }) {
  return h("span", { dir: "auto", lang: lang ?? null }, text);
}

/** @param {Line | null | undefined} line @returns {string} */
export function getPlainText(line) {
  return [line ?? ""].flat().map((part) => (typeof part === "string" ? part : part.text)).join("");
}

/**
 * The widget's own root, in the page's language. `cw` carries the tokens; every rule of the style sheets begins with it.
 * @param {HTMLElement} el
 * @param {Model} model
 * @param {string} name
 */
export function createRoot(el, model, name) {
  const own = h("div", { class: `cw-${name}` });
  const setLanguage = () => (own.lang = getLanguageTag(model.get("lang")));
  setLanguage();
  model.on("change:lang", setLanguage);
  el.classList.add("cw");
  el.replaceChildren(own);
  return own;
}

/**
 * One redraw for several traits that change in one message (a language brings its words along).
 * @param {Model<any>} model
 * @param {string[]} names
 * @param {() => void} redraw
 */
export function watchTraits(model, names, redraw) {
  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      redraw();
    });
  };
  for (const name of names) model.on(`change:${name}`, soon);
}

/** @param {number} level @param {string} text @param {Attributes} [attrs] */
export function createHeading(level, text, attrs = {}) {
  const n = Math.min(Math.max(Number(level) || 2, 1), 4);
  return h(/** @type {"h1"} */ (`h${n}`), n === 1 ? { tabindex: "-1", ...attrs } : attrs, text);
}

/**
 * A title in a box of its own, so that its level can change.
 * @param {HTMLElement} box
 * @param {number} level
 * @param {string} text
 * @param {Attributes} [attrs]
 */
export function drawHeading(box, level, text, attrs) {
  if (needsRedraw(box, [level])) box.replaceChildren(createHeading(level, "", attrs));
  setText(/** @type {Element} */ (box.firstElementChild), text);
  box.hidden = !text;
}

/** @param {Child} summary @param {...Child} kids */
export function createDetails(summary, ...kids) {
  return h("details", {}, h("summary", {}, summary), ...kids);
}

/** @param {Line[] | null | undefined} lines @param {string} [cls] */
export function createParagraphs(lines, cls) {
  return (lines || []).map((line) => h("p", { class: cls || null }, line));
}

/**
 * Put children in this order without moving those that stand right: moving a node drops its focus.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function reorderChildren(parent, children) {
  children.forEach((child, i) => {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] || null);
  });
}

/**
 * A status people hear: text is changed only when it differs, or a screen reader says it twice.
 * @param {Element} element
 * @param {string | null | undefined} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text ?? "";
}

/**
 * A hint, a label or a button that is not there without its text.
 * @param {HTMLElement} element
 * @param {string | null | undefined} text
 */
export function setTextOrHide(element, text) {
  setText(element, text || "");
  element.hidden = !text;
}

/** @param {Element} element @param {...Child} kids */
export function setChildren(element, ...kids) {
  element.replaceChildren();
  fill(element, {}, kids);
}

const drawnData = new WeakMap(); // what is drawn -> the data it was last drawn from, as a text

/**
 * Whether `drawn` (an element, or a view of one) was last drawn from other data. What shows the same stays the same
 * nodes: a redraw would take the focus, the selection and what is unfolded.
 * @param {object} drawn
 * @param {unknown} data
 */
export function needsRedraw(drawn, data) {
  const text = JSON.stringify(data);
  if (drawnData.get(drawn) === text) return false;
  drawnData.set(drawn, text);
  return true;
}

/** @param {Element} element @param {string} name @param {string | false | null | undefined} value */
export function setOrRemoveAttribute(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

/**
 * `Object.hasOwn`, which browsers have since 2022.
 * @param {object} object
 * @param {PropertyKey} key
 */
export function hasOwn(object, key) {
  return Object.prototype.hasOwnProperty.call(object, key);
}

/**
 * What has the focus inside `parent`, or null: a redraw gives it back.
 * @param {Element} parent
 * @returns {HTMLElement | null}
 */
export function findFocused(parent) {
  return parent.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement) : null;
}

/**
 * Something that takes no focus by itself can be stood on for once.
 * @param {HTMLElement} element
 */
export function focusElement(element) {
  element.tabIndex = -1;
  element.focus();
}

/**
 * Bring the reader to words: they stand at them, and see where they begin. What is long begins at the top of the window:
 * its middle is somebody else's.
 * @param {HTMLElement} element
 */
export function showAndFocus(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: element.offsetHeight > innerHeight / 2 ? "start" : "center" });
}

/**
 * @param {Element} element
 * @returns {HTMLElement | null} what comes after it, or else before it
 */
export function findNeighbour(element) {
  return /** @type {HTMLElement | null} */ (element.nextElementSibling || element.previousElementSibling);
}
