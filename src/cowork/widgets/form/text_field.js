// A box to write in and a set of answers to choose from: native controls, real labels, errors tied to them.
// Both are updated in place. A control that somebody is typing in is never taken away.

import { findFocused, getPlainText, h, setOrRemoveAttribute, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { describeTextFault } from "../runtime/text.js";
import { createRadioGrid } from "./radio_grid.js";

/** @import { ChoiceSpec, FieldSpec, Model, Option, PickerSpec } from "../types.js" */

export class TextField {
  /**
   * @param {Model<any>} model
   * @param {FieldSpec} spec
   * @param {(box: TextField) => void} changed
   */
  constructor(model, spec, changed) {
    this.model = model;
    this.spec = spec;
    this.key = spec.key;
    const id = newId("field");
    const line = Boolean(spec.line);
    this.control = h(line ? "input" : "textarea", {
      id,
      type: line ? "text" : null,
      dir: "auto",
      autocomplete: "off",
      oninput: () => {
        this.touched = true;
        this.showError("");
        changed(this);
      },
    });
    this.label = h("label", { for: id, class: "cw-label" });
    this.hint = h("p", { id: `${id}-hint`, class: "cw-hint" });
    this.error = h("p", { id: `${id}-error`, class: "cw-error", role: "alert" });
    this.el = h("div", { class: "cw-field" }, this.label, this.hint, this.error, this.control);
    this.touched = false;
    /** @type {string | null} */
    this.given = null;
    this.update(spec);
  }

  /** @param {FieldSpec} spec */
  update(spec) {
    this.spec = spec;
    setText(this.label, spec.label || "");
    this.label.hidden = !spec.label;
    this.label.classList.toggle("cw-vh", Boolean(spec.quiet));
    setText(this.hint, spec.hint || "");
    this.hint.hidden = !spec.hint;
    if (this.control instanceof HTMLTextAreaElement) this.control.rows = spec.rows || 4;
    this.control.required = Boolean(spec.required);
    // A value from the kernel fills the box only while its reader has not changed it.
    const value = spec.value || "";
    if (value !== this.given && !this.touched) this.control.value = value;
    this.given = value;
    this.updateDescription();
  }

  // Without a label of its own a box is named by what is asked above it.
  labelBy(id) {
    setOrRemoveAttribute(this.control, "aria-labelledby", this.spec.label ? "" : id);
  }

  updateDescription() {
    const by = [this.error.textContent && this.error.id, this.spec.hint && this.hint.id].filter(Boolean);
    setOrRemoveAttribute(this.control, "aria-describedby", by.join(" "));
  }

  get value() {
    return this.control.value;
  }

  set value(text) {
    this.control.value = text;
    this.touched = text !== (this.given || "");
  }

  // Back to what the kernel gave: after sharing.
  clear() {
    this.control.value = this.given || "";
    this.touched = false;
    this.showError("");
  }

  showError(message) {
    setText(this.error, message);
    this.el.classList.toggle("cw-bad", Boolean(message));
    setOrRemoveAttribute(this.control, "aria-invalid", message ? "true" : "");
    this.updateDescription();
  }

  // A sentence where something is wrong with what stands in the box, or "".
  findFault() {
    if (this.spec.required && !this.value.trim()) return t(this.model, "error.no_words");
    return describeTextFault(this.model, this.value, this.spec.limit);
  }

  focus() {
    this.control.closest("details")?.setAttribute("open", "");
    this.control.focus();
  }
}

/**
 * What every group of answers does alike: its name, its hint and its fault, tied to the fieldset.
 * @template {ChoiceSpec | PickerSpec} Spec
 */
export class ChoiceGroup {
  constructor() {
    /** @type {any} */
    const later = null; // what each kind of group makes by itself
    /** @type {HTMLElement} */
    this.el = later;
    /** @type {HTMLElement} */
    this.hint = later;
    /** @type {HTMLElement} */
    this.error = later;
    /** @type {Spec} */
    this.spec = later;
  }

  labelBy(id) {
    setOrRemoveAttribute(this.el, "aria-labelledby", this.spec.legend ? "" : id);
  }

  updateDescription() {
    const by = [this.error.textContent && this.error.id, this.spec.hint && this.hint.id].filter(Boolean);
    setOrRemoveAttribute(this.el, "aria-describedby", by.join(" "));
  }

  showError(message) {
    setText(this.error, message);
    this.el.classList.toggle("cw-bad", Boolean(message));
    this.updateDescription();
  }
}

/**
 * Radio buttons, or checkboxes where several answers are possible: one native group, arrow keys included.
 * @extends {ChoiceGroup<ChoiceSpec>}
 */
export class OptionGroup extends ChoiceGroup {
  /**
   * @param {Model<any>} model
   * @param {ChoiceSpec} spec
   * @param {(box: OptionGroup) => void} changed
   */
  constructor(model, spec, changed) {
    super();
    this.model = model;
    this.key = spec.key;
    this.name = newId("answers");
    this.onChange = changed;
    this.legend = h("legend", {});
    this.hint = h("p", { id: `${this.name}-hint`, class: "cw-hint" });
    this.error = h("p", { id: `${this.name}-error`, class: "cw-error", role: "alert" });
    this.rows = h("div", { class: "cw-options" });
    this.el = h("fieldset", { class: "cw-answers" }, this.legend, this.hint, this.error, this.rows);
    this.touched = false;
    this.chosen = [];
    this.update(spec);
  }

  update(spec) {
    this.spec = spec;
    setText(this.legend, spec.legend || "");
    this.legend.hidden = !spec.legend;
    setText(this.hint, spec.hint || "");
    this.hint.hidden = !spec.hint;
    const shape = JSON.stringify([spec.options, spec.many, spec.grid, spec.apart_h]);
    if (shape !== this.shape) this.draw(spec, shape);
    const given = JSON.stringify(spec.many ? spec.values || spec.value || [] : spec.value || "");
    if (given !== this.given && !this.touched) this.setSelected(JSON.parse(given));
    this.given = given;
    this.updateDescription();
  }

  /**
   * @param {ChoiceSpec} spec
   * @param {string} shape
   */
  draw(spec, shape) {
    const focused = /** @type {HTMLInputElement} */ (findFocused(this.rows))?.value;
    this.shape = shape;
    const options = spec.options || [];
    this.rows.replaceChildren(...(spec.grid ? createRadioGrid(this, spec.grid, options) : this.createRows(options)));
    this.rows.classList.toggle("cw-grid", Boolean(spec.grid));
    const short = !spec.grid && options.every((o) => !o.hint && getPlainText(o.label).length < 24);
    this.rows.classList.toggle("cw-short", short && options.length < 4);
    this.setSelected(this.chosen);
    if (focused !== undefined) this.listInputs().find((input) => input.value === focused)?.focus();
  }

  /**
   * Answers that are `apart` are no steps of the scale: they stand below it, after a line and words that say so.
   * @param {Option[]} options
   */
  createRows(options) {
    const first = options.find((option) => option.apart);
    return options.flatMap((option) => {
      const row = this.createRow(option);
      if (option !== first || option === options[0]) return [row];
      return [h("p", { class: "cw-hint cw-apart-h" }, this.spec.apart_h || ""), row];
    });
  }

  /** @param {Option} option */
  createRow(option) {
    const id = newId("option");
    const hint = option.hint ? h("span", { id: `${id}-hint`, class: "cw-hint" }, option.hint) : null;
    const label = h("label", { for: id }, option.label || option.value);
    return h("div", { class: "cw-option" }, this.createInput(option, id), label, hint);
  }

  /**
   * @param {Option} option
   * @param {string} id
   */
  createInput(option, id) {
    return h("input", {
      id,
      type: this.spec.many ? "checkbox" : "radio",
      name: this.name,
      value: option.value,
      "aria-describedby": option.hint ? `${id}-hint` : null,
      onchange: () => {
        this.touched = true;
        this.chosen = this.listSelected();
        this.showError("");
        this.onChange(this);
      },
    });
  }

  /** @returns {HTMLInputElement[]} */
  listInputs() {
    return [...this.rows.querySelectorAll("input")];
  }

  /** @returns {string[]} */
  listSelected() {
    return this.listInputs().filter((input) => input.checked).map((input) => input.value);
  }

  setSelected(values) {
    this.chosen = Array.isArray(values) ? values : [values];
    for (const input of this.listInputs()) input.checked = this.chosen.includes(input.value);
  }

  get value() {
    const picked = this.listSelected();
    return this.spec.many ? picked : picked[0] || "";
  }

  set value(values) {
    this.setSelected(values);
    this.touched = true;
  }

  clear() {
    this.touched = false;
    this.setSelected(JSON.parse(this.given));
    this.showError("");
  }

  findFault() {
    return this.spec.required && !this.listSelected().length ? t(this.model, "error.no_choice") : "";
  }

  focus() {
    this.el.closest("details")?.setAttribute("open", "");
    this.listInputs()[0]?.focus();
  }
}
