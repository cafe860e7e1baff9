// A form that opens in place under a card: an answer, changed words, or an act of a page's own with a box.
// What is asked may be said anew while it is open (a language, new texts to pick from). What it is about may
// not: it answers the wording its writer has read, and a page that has moved on meanwhile can tell.

import { describeDraft, FormControls } from "../form/controls.js";
import { createParagraphs, h, reorderChildren, setOrRemoveAttribute, setText } from "../runtime/dom.js";
import { createAutosave, readDraft, removeDraft, saveDraft } from "../runtime/drafts.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";

/** @import { CardActions } from "./card_actions.js" */
/** @import { ActionFormSpec, Answer } from "../types.js" */

export class ActionForm {
  /**
   * @param {CardActions} acts
   * @param {string} name
   * @param {ActionFormSpec} spec
   */
  constructor(acts, name, spec) {
    this.actions = acts;
    this.name = name;
    this.spec = spec;
    this.model = acts.model;
    this.stop = new AbortController();
    const from = { card: acts.card.item.id, act: name };
    this.controls = new FormControls(this.model, () => this.handleChange(), from);
    this.box = acts.getBoxName(name);
    this.hint = h("p", { class: "cw-hint" });
    this.body = h("div", {});
    // In outline: the one filled button of a page is its question's own.
    this.button = h("button", { type: "submit", class: "cw-second" });
    this.saved = h("span", { class: "cw-saved" });
    this.seen = h("div", { class: "cw-act-seen", id: newId("seen") });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.el = h(
      "form",
      { novalidate: true, onsubmit: (e) => this.handleSubmit(e), onkeydown: (e) => this.handleKey(e) },
      this.hint,
      this.body,
      h("div", { class: "cw-row" }, this.button, this.saved),
      this.seen,
      this.error,
    );
    this.saving = createAutosave(this.stop.signal, () => {
      const draft = this.controls.readDraft();
      saveDraft(this.model, this.box, draft);
      this.showDraftState(draft);
    });
    acts.signal.addEventListener("abort", () => this.stop.abort(), { signal: this.stop.signal });
    this.update(spec);
    const draft = readDraft(this.model, this.box);
    this.controls.restoreDraft(draft);
    this.showDraftState(draft || {});
    this.drawSeen();
  }

  /** @param {ActionFormSpec} spec */
  update(spec) {
    const { kind, about } = this.spec;
    this.spec = { ...spec, kind, about };
    setText(this.hint, spec.hint || "");
    this.hint.hidden = !spec.hint;
    const specs = this.controls.update(spec);
    this.controls.labelBy(spec.namedBy);
    setOrRemoveAttribute(this.el, "aria-labelledby", spec.namedBy);
    reorderChildren(this.body, specs.map((one) => this.controls.getElement(one)));
    setText(this.button, spec.button || t(this.model, "common.share_group"));
    if (this.saved.textContent) setText(this.saved, describeDraft(this.model, this.box));
    this.drawSeen();
  }

  drawSeen() {
    const lines = this.controls.selectByChoice(this.spec.seen_by_choice, this.spec.seen || []);
    setOrRemoveAttribute(this.button, "aria-describedby", lines.length ? this.seen.id : "");
    const shape = JSON.stringify(lines);
    if (shape !== this.seenShape) this.seen.replaceChildren(...createParagraphs(lines));
    this.seenShape = shape;
  }

  handleChange() {
    this.drawSeen();
    this.saving.schedule();
    setText(this.error, "");
  }

  showDraftState(draft) {
    setText(this.saved, this.controls.hasContent(draft) ? describeDraft(this.model, this.box) : "");
  }

  handleKey(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.button.click(); // not `requestSubmit`, which Safari has since 16
    }
    // Not the Escape that ends a word of an input method, nor one that a box has used for itself.
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) this.actions.closeForm(true);
  }

  handleSubmit(event) {
    event.preventDefault();
    // With nothing but fields, none of them required, an empty form would say nothing at all.
    const words = !(this.spec.choices || []).length && !(this.spec.picks || []).length;
    const wrong = this.controls.findFault(words);
    if (wrong) wrong.focus();
    else if (!this.actions.pending.size) this.submitAction();
  }

  submitAction() {
    const { fields, choices } = this.controls.readValues();
    const { kind, about, fixed = {} } = this.spec;
    this.saving.cancel();
    this.actions.submit(this.name, {
      kind,
      about,
      fields: { ...fixed.fields, ...fields },
      choices: { ...fixed.choices, ...choices },
    });
    removeDraft(this.model, this.box); // only now: the outbox has the words
    this.actions.closeForm(true);
  }

  /** @param {Answer} message */
  showRefusal(message) {
    if (!this.controls.showRefusal(message)) setText(this.error, message.message);
  }

  focus() {
    (this.controls.listAll()[0] || this.button).focus();
  }

  destroy() {
    this.stop.abort(); // saves what is owed
    this.controls.destroy();
  }
}
