// Texts to pick from: the whole of one, or its exact words. What is chosen stands in a list above them, whatever
// the list below shows meanwhile. Words that are marked are chosen too, whether or not "Use these words" is pressed:
// what looks chosen goes along. The value is a list of "<version>" and "<version>:<start>:<end>".

import { findFocused, findNeighbour, focusElement, h, reorderChildren, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { trySend } from "../runtime/send.js";
import { findUnstorableSign, limitCodePoints, toOneLine } from "../runtime/text.js";
import { ControlHead } from "./control_head.js";
import { Disclosure } from "./disclosure.js";
import { readQuoteRanges, sliceCodePoints, writeQuoteRange } from "./quote_ranges.js";
import { SelectedQuotes } from "./selected_quotes.js";
import { TextPickerRow } from "./text_picker_row.js";

/** @import { Model, PickerItem, PickerSpec, QuoteRange } from "../types.js" */

const INITIAL_ROWS = 6; // texts drawn at first: the button that shares is not far below them
const MORE_ROWS = 40; // texts that "more" brings
const SEARCH_FROM = 8; // up to so many are looked through without a search
const MAX_PICKED = 50; // as many as one act can carry

export class TextPicker {
  /**
   * @param {Model<any>} model
   * @param {PickerSpec} spec
   * @param {(box: TextPicker) => void} changed
   * @param {{card: string, act: string}} [from]
   */
  constructor(model, spec, changed, from) {
    this.model = model;
    this.spec = spec;
    this.onChange = changed;
    this.from = from;
    this.key = spec.key;
    this.name = newId("picks");
    this.chosen = []; // {version, start, end}; start is undefined for a whole text
    this.known = new Map(); // version -> the item it was chosen from, which may have left the list
    /** @type {Map<string, PickerItem>} */
    this.items = new Map();
    /** @type {any} */
    this.looker = null;
    /** @type {Map<string, TextPickerRow>} */
    this.rows = new Map(); // by version
    this.limit = INITIAL_ROWS;
    this.touched = false;
    this.selectedQuotes = new SelectedQuotes(this);
    this.qLabel = h("label", { for: `${this.name}-find`, class: "cw-label" });
    this.q = h("input", {
      id: `${this.name}-find`,
      type: "search",
      autocomplete: "off",
      enterkeyhint: "search",
      oninput: () => this.handleTyping(),
      onkeydown: (event) => this.handleSearchKey(event),
    });
    this.found = h("p", { role: "status", class: "cw-hint cw-found" });
    this.find = h("div", { class: "cw-pick-find" }, this.qLabel, this.q, this.found);
    this.empty = h("p", { class: "cw-hint" });
    this.list = h("ol", { class: "cw-pick-list" });
    this.more = h("button", { type: "button", class: "cw-second", onclick: () => this.showMore() });
    this.spoken = h("p", { class: "cw-vh", role: "status" });
    this.el = h("fieldset", { class: "cw-picks" });
    this.head = new ControlHead(this.name, h("legend", {}), this.el);
    this.texts = h("div", { id: `${this.name}-texts` }, this.find, this.empty, this.list, this.more);
    this.disclosure = new Disclosure(this.texts, "cw-second cw-opener", () => this.drawOpen());
    this.el.append(...this.head.nodes, this.disclosure.button, this.selectedQuotes.el, this.texts, this.spoken);
    this.update(spec);
  }

  /** @param {PickerSpec} spec */
  update(spec) {
    this.spec = spec;
    this.head.update(spec.legend, spec.hint);
    setText(this.qLabel, spec.label_find || t(this.model, "picks.find"));
    setText(this.empty, spec.empty || "");
    this.updateItems([...(spec.known || []), ...(spec.items || [])]);
    const given = JSON.stringify(spec.value || []);
    if (given !== this.given && !this.touched) this.chosen = readQuoteRanges(JSON.parse(given));
    this.given = given;
    this.updateOpener();
    this.draw();
  }

  // Closed until somebody asks for it, or a link has led to one of its texts. What is chosen stands above it either way:
  // open, the texts would stand between the chosen words and the box that is written in next.
  updateOpener() {
    const { opener, opened, fold } = this.spec;
    this.disclosure.setName(fold ? "" : opener);
    if (!this.led && this.isToChoose()) this.disclosure.setOpen(true);
    this.led = opened;
    this.drawOpen();
  }

  // True where a link has led to a text, the first of them, of which nothing is chosen yet.
  isToChoose() {
    const { opened, items } = this.spec;
    return Boolean(opened) && !this.chosen.some((pick) => pick.version === items?.[0]?.id);
  }

  drawOpen() {
    this.el.classList.toggle("cw-closed", !this.disclosure.isOpen);
  }

  open() {
    this.disclosure.setOpen(true);
    this.drawOpen();
  }

  // Where there is no button to open them by, the texts stay.
  close() {
    if (!this.disclosure.button.hidden) this.disclosure.setOpen(false);
    this.drawOpen();
  }

  /** @param {PickerItem[]} items */
  updateItems(items) {
    const before = this.items;
    this.items = new Map(items.map((item) => [item.id, item]));
    // Texts that came are news; texts that went are the page's answer to what is looked for.
    if (this.asked && [...before.keys()].some((id) => !this.items.has(id))) this.answered = true;
  }

  draw() {
    for (const { version } of this.chosen) if (this.items.has(version)) this.known.set(version, this.items.get(version));
    this.drawList();
    this.selectedQuotes.draw();
    for (const row of this.rows.values()) row.updateState();
    this.requestUnknown();
  }

  // The list -------------------------------------------------------------------------------------------

  getQuery() {
    return findUnstorableSign(this.q.value) ? "" : limitCodePoints(this.q.value.trim(), 200);
  }

  // The page narrows the list by what is looked for; until it has, or where it does not, we do it here. It may
  // know more ways to find: where we find nothing in its answer, the answer stands.
  findMatching() {
    const items = this.spec.items || [];
    const wanted = normalizeLetters(this.getQuery()).split(/\s+/).filter(Boolean);
    if (!wanted.length) return items;
    const inside = (item) => normalizeLetters([item.text, item.by, item.tag].join(" "));
    const found = items.filter((item) => wanted.every((word) => inside(item).includes(word)));
    return found.length || !this.answered ? found : items;
  }

  drawList() {
    const items = this.findMatching();
    const before = [...this.rows.keys()].pop();
    // New texts come in at the top: what was drawn stays drawn, and a reader's place with it.
    if (!this.narrowed) this.limit = Math.max(this.limit, items.findIndex((item) => item.id === before) + 1);
    this.narrowed = false;
    const drawn = items.slice(0, this.limit);
    const ids = new Set(drawn.map((item) => item.id));
    for (const [id, row] of this.rows) {
      if (ids.has(id)) continue;
      this.selectMarked(row);
      if (findFocused(row.el)) this.focusBeside(row);
      row.destroy();
      row.el.remove();
      this.rows.delete(id);
    }
    const rows = new Map();
    for (const item of drawn) {
      const row = this.rows.get(item.id) || new TextPickerRow(this, item);
      row.update(item);
      rows.set(item.id, row);
    }
    this.rows = rows;
    reorderChildren(this.list, drawn.map((item) => rows.get(item.id).el));
    const rest = items.length - drawn.length;
    setText(this.more, t(this.model, "picks.more", { n: Math.min(rest, MORE_ROWS) }));
    this.more.hidden = rest <= 0;
    this.list.hidden = !drawn.length;
    if (this.spec.search || (this.spec.items || []).length > SEARCH_FROM) this.searched = true;
    this.find.hidden = !this.searched;
    this.empty.hidden = Boolean(drawn.length || this.getQuery() || !this.spec.empty);
    if (!this.getQuery()) setText(this.found, "");
    else if (!this.looker) this.announceFound(items.length);
  }

  announceFound(n) {
    setText(this.found, n ? t(this.model, "picks.found", { n }) : t(this.model, "empty.search"));
  }

  /** @param {TextPickerRow} row */
  focusBeside(row) {
    const next = findNeighbour(row.el);
    if (next) focusElement(next);
    else this.focus();
  }

  showMore() {
    const first = this.list.childElementCount;
    this.limit += MORE_ROWS;
    this.drawList();
    const next = /** @type {HTMLElement} */ (this.list.children[first]);
    if (next) focusElement(next);
  }

  handleTyping() {
    clearTimeout(this.looker);
    this.looker = setTimeout(() => this.search(), 400);
    this.limit = INITIAL_ROWS;
    this.narrowed = true;
    this.asked = this.answered = false;
    this.drawList();
  }

  search() {
    clearTimeout(this.looker);
    this.looker = null;
    this.drawList();
    this.asked = true;
    this.sendSearch();
  }

  // After a reload the places are here and the words may not be: the page is asked once for those it may give.
  requestUnknown() {
    const wanted = this.listUnknown().join(" ");
    if (wanted && wanted !== this.wanted) this.sendSearch();
    this.wanted = wanted;
  }

  listUnknown() {
    const versions = new Set(this.chosen.map((pick) => pick.version));
    return [...versions].filter((version) => !this.known.has(version));
  }

  sendSearch() {
    // Without a connection the texts that are here are looked through.
    trySend(this.model, { do: "look", key: this.key, q: this.getQuery(), chosen: this.listUnknown(), ...this.from });
  }

  handleSearchKey(event) {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault(); // it would share the whole form
      this.search();
    }
    if (event.key === "Escape" && this.q.value) {
      event.preventDefault();
      this.q.value = "";
      this.handleTyping();
    }
  }

  // What is chosen ---------------------------------------------------------------------------------------

  /** @param {QuoteRange} range */
  getWords({ version, start, end }) {
    const text = this.known.get(version)?.text || "";
    return start === undefined ? text : sliceCodePoints(text, start, end);
  }

  /** @param {string} version @param {number} [start] @param {number} [end] */
  isSelected(version, start, end) {
    const key = writeQuoteRange({ version, start, end });
    return this.chosen.some((pick) => writeQuoteRange(pick) === key);
  }

  /** @param {string} version @returns {[number, number][]} */
  listRanges(version) {
    return this.chosen.filter((p) => p.version === version && p.start !== undefined).map((p) => [p.start, p.end]);
  }

  countRanges(version) {
    return this.chosen.filter((pick) => pick.version === version).length;
  }

  /** @param {string} version @param {number} [start] @param {number} [end] */
  add(version, start, end) {
    const pick = { version, start, end };
    const full = this.spec.many && this.chosen.length >= MAX_PICKED && !this.isSelected(version, start, end);
    this.chosen = full ? this.chosen : this.mergeRanges([pick]);
    if (full) this.head.showError(t(this.model, "picks.full", { n: MAX_PICKED }));
    else this.handleSelectionChange("picks.added", pick);
  }

  /**
   * What is chosen and `picks` too, each once; where only one may be chosen, the last of them.
   * @param {QuoteRange[]} picks
   * @returns {QuoteRange[]}
   */
  mergeRanges(picks) {
    const all = new Map([...this.chosen, ...picks].map((pick) => [writeQuoteRange(pick), pick]));
    return this.spec.many ? [...all.values()] : picks.slice(-1).concat(this.chosen).slice(0, 1);
  }

  /** @returns {QuoteRange[]} */
  listMarked() {
    return [...this.rows.values()].flatMap((row) => row.listMarked());
  }

  /**
   * Marked words that go out of sight stay chosen.
   * @param {TextPickerRow} row
   */
  selectMarked(row) {
    const marked = row.listMarked();
    if (!marked.length) return;
    this.known.set(row.item.id, row.item);
    this.chosen = this.mergeRanges(marked);
    row.clearMark();
    this.selectedQuotes.draw();
  }

  // A reader has marked words, or let go of them: the draft holds them, and the form knows that it was used.
  handleMarking() {
    this.touched = true;
    this.head.showError("");
    this.onChange(this);
  }

  /** @param {string} version @param {number} [start] @param {number} [end] */
  remove(version, start, end) {
    const pick = { version, start, end };
    const key = writeQuoteRange(pick);
    this.chosen = this.chosen.filter((other) => writeQuoteRange(other) !== key);
    this.handleSelectionChange("picks.removed", pick);
  }

  /** @param {string} key @param {QuoteRange} pick */
  handleSelectionChange(key, pick) {
    this.touched = true;
    this.head.showError("");
    this.draw();
    this.announce(key, { words: toOneLine(this.getWords(pick)) });
    this.onChange(this);
  }

  // The same words twice are said twice: a status says nothing when its text stays as it is.
  announce(key, vars) {
    const text = t(this.model, key, vars);
    setText(this.spoken, this.spoken.textContent === text ? `${text}\u00a0` : text);
  }

  // As every box of a form -------------------------------------------------------------------------------

  listSelected() {
    return this.mergeRanges(this.listMarked()).map(writeQuoteRange);
  }

  get value() {
    return this.listSelected();
  }

  set value(strings) {
    this.clearMarks();
    this.chosen = readQuoteRanges(strings);
    this.touched = true;
    if (this.chosen.length && !this.isToChoose()) this.close();
    this.draw();
  }

  clearMarks() {
    for (const row of this.rows.values()) row.clearMark();
  }

  clear() {
    this.clearMarks();
    this.touched = false;
    this.chosen = readQuoteRanges(JSON.parse(this.given));
    this.head.showError("");
    this.close();
    this.draw();
  }

  // One end of some words says nothing of the other: the reader is asked, and nothing is guessed.
  findFault() {
    const half = [...this.rows.values()].map((row) => row.getHalfMarkedWord()).find(Boolean);
    const picked = this.listSelected();
    if (half) return t(this.model, "picks.half", { word: half });
    if (picked.length > MAX_PICKED) return t(this.model, "picks.full", { n: MAX_PICKED });
    return this.spec.required && !picked.length ? t(this.model, "picks.none") : "";
  }

  // A fault is in what is open; without one, whoever comes here has not asked for the texts yet.
  focus() {
    this.el.closest("details")?.setAttribute("open", "");
    if (!this.disclosure.isOpen && !this.head.hasError) {
      this.disclosure.button.focus();
      return;
    }
    this.open();
    const half = [...this.rows.values()].find((row) => row.getHalfMarkedWord());
    if (half) {
      half.selector?.focus();
      return;
    }
    const first = this.find.hidden ? this.list.querySelector("input, button") : this.q;
    if (first) first.focus();
    else focusElement(this.el);
  }

  destroy() {
    clearTimeout(this.looker);
    for (const row of this.rows.values()) row.destroy();
  }
}

function normalizeLetters(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
