// What a page's form and a form under a card have alike: controls, one button, who will see the words, and a draft
// of them until they are shared. Where the controls stand, and what sharing does, is the matter of whoever uses it.

import { createParagraphs, getPlainText, h, needsRedraw, reorderChildren, setChildren, setText } from "../runtime/dom.js";
import { createAutosave, getDraftKey, readDraft, removeDraft, saveDraft } from "../runtime/drafts.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { deviceStorage } from "../runtime/storage.js";
import { FormControls } from "./controls.js";
import { Disclosure } from "./disclosure.js";

/** @import { Answer, Child, DraftFormHandlers, DraftFormSpec, Model } from "../types.js" */

export class DraftForm {
  /**
   * @param {Model<any>} model
   * @param {AbortSignal} signal
   * @param {DraftFormHandlers} handlers
   * @param {{seen: string, button?: string}} classes
   * @param {...Child} top what stands above the button
   */
  constructor(model, signal, handlers, classes, ...top) {
    this.model = model;
    this.handlers = handlers;
    /** @type {DraftFormSpec} */
    this.spec = {};
    /** @type {{id?: string, of?: string}} */
    this.handedIn = {}; // of a quick form, while its answer has not come
    this.controls = new FormControls(model, () => this.handleChange(), handlers.from);
    this.seen = h("div", { class: classes.seen, id: newId("seen") });
    this.told = h("p", { id: newId("told") });
    this.briefBody = h("div", { id: newId("brief"), class: "cw-brief-body" });
    this.change = new Disclosure(this.briefBody, "cw-quiet");
    this.brief = h("div", { class: "cw-brief" }, this.told, this.change.button);
    const by = `${this.told.id} ${this.seen.id}`;
    this.button = h("button", { type: "submit", id: newId("share"), class: classes.button, "aria-describedby": by });
    this.saved = h("span", { class: "cw-saved" });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.el = h(
      "form",
      { novalidate: true, onsubmit: (event) => this.handleSubmit(event), onkeydown: (event) => this.handleKey(event) },
      top,
      this.brief,
      this.briefBody,
      h("div", { class: "cw-row" }, this.button, this.saved),
      this.seen,
      this.error,
    );
    this.saving = createAutosave(signal, () => this.save());
    signal.addEventListener("abort", () => this.controls.destroy());
  }

  get box() {
    return this.handlers.getBox();
  }

  /**
   * @param {DraftFormSpec} spec
   * @param {string | undefined} question the id of what is asked above the controls
   */
  update(spec, question) {
    this.spec = spec;
    this.controls.update(spec);
    this.controls.labelBy(question);
    reorderChildren(this.briefBody, this.controls.listBrief().map((box) => box.el));
    this.change.setName(t(this.model, "common.change_seen"));
    this.change.button.setAttribute("aria-label", t(this.model, "common.change_seen_what"));
    this.drawSeen();
    if (this.saved.textContent) setText(this.saved, this.describeDraft());
  }

  /** @returns {any[]} what stands above the button: all but what is told in one line */
  listAsked() {
    return this.controls.listAll().filter((box) => !box.spec.brief);
  }

  focusFirst() {
    (this.listAsked().find((box) => !box.el.hidden && !box.spec.fold) || this.button).focus();
  }

  // How it is shown and who will see it: what is true for the answers as they stand now, never two that differ.
  drawSeen() {
    const { button, button_by_choice, seen = [], seen_by_choice } = this.spec;
    setText(this.button, this.controls.selectByChoice(button_by_choice, button || t(this.model, "common.share_group")));
    const lines = this.controls.selectByChoice(seen_by_choice, seen);
    const shown = this.controls.listBrief().filter((box) => !box.el.hidden);
    const told = shown.length ? lines.slice(0, 1) : [];
    const answers = shown.filter((box) => !box.spec.seen).map((box) => box.getAnswer());
    setText(this.told, [...answers, ...told.map(getPlainText)].map((words) => words.replace(/\.$/, "")).filter(Boolean).join(" · "));
    this.brief.hidden = !shown.length;
    const rest = lines.slice(told.length);
    if (needsRedraw(this.seen, rest)) setChildren(this.seen, createParagraphs(rest));
  }

  handleChange() {
    this.drawSeen();
    this.saving.schedule();
    setText(this.error, "");
    this.handlers.onChange?.();
  }

  handleKey(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.button.click(); // not `requestSubmit`, which Safari has since 16
  }

  handleSubmit(event) {
    event.preventDefault();
    this.handlers.onSubmit();
  }

  /**
   * The first fault gets the focus.
   * @param {boolean} words whether an empty form would say nothing at all
   */
  isValid(words) {
    const wrong = this.controls.findFault(words);
    wrong?.focus();
    return !wrong;
  }

  /** @param {Answer} message */
  showRefusal(message) {
    if (!this.controls.showRefusal(message)) setText(this.error, message.message);
  }

  // The draft --------------------------------------------------------------------------------------------

  save() {
    const draft = { ...this.controls.readDraft(), ...this.handedIn };
    saveDraft(this.model, this.box, draft);
    this.showDraftState(draft);
  }

  restoreDraft() {
    const draft = readDraft(this.model, this.box);
    this.handedIn = draft?.id ? { id: draft.id, of: draft.of } : {};
    if (!draft) return;
    this.controls.restoreDraft(draft);
    this.showDraftState(draft);
    this.drawSeen();
  }

  // After sharing, and only then: until the outbox has the words they stand nowhere else.
  removeDraft() {
    this.saving.cancel();
    this.handedIn = {};
    removeDraft(this.model, this.box);
    setText(this.saved, "");
  }

  showDraftState(draft) {
    setText(this.saved, this.controls.hasContent(draft) ? this.describeDraft() : "");
  }

  // Where the draft is, in words that are so.
  describeDraft() {
    return t(this.model, deviceStorage.isStored(getDraftKey(this.model, this.box)) ? "common.draft_kept" : "common.draft_page");
  }
}
