// Words marked across turns, to use them in one step: with a pointer or the handles of a phone by selecting them; with
// keys or taps by choosing the first word and the last. Each turn keeps its own range, in code points.

import { chooseWords } from "../cards/chosen_words.js";
import { sliceCodePoints, splitWords } from "../form/quote_ranges.js";
import { h, hasOwn, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { followLink, isPlainClick } from "../runtime/links.js";
import { toOneLine } from "../runtime/text.js";

/** @import { MarkedWords } from "../types.js" */
/** @import { Transcript } from "./transcript.js" */
/** @import { Turn } from "./turn.js" */

const SELECTION_MS = 200; // a selection that stays so long is meant
const MAX_MARKED_TURNS = 50; // as many as one act can carry
const MARKED_LENGTH = 240; // code points of the marked words that are shown again

export class WordMarks {
  /** @param {Transcript} transcript */
  constructor(transcript) {
    this.transcript = transcript;
    this.model = transcript.model;
    /** @type {MarkedWords[]} */
    this.marked = [];
    /** @type {Turn | null} */
    this.startTurn = null; // where word by word marking began; null while it is off
    /** @type {{turn: Turn, start: number, end: number, node: HTMLElement}[]} */
    this.words = []; // of all turns, while words are marked one by one
    this.at = 0;
    /** @type {number | null} */
    this.first = null;
    this.count = h("p", { role: "status", class: "cw-marked-n" });
    this.quote = h("blockquote", { class: "cw-quote cw-typed", dir: "auto", translate: "no" });
    this.useLink = h("a", { class: "cw-button", id: newId("use"), onclick: (event) => this.use(event) });
    this.againButton = h("button", { type: "button", class: "cw-quiet", onclick: () => this.end(true) });
    const row = h("div", { class: "cw-row" }, this.useLink, this.againButton);
    this.bar = h("section", { class: "cw-marked-bar", hidden: true, onkeydown: (event) => this.handleBarKey(event) }, this.count, this.quote, row);
    document.addEventListener("selectionchange", () => this.scheduleSelection(), { signal: transcript.signal });
    transcript.signal.addEventListener("abort", () => clearTimeout(this.timer));
  }

  get isOn() {
    return Boolean(this.startTurn);
  }

  draw() {
    const n = this.marked.reduce((sum, { turn, start, end }) => sum + splitWords(sliceCodePoints(turn.item.text || "", start, end)).length, 0);
    this.bar.hidden = !n && !this.isOn;
    this.bar.setAttribute("aria-label", t(this.model, "talk.marked_h"));
    setText(this.useLink, t(this.model, "documentation.choose.button"));
    setText(this.againButton, t(this.model, n ? "talk.let_go" : "talk.mark_end"));
    const href = this.marked[0]?.turn.useHref || "";
    const full = this.marked.length > MAX_MARKED_TURNS;
    this.useLink.setAttribute("href", href);
    this.useLink.hidden = !n || !href || full;
    this.quote.hidden = !n;
    const [one] = this.marked;
    if (one?.turn.item.lang) this.quote.lang = one.turn.item.lang;
    else this.quote.removeAttribute("lang");
    setText(this.quote, toOneLine(this.marked.map((words) => this.getText(words)).join(" "), MARKED_LENGTH));
    const half = this.first !== null && !this.words.some(({ node }, i) => i !== this.first && node.getAttribute("aria-pressed") === "true");
    if (full) setText(this.count, t(this.model, "picks.full", { n: MAX_MARKED_TURNS }));
    else if (half && this.first !== null) setText(this.count, t(this.model, "picks.first", { word: this.words[this.first].node.textContent }));
    else setText(this.count, n ? t(this.model, "talk.marked", { n }) : this.isOn ? t(this.model, "talk.mark_how") : "");
  }

  /** @param {MarkedWords} words */
  getText({ turn, start, end }) {
    return sliceCodePoints(turn.item.text || "", start, end);
  }

  /** @param {MouseEvent} event */
  use(event) {
    if (!isPlainClick(event)) return;
    chooseWords(this.model, this.marked.map(({ turn, start, end }) => ({ version: turn.version, start, end })));
    followLink(event, this.useLink.getAttribute("href"));
  }

  handleBarKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.end(true);
  }

  /**
   * Let go of what is marked, and of marking word by word.
   * @param {boolean} [focus]
   */
  end(focus) {
    const turn = this.startTurn || this.marked[0]?.turn;
    const words = this.words;
    this.marked = [];
    this.words = [];
    this.first = this.startTurn = null;
    document.getSelection()?.removeAllRanges();
    for (const one of new Set(words.map((word) => word.turn))) one.drawWords();
    this.transcript.el.classList.remove("cw-marking");
    this.draw();
    if (focus) turn?.timeButton.focus();
  }

  /**
   * A turn has left the page: its words are in no mark.
   * @param {Turn} turn
   */
  forget(turn) {
    if (!this.isOn && !this.marked.some((words) => words.turn === turn)) return;
    this.end(false);
  }

  // Selecting --------------------------------------------------------------------------------------------

  getSelectedRange() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    return range.intersectsNode(this.transcript.list) ? range : null;
  }

  scheduleSelection() {
    clearTimeout(this.timer);
    if (this.getSelectedRange()) this.timer = setTimeout(() => this.readSelection(), SELECTION_MS);
  }

  readSelection() {
    const range = this.getSelectedRange();
    if (!range) return;
    const marked = this.transcript.listTurns().flatMap((turn) => findSelectedWords(turn, range) ?? []);
    if (!marked.length || !marked[0].turn.useHref) return;
    this.setMarked(marked);
  }

  /** @param {MarkedWords[]} marked */
  setMarked(marked) {
    this.marked = marked;
    this.transcript.showNoTools();
    for (const { turn, start, end, node } of this.words) {
      const inside = marked.some((words) => words.turn === turn && start < words.end && end > words.start);
      node.setAttribute("aria-pressed", String(inside));
    }
    this.draw();
  }

  // Word by word -----------------------------------------------------------------------------------------

  /** @param {Turn} turn */
  start(turn) {
    this.end(false);
    this.startTurn = turn;
    this.transcript.showNoTools();
    this.transcript.el.classList.add("cw-marking");
    this.drawAllWords();
    this.focusWord(Math.max(0, this.words.findIndex((word) => word.turn === turn)));
    this.draw();
  }

  drawAllWords() {
    this.words = this.transcript.listTurns().flatMap((turn) => (turn.useHref ? createWordNodes(turn) : []));
    this.words.forEach(({ node }, i) => (node.dataset.word = String(i)));
  }

  /**
   * A turn was drawn anew, or has come, while words are marked: its words are to be chosen too.
   * @param {Turn} turn
   */
  redrawTurn(turn) {
    if (!this.isOn || this.redrawing) return;
    this.redrawing = true;
    queueMicrotask(() => {
      this.redrawing = false;
      if (!this.isOn) return;
      const focused = this.words.some(({ node }) => node === document.activeElement);
      const { at, marked } = this;
      this.drawAllWords();
      this.first = null;
      this.setMarked(marked.filter((words) => words.turn !== turn || this.words.some((word) => word.turn === turn)));
      if (focused) this.focusWord(at);
    });
  }

  /** @param {number} i */
  focusWord(i) {
    this.words[this.at]?.node.setAttribute("tabindex", "-1");
    this.at = Math.max(0, Math.min(i, this.words.length - 1));
    this.words[this.at]?.node.setAttribute("tabindex", "0");
    this.words[this.at]?.node.focus();
  }

  /**
   * Mark from one word to another, over all turns between them.
   * @param {number} one
   * @param {number} other
   */
  markBetween(one, other) {
    const inside = this.words.slice(Math.min(one, other), Math.max(one, other) + 1);
    /** @type {Map<Turn, MarkedWords>} */
    const found = new Map();
    for (const { turn, start, end } of inside) found.set(turn, { turn, start: found.get(turn)?.start ?? start, end });
    this.setMarked([...found.values()]);
  }

  /**
   * The first word, then the last; a third begins anew.
   * @param {number} i
   * @param {boolean} [byKey]
   */
  chooseWord(i, byKey) {
    this.focusWord(i);
    if (this.first === null) {
      this.first = i;
      this.markBetween(i, i);
      return;
    }
    const from = this.first;
    this.first = null;
    this.markBetween(from, i);
    if (byKey) this.useLink.focus();
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = {
      ArrowRight: () => this.at + this.getStep(),
      ArrowLeft: () => this.at - this.getStep(),
      ArrowDown: () => this.findTurnStart(1),
      ArrowUp: () => this.findTurnStart(-1),
      Home: () => this.words.findIndex((word) => word.turn === this.words[this.at].turn),
      End: () => this.findTurnEnd(),
    };
    if (hasOwn(moves, event.key)) {
      const from = this.first ?? this.at;
      this.focusWord(moves[event.key]());
      if (event.shiftKey) {
        this.first = from;
        this.markBetween(from, this.at);
      }
    } else if (event.key === "Enter" || event.key === " ") {
      this.chooseWord(this.at, true);
    } else if (event.key === "Escape") {
      if (this.marked.length) this.letGo();
      else this.end(true);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  letGo() {
    this.first = null;
    this.setMarked([]);
    this.words[this.at]?.node.focus();
  }

  getStep() {
    return getComputedStyle(this.words[this.at].turn.words).direction === "rtl" ? -1 : 1;
  }

  // The turn above or below: its first word.
  /** @param {1 | -1} step */
  findTurnStart(step) {
    const { turn } = this.words[this.at];
    const turns = [...new Set(this.words.map((word) => word.turn))];
    const next = turns[turns.indexOf(turn) + step];
    return next ? this.words.findIndex((word) => word.turn === next) : this.at;
  }

  findTurnEnd() {
    const { turn } = this.words[this.at];
    return this.words.reduce((last, word, i) => (word.turn === turn ? i : last), this.at);
  }

  /** @param {MouseEvent} event */
  handleClick(event) {
    const node = /** @type {HTMLElement} */ (event.target).closest("[data-word]");
    if (node && !this.getSelectedRange()) this.chooseWord(Number(/** @type {HTMLElement} */ (node).dataset.word));
  }
}

/** @param {Turn} turn */
function createWordNodes(turn) {
  const text = turn.item.text || "";
  let unit = 0;
  const nodes = [];
  const parts = splitWords(text).flatMap((word) => {
    const between = text.slice(unit, word.at);
    unit = word.at + word.text.length;
    const node = h("span", { role: "button", class: "cw-mark-word", tabindex: -1, "aria-pressed": "false" }, word.text);
    nodes.push({ turn, start: word.start, end: word.end, node });
    return [between, node];
  });
  turn.words.replaceChildren(...parts, text.slice(unit));
  return nodes;
}

/**
 * The whole words of a turn of which at least one sign is selected, or null.
 * @param {Turn} turn
 * @param {Range} range
 * @returns {MarkedWords | null}
 */
function findSelectedWords(turn, range) {
  const { words } = turn;
  if (!range.intersectsNode(words)) return null;
  const whole = document.createRange();
  whole.selectNodeContents(words);
  const from = range.compareBoundaryPoints(Range.START_TO_START, whole) > 0 ? measureTo(words, range.startContainer, range.startOffset) : 0;
  const to = range.compareBoundaryPoints(Range.END_TO_END, whole) < 0 ? measureTo(words, range.endContainer, range.endOffset) : Infinity;
  const touched = splitWords(turn.item.text || "").filter((word) => word.at < to && word.at + word.text.length > from);
  return touched.length ? { turn, start: touched[0].start, end: touched[touched.length - 1].end } : null;
}

/**
 * How many UTF-16 units of a text stand before a place in it.
 * @param {Element} words
 * @param {Node} node
 * @param {number} offset
 */
function measureTo(words, node, offset) {
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}
