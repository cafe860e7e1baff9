// A form that opens in place under a card: an answer, changed words, or an act of a page's own with a box.
// What is asked may be said anew while it is open (a language, new texts to pick from). What it is about may
// not: it answers the wording its writer has read, and a page that has moved on meanwhile can tell.

import { DraftForm } from "../form/draft_form.js";
import { h, reorderChildren, setOrRemoveAttribute, setTextOrHide } from "../runtime/dom.js";

/** @import { CardActions } from "./card_actions.js" */
/** @import { ActionFormSpec, Answer } from "../types.js" */

export class ActionForm {
  /** @param {CardActions} acts @param {string} name @param {ActionFormSpec} spec */
  constructor(acts, name, spec) {
    this.actions = acts;
    this.name = name;
    this.spec = spec;
    this.stop = new AbortController();
    acts.signal.addEventListener("abort", () => this.stop.abort(), { signal: this.stop.signal });
    this.hint = h("p", { class: "cw-hint" });
    this.body = h("div", {});
    const box = acts.getBoxName(name);
    const handlers = { getBox: () => box, onSubmit: () => this.submit(), from: { card: acts.card.item.id, act: name } };
    // In outline: the one filled button of a page is its question's own.
    const classes = { seen: "cw-act-seen", button: "cw-second" };
    this.form = new DraftForm(acts.model, this.stop.signal, handlers, classes, this.hint, this.body);
    this.el = this.form.el;
    this.el.addEventListener("keydown", (event) => this.handleKey(event));
    this.update(spec);
    this.form.restoreDraft();
  }

  /** @param {ActionFormSpec} spec */
  update(spec) {
    const { kind, about } = this.spec;
    this.spec = { ...spec, kind, about };
    setTextOrHide(this.hint, spec.hint);
    setOrRemoveAttribute(this.el, "aria-labelledby", spec.namedBy);
    this.form.update(spec, spec.namedBy);
    reorderChildren(this.body, this.form.listAsked().map((box) => box.el));
  }

  handleKey(event) {
    // Not the Escape that ends a word of an input method, nor one that a box has used for itself.
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) this.actions.closeForm(true);
  }

  submit() {
    const { kind, about, fixed = {}, choices, picks } = this.spec;
    // With nothing but fields, none of them required, an empty form would say nothing at all.
    const words = !(choices || []).length && !(picks || []).length;
    if (!this.form.isValid(words) || this.actions.pending.size) return;
    const values = this.form.controls.readValues();
    this.actions.submit(this.name, {
      kind,
      about,
      fields: { ...fixed.fields, ...values.fields },
      choices: { ...fixed.choices, ...values.choices },
    });
    this.form.removeDraft(); // only now: the outbox has the words
    this.actions.closeForm(true);
  }

  /** @param {Answer} message */
  showRefusal(message) {
    this.form.showRefusal(message);
  }

  focus() {
    this.form.focusFirst();
  }

  destroy() {
    this.stop.abort(); // saves what is owed
  }
}
