// What every control has beside it: its name, its hint and the sentence about a fault, tied to it for those who hear a page.

import { h, setOrRemoveAttribute, setText, setTextOrHide } from "../runtime/dom.js";

export class ControlHead {
  /**
   * @param {string} id
   * @param {HTMLElement} label a <label>, or the <legend> of a group
   * @param {HTMLElement} control what is named: a box to write in, or the group
   */
  constructor(id, label, control) {
    this.label = label;
    this.control = control;
    this.hint = h("p", { id: `${id}-hint`, class: "cw-hint" });
    this.error = h("p", { id: `${id}-error`, class: "cw-error", role: "alert" });
    this.nodes = [label, this.hint, this.error];
  }

  /** @param {string | undefined} name @param {string | undefined} hint */
  update(name, hint) {
    setTextOrHide(this.label, name);
    setTextOrHide(this.hint, hint);
    this.updateDescription();
  }

  // Without a name of its own a control answers what is asked above it: `id` is the id of that question.
  labelBy(id) {
    setOrRemoveAttribute(this.control, "aria-labelledby", this.label.hidden ? id : "");
  }

  updateDescription() {
    const by = [this.error, this.hint].filter((words) => words.textContent).map((words) => words.id);
    setOrRemoveAttribute(this.control, "aria-describedby", by.join(" "));
  }

  /** @param {string | undefined} message */
  showError(message) {
    setText(this.error, message);
    // A group is never invalid for those who hear it; its sentence is read with its name.
    if (this.control.localName !== "fieldset") setOrRemoveAttribute(this.control, "aria-invalid", message && "true");
    this.updateDescription();
  }

  get hasError() {
    return Boolean(this.error.textContent);
  }
}
