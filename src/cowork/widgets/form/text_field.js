// A box to write in and a set of answers to choose from: native controls, real labels, errors tied to them.
// Both are updated in place. A control that somebody is typing in is never taken away.

import { findFocused, getPlainText, h, needsRedraw } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { describeTextFault } from "../runtime/text.js";
import { ControlHead } from "./control_head.js";
import { createRadioGrid } from "./radio_grid.js";

/** @import { ChoiceSpec, FieldSpec, Model, Option } from "../types.js" */

export class TextField {
  /** @param {Model<any>} model @param {FieldSpec} spec @param {(box: TextField) => void} changed */
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
        this.head.showError("");
        changed(this);
      },
    });
    this.head = new ControlHead(id, h("label", { for: id, class: "cw-label" }), this.control);
    this.el = h("div", { class: "cw-field" }, this.head.nodes, this.control);
    this.touched = false;
    /** @type {string | null} */
    this.given = null;
    this.update(spec);
  }

  /** @param {FieldSpec} spec */
  update(spec) {
    this.spec = spec;
    this.head.update(spec.label, spec.hint);
    this.head.label.classList.toggle("cw-vh", Boolean(spec.quiet));
    if (this.control instanceof HTMLTextAreaElement) this.control.rows = spec.rows || 4;
    this.control.required = Boolean(spec.required);
    // A value from the kernel fills the box only while its reader has not changed it.
    const value = spec.value || "";
    if (value !== this.given && !this.touched) this.control.value = value;
    this.given = value;
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
    this.head.showError("");
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

/** Radio buttons, or checkboxes where several answers are possible: one native group, arrow keys included. */
export class OptionGroup {
  /** @param {Model<any>} model @param {ChoiceSpec} spec @param {(box: OptionGroup) => void} changed */
  constructor(model, spec, changed) {
    this.model = model;
    this.spec = spec;
    this.key = spec.key;
    this.name = newId("answers");
    this.onChange = changed;
    this.rows = h("div", { class: "cw-options" });
    this.el = h("fieldset", { class: "cw-answers" });
    this.head = new ControlHead(this.name, h("legend", {}), this.el);
    this.el.append(...this.head.nodes, this.rows);
    this.touched = false;
    this.chosen = [];
    this.update(spec);
  }

  update(spec) {
    this.spec = spec;
    this.head.update(spec.legend, spec.hint);
    if (needsRedraw(this.rows, [spec.options, spec.many, spec.grid, spec.apart_h])) this.draw();
    const given = JSON.stringify(spec.many ? spec.values || spec.value || [] : spec.value || "");
    if (given !== this.given && !this.touched) this.setSelected(JSON.parse(given));
    this.given = given;
  }

  draw() {
    const focused = /** @type {HTMLInputElement} */ (findFocused(this.rows))?.value;
    const { options = [], grid } = this.spec;
    this.rows.replaceChildren(...(grid ? createRadioGrid(this, grid, options) : this.createRows(options)));
    this.rows.classList.toggle("cw-grid", Boolean(grid));
    const short = !grid && options.every((o) => !o.hint && getPlainText(o.label).length < 24);
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

  /** @param {Option} option @param {string} id */
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
        this.head.showError("");
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

  // The words of what is chosen now.
  getAnswer() {
    const chosen = (this.spec.options || []).filter((option) => this.listSelected().includes(option.value));
    return chosen.map((option) => getPlainText(option.label)).join(", ");
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
    this.head.showError("");
  }

  findFault() {
    return this.spec.required && !this.listSelected().length ? t(this.model, "error.no_choice") : "";
  }

  focus() {
    this.el.closest("details")?.setAttribute("open", "");
    this.listInputs()[0]?.focus();
  }
}
