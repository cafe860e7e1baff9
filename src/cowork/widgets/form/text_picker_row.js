// One text to pick from: to tick where only whole texts count, else to unfold into its words.

import { findFocused, h, needsRedraw, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { createLabelSource, labelControl } from "../runtime/labels.js";
import { countCodePoints } from "../runtime/text.js";
import { QuoteSelector } from "./quote_selector.js";

/** @import { TextPicker } from "./text_picker.js" */
/** @import { PickerItem, QuoteRange } from "../types.js" */

const PICKER_FOLD_LENGTH = 500; // signs of a text before it is folded

export class TextPickerRow {
  /** @param {TextPicker} picks @param {PickerItem} item */
  constructor(picks, item) {
    this.picker = picks;
    this.item = item;
    this.model = picks.model;
    this.id = newId("pick");
    /** @type {QuoteSelector | null} */
    this.selector = null; // while the words are unfolded
    /** @type {HTMLElement} */
    this.text = h("p");
    this.count = h("span");
    this.place = h("div");
    /** @type {HTMLButtonElement | null} */
    this.chooseButton = null;
    /** @type {HTMLInputElement | null} */
    this.control = null;
    this.whole = false; // a long text unfolded
    this.el = h("li", { class: "cw-pick" });
  }

  /** @param {PickerItem} item */
  update(item) {
    const { words, many, button } = this.picker.spec;
    this.item = item;
    if (needsRedraw(this.el, [item, words, many, this.model.get("lang"), this.model.get("words")])) this.draw();
    this.selector?.update(button || t(this.model, "documentation.choose.button"));
    this.updateState();
  }

  draw() {
    const active = findFocused(this.el);
    const inWords = this.selector?.el.contains(active);
    const { item } = this;
    const { words } = this.picker.spec;
    if (!words) this.destroy();
    this.text = h(words ? "p" : "span", { class: "cw-pick-text cw-typed", dir: "auto", lang: item.lang ?? null }, item.text);
    if (words) this.text.translate = false; // the exact words are chosen here
    this.copy = createLabelSource(this.text, `${this.id}-words`);
    this.count = h("span", { class: "cw-pick-n" });
    const by = h(
      "p",
      { class: "cw-by" },
      item.by ? h("bdi", { class: "cw-name" }, item.by) : null,
      item.when_text ? h("span", {}, item.when_text) : null,
      item.tag ? h("span", { class: "cw-tag" }, item.tag) : null,
      this.count,
    );
    this.control = this.wholeButton = this.chooseButton = null;
    const parts = words ? this.drawWords(by) : this.drawTick(by);
    this.el.replaceChildren(...parts.filter(Boolean));
    if (inWords) this.selector?.focus();
    else if (active) this.el.querySelector(`[data-name="${active.dataset.name}"]`)?.focus();
  }

  setNodeName(name, node) {
    node.dataset.name = name;
    return node;
  }

  /** @param {HTMLElement} by */
  drawTick(by) {
    const control = h("input", {
      id: this.id,
      type: this.picker.spec.many ? "checkbox" : "radio",
      name: this.picker.name,
      "aria-describedby": `${this.id}-by`,
      onchange: () => this.handleTick(),
    });
    this.control = control;
    by.id = `${this.id}-by`;
    // A page-long name is read out whole each time: the first words say which text it is.
    const long = countCodePoints(this.item.text) > PICKER_FOLD_LENGTH;
    if (long) control.setAttribute("aria-labelledby", `${this.id}-words`);
    const label = h("label", { for: this.id }, this.text);
    return [h("div", { class: "cw-option" }, this.setNodeName("tick", control), label), this.copy, by, this.createFoldButton(long)];
  }

  handleTick() {
    if (this.control?.checked) this.picker.add(this.item.id);
    else this.picker.remove(this.item.id);
    this.updateState(); // where no more could be added, the tick goes again
  }

  /** @param {HTMLElement} by */
  drawWords(by) {
    const choose = h("button", { type: "button", class: "cw-quiet", onclick: () => this.toggleWords() });
    const whole = h("button", { type: "button", class: "cw-quiet cw-whole", onclick: () => this.toggleWhole() });
    this.chooseButton = this.setNodeName("choose", choose);
    this.wholeButton = this.setNodeName("whole", whole);
    this.setLabel(choose, t(this.model, "documentation.choose.h"));
    this.setLabel(whole, t(this.model, "picks.whole"));
    this.place = h("div", {}, this.selector?.el);
    const acts = h("div", { class: "cw-acts" }, choose, whole);
    return [this.text, this.copy, this.place, this.createFoldButton(countCodePoints(this.item.text) > PICKER_FOLD_LENGTH), by, acts];
  }

  /** @param {HTMLElement} node @param {string} word */
  setLabel(node, word) {
    setText(node, word);
    labelControl(node, `${this.id}-words`);
  }

  // Long texts are folded by style alone, as on a card.
  createFoldButton(long) {
    this.restButton = null;
    if (!long) return null;
    this.restButton = h("button", {
      type: "button",
      class: "cw-quiet",
      onclick: () => {
        this.whole = !this.whole;
        this.updateState();
      },
    });
    return this.setNodeName("rest", this.restButton);
  }

  updateState() {
    const { id } = this.item;
    const n = this.picker.countRanges(id);
    if (this.control) this.control.checked = this.picker.isSelected(id);
    this.wholeButton?.setAttribute("aria-pressed", String(this.picker.isSelected(id)));
    this.chooseButton?.setAttribute("aria-expanded", String(Boolean(this.selector)));
    setText(this.count, this.picker.spec.words && n ? t(this.model, "picks.count", { n }) : "");
    this.text.hidden = Boolean(this.selector);
    if (this.restButton) {
      this.restButton.hidden = Boolean(this.selector);
      this.text.classList.toggle("cw-long", !this.whole);
      this.restButton.setAttribute("aria-expanded", String(this.whole));
      setText(this.restButton, t(this.model, this.whole ? "card.less" : "card.more"));
    }
    this.selector?.underlineRanges(this.picker.listRanges(id));
  }

  toggleWhole() {
    if (this.picker.isSelected(this.item.id)) this.picker.remove(this.item.id);
    else this.picker.add(this.item.id);
  }

  toggleWords() {
    if (this.selector) {
      this.foldWords();
      return;
    }
    this.selector = new QuoteSelector(this.model, this.item, {
      onUse: (start, end) => this.picker.add(this.item.id, start, end),
      announce: (key, vars) => this.picker.announce(key, vars),
      onMark: () => this.picker.handleMarking(),
      onClose: () => this.foldWords(),
    });
    this.place.replaceChildren(this.selector.el);
    this.selector.update(this.picker.spec.button || t(this.model, "documentation.choose.button"));
    this.updateState();
    this.selector.focus();
  }

  /** @returns {QuoteRange[]} */
  listMarked() {
    const range = this.selector?.getMarkedRange();
    return range ? [{ version: this.item.id, start: range[0], end: range[1] }] : [];
  }

  getHalfMarkedWord() {
    return this.selector?.getFirstWord() || "";
  }

  clearMark() {
    this.selector?.setMark(null, null, true);
  }

  foldWords() {
    this.picker.selectMarked(this);
    this.destroy();
    this.place.replaceChildren();
    this.updateState();
    this.chooseButton?.focus();
  }

  destroy() {
    this.selector?.destroy();
    this.selector = null;
  }
}
