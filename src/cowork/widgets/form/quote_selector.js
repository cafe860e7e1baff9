// Choosing the exact words of a text: the first word and the last, by key, by tap, or by selecting with a mouse.
// Positions are code points, as in Python: JavaScript counts an emoji twice. Words stand between white space, so
// what is chosen is a slice of the text with all that lies inside it.

import { h, hasOwn, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { sliceCodePoints, splitWords } from "./quote_ranges.js";

/** @import { Model, PickerItem, QuoteHandlers } from "../types.js" */

export class QuoteSelector {
  /** @param {Model<any>} model @param {PickerItem} item @param {QuoteHandlers} handlers */
  constructor(model, item, { onUse, announce, onMark, onClose }) {
    this.model = model;
    this.item = item;
    this.onUse = onUse;
    this.announce = announce;
    this.onMark = onMark;
    this.onClose = onClose;
    this.words = splitWords(item.text);
    this.at = 0; // the word that has the focus, or would have it
    /** @type {HTMLElement[]} */
    this.nodes = [];
    /** @type {number | null} */
    this.first = null; // the marked words, from first to last; last is null while only one end is chosen
    /** @type {number | null} */
    this.last = null;
    this.stop = new AbortController();
    this.hint = h("p", { id: newId("how"), class: "cw-hint" });
    this.list = h("div", {
      role: "listbox",
      class: "cw-word-list cw-typed",
      dir: "auto",
      lang: item.lang ?? null,
      translate: "no",
      "aria-multiselectable": "true",
      "aria-describedby": this.hint.id,
      onclick: (event) => this.handleClick(event),
      onkeydown: (event) => this.handleKey(event),
    });
    this.quote = h("blockquote", { class: "cw-quote cw-typed", dir: "auto", lang: item.lang ?? null, translate: "no" });
    this.useButton = h("button", { type: "button", class: "cw-second", onclick: () => this.useMarked() });
    this.againButton = h("button", { type: "button", class: "cw-quiet", onclick: () => this.clearMark() });
    this.along = h("p", { class: "cw-hint" });
    this.markedBox = h(
      "div",
      { class: "cw-marked" },
      this.quote,
      this.along,
      h("div", { class: "cw-row" }, this.useButton, this.againButton),
    );
    this.el = h("div", { class: "cw-quoting" }, this.hint, this.list, this.markedBox);
    this.draw();
    document.addEventListener("selectionchange", () => this.scheduleSelection(), { signal: this.stop.signal });
  }

  draw() {
    let unit = 0;
    this.nodes = this.words.map((word, i) =>
      h("span", { role: "option", class: "cw-word", tabindex: i ? -1 : 0, "aria-selected": "false", "data-i": i }, word.text),
    );
    const kids = this.words.flatMap((word, i) => {
      const between = this.item.text.slice(unit, word.at);
      unit = word.at + word.text.length;
      return [between, this.nodes[i]];
    });
    this.list.append(...kids);
    this.updateState();
  }

  // Words may be said anew while this is open.
  update(button) {
    this.button = button;
    this.list.setAttribute("aria-label", t(this.model, "picks.words_of"));
    setText(this.useButton, button);
    setText(this.againButton, t(this.model, "picks.again"));
    setText(this.along, t(this.model, "picks.along"));
    this.updateState();
  }

  /**
   * Which words have been taken before: underlined, so that nobody looks for them twice.
   * @param {[number, number][]} ranges
   */
  underlineRanges(ranges) {
    this.words.forEach((word, i) => {
      const kept = ranges.some(([start, end]) => word.start < end && word.end > start);
      this.nodes[i].classList.toggle("cw-kept-word", kept);
    });
  }

  updateState() {
    const [from, to] = this.getIndexes();
    this.nodes.forEach((node, i) => {
      const inside = i >= from && i <= to;
      if (inside === (node.getAttribute("aria-selected") === "true")) return;
      node.setAttribute("aria-selected", String(inside));
    });
    const word = this.getFirstWord();
    setText(this.hint, word ? t(this.model, "picks.first", { word }) : t(this.model, "picks.how"));
    this.markedBox.hidden = this.last === null;
    setText(this.quote, this.last === null ? "" : this.getMarkedText());
  }

  getIndexes() {
    if (this.first === null) return [0, -1];
    const last = this.last ?? this.first;
    return [Math.min(this.first, last), Math.max(this.first, last)];
  }

  // The word that is chosen while the other end is not, or "".
  getFirstWord() {
    return this.first !== null && this.last === null ? this.words[this.first].text : "";
  }

  /**
   * [start, end] of the marked words, or null.
   * @returns {[number, number] | null}
   */
  getMarkedRange() {
    if (this.last === null) return null;
    const [from, to] = this.getIndexes();
    return [this.words[from].start, this.words[to].end];
  }

  getMarkedText() {
    const [start, end] = this.getMarkedRange() || [0, 0];
    return sliceCodePoints(this.item.text, start, end);
  }

  /**
   * `quietly`: what was marked has been shared, or is chosen elsewhere now.
   * @param {number | null} first
   * @param {number | null} last
   * @param {boolean} [quietly]
   */
  setMark(first, last, quietly) {
    this.first = first;
    this.last = last;
    this.updateState();
    if (quietly) return;
    this.onMark();
    if (last !== null) this.announce("picks.marked", { words: this.getMarkedText() });
    else if (first !== null) this.announce("picks.first", { word: this.words[first].text });
  }

  /** @param {number} i */
  chooseWord(i) {
    this.focusWord(i);
    if (this.first === null || this.last !== null) this.setMark(i, null);
    else this.setMark(this.first, i);
  }

  useMarked() {
    const range = this.getMarkedRange();
    this.clearMark();
    if (range) this.onUse(...range);
  }

  clearMark() {
    document.getSelection()?.removeAllRanges();
    this.setMark(null, null);
    this.focus();
  }

  // Moving ---------------------------------------------------------------------------------------------

  focus() {
    this.nodes[this.at]?.focus();
  }

  /** @param {number} i */
  focusWord(i) {
    this.nodes[this.at]?.setAttribute("tabindex", "-1");
    this.at = Math.max(0, Math.min(i, this.nodes.length - 1));
    this.nodes[this.at]?.setAttribute("tabindex", "0");
    this.focus();
  }

  /**
   * The word above or below, nearest to where this one stands.
   * @param {1 | -1} step
   */
  findWordOnLine(step) {
    const middle = (node) => {
      const box = node.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2, box.height];
    };
    const [x, y, height] = middle(this.nodes[this.at]);
    let best = null;
    for (let i = this.at + step; i >= 0 && i < this.nodes.length; i += step) {
      const [left, top] = middle(this.nodes[i]);
      if (Math.abs(top - y) < height / 2) continue;
      if (best && Math.abs(top - best.top) > height / 2) break;
      const off = Math.abs(left - x);
      if (!best || off < best.off) best = { i, off, top };
    }
    return best ? best.i : this.at;
  }

  handleKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ahead = getComputedStyle(this.list).direction === "rtl" ? -1 : 1;
    const moves = {
      ArrowRight: () => this.at + ahead,
      ArrowLeft: () => this.at - ahead,
      ArrowDown: () => this.findWordOnLine(1),
      ArrowUp: () => this.findWordOnLine(-1),
      Home: () => 0,
      End: () => this.nodes.length - 1,
    };
    if (hasOwn(moves, event.key)) {
      const from = this.first ?? this.at;
      this.focusWord(moves[event.key]());
      if (event.shiftKey) this.setMark(from, this.at);
    } else if (event.key === "Enter" || event.key === " ") {
      this.chooseWord(this.at);
    } else if (event.key === "Escape") {
      // First what is marked goes, then the words fold away; a form around them sees that it was used, and stays.
      if (this.first !== null) this.clearMark();
      else this.onClose();
    } else {
      return;
    }
    event.preventDefault();
  }

  handleClick(event) {
    const node = event.target.closest("[data-i]");
    if (node && !this.getSelectionRange()) this.chooseWord(Number(node.dataset.i));
  }

  // Selecting with a mouse, or with the handles of a phone -----------------------------------------------

  getSelectionRange() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    return this.list.contains(selection.anchorNode) ? selection.getRangeAt(0) : null;
  }

  scheduleSelection() {
    clearTimeout(this.timer);
    if (this.getSelectionRange()) this.timer = setTimeout(() => this.markSelection(), 200);
  }

  // Whole words: those of which at least one sign is selected.
  markSelection() {
    const range = this.getSelectionRange();
    if (!range) return;
    const whole = document.createRange();
    const touched = this.nodes.flatMap((node, i) => {
      whole.selectNodeContents(node);
      const begins = range.compareBoundaryPoints(Range.END_TO_START, whole) < 0; // it begins before the word ends
      const ends = range.compareBoundaryPoints(Range.START_TO_END, whole) > 0; // it ends after the word begins
      return begins && ends ? [i] : [];
    });
    if (!touched.length) return;
    const [from, to] = [touched[0], touched[touched.length - 1]];
    if (this.first === from && this.last === to) return;
    this.nodes[this.at].setAttribute("tabindex", "-1");
    this.at = from;
    this.nodes[from].setAttribute("tabindex", "0");
    this.setMark(from, to);
  }

  destroy() {
    clearTimeout(this.timer);
    this.stop.abort();
  }
}
