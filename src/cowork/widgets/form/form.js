// A question with boxes, answers to choose from, and one button.
//
// On sharing, the words leave the box for the outbox and the status says so; "Shared" waits for the kernel.
// A quick form (start, join) has no outbox: its words stay in the box and its id stays the same until the
// kernel has answered, so that pressing twice opens one workshop and not two.

import { createDetails, createHeading, createParagraphs, createRoot, fill, findFocused, h, reorderChildren, setText, watchTraits } from "../runtime/dom.js";
import { createAutosave, readDraft, removeDraft, saveDraft } from "../runtime/drafts.js";
import { getLanguageTag, t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { createSubmission, outbox, RESEND_MS, subscribeToOutbox } from "../runtime/outbox.js";
import { deviceStorage } from "../runtime/storage.js";
import { toOneLine } from "../runtime/text.js";
import { createEyebrow, getWheelClass } from "../wheels/wheel_marks.js";
import { describeDraft, FormControls } from "./controls.js";

/** @import { Answer, Draft, FormTraits, MessageFromKernel, Model, OutboxEvent, Submission, View } from "../types.js" */

class FormView {
  /**
   * @param {Model<FormTraits>} model
   * @param {HTMLElement} el
   * @param {AbortSignal} signal
   */
  constructor(model, el, signal) {
    this.model = model;
    this.controls = new FormControls(model, () => this.handleChange());
    this.mine = new Set(); // ids shared from this view and not yet answered
    this.el = createRoot(el, model, "ask");
    this.headingId = newId("question");
    this.head = h("div", { class: "cw-ask-head" });
    this.body = h("div", { class: "cw-ask-body" });
    this.foldBody = h("div", {});
    this.foldName = h("summary", {});
    this.fold = h("details", { class: "cw-ask-fold" }, this.foldName, this.foldBody);
    this.button = h("button", { type: "submit", id: newId("share") });
    this.saved = h("span", { class: "cw-saved" });
    this.seen = h("div", { class: "cw-ask-seen", id: newId("seen") });
    this.status = h("p", { role: "status" });
    this.kept = h("div", { class: "cw-kept" });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.button.setAttribute("aria-describedby", this.seen.id);
    this.form = h(
      "form",
      { novalidate: true, onsubmit: (e) => this.submit(e), onkeydown: (e) => this.handleKey(e) },
      this.body,
      this.fold,
      h("div", { class: "cw-row" }, this.button, this.saved),
      this.seen,
      this.error,
    );
    this.done = h("div", { class: "cw-done", tabindex: "-1" }, this.status, this.kept);
    this.el.append(this.head, this.form, this.done);
    this.saving = createAutosave(signal, () => this.save());
    this.draw();
    this.restoreDraft();
    watchTraits(model, FORM_TRAITS, () => this.draw());
    watchTraits(model, ["box", "me", "scope"], () => this.restoreDraft());
    subscribeToOutbox(model, signal, {
      ownsBox: (box) => !model.get("quick") && box === model.get("box"),
      onEvent: (what, item, message) => this.handleOutboxEvent(what, item, message),
    });
    model.on("msg:custom", (message) => this.handleQuickAnswer(message));
    signal.addEventListener("abort", () => {
      clearInterval(this.again);
      this.controls.destroy();
    });
    window.addEventListener("cowork:save", () => this.rememberFocus(), { signal });
  }

  draw() {
    const get = (name) => this.model.get(name);
    this.el.lang = getLanguageTag(get("lang"));
    this.el.className = `cw-ask ${getWheelClass(get("wheel"))}`;
    this.drawHead();
    this.drawControls();
    this.drawSeen();
    this.button.classList.toggle("cw-second", Boolean(get("quiet_button")));
    this.drawForm();
    if (this.saved.textContent) setText(this.saved, describeDraft(this.model, get("box")));
    if (this.last) this.showStatus(...this.last);
  }

  // Where every box has gone (each part has its words now), a button alone would promise something; but a quick form
  // may be its button. What goes takes no focus with it; what comes back has not been answered.
  drawForm() {
    const asks = this.controls.listAll().length || (this.model.get("quick") && this.model.get("button"));
    if (this.form.hidden === !asks) return;
    const held = findFocused(this.form);
    this.form.hidden = !asks;
    if (asks && this.last?.[0] === "shared") this.showStatus("");
    else if (held) this.done.focus();
  }

  drawHead() {
    const get = (name) => this.model.get(name);
    const shape = JSON.stringify(["eyebrow", "wheel", "half", "question", "level", "hint", "mean", "first"].map(get));
    if (shape === this.headShape) return; // a heading somebody has focus on stays the same node
    this.headShape = shape;
    const open = Boolean(this.head.querySelector("details[open]"));
    const focused = findFocused(this.head)?.localName;
    const { mean, first } = { mean: get("mean") || {}, first: get("first") || {} };
    this.head.replaceChildren();
    fill(this.head, {}, [
      createEyebrow(get("eyebrow"), get("wheel"), get("half")),
      get("question") ? createHeading(get("level"), get("question"), { id: this.headingId }) : null,
      get("hint") ? h("p", { class: "cw-hint" }, get("hint")) : null,
      mean.h ? createDetails(mean.h, h("div", { class: "cw-inset" }, createParagraphs(mean.lines))) : null,
      first.text ? this.drawFirst(first) : null,
    ]);
    if (open) this.head.querySelector("details")?.setAttribute("open", "");
    if (focused) this.head.querySelector(focused)?.focus();
  }

  /** @param {FormTraits["first"]} first */
  drawFirst(first) {
    return h(
      "div",
      { class: "cw-inset cw-first" },
      first.h ? h("p", { class: "cw-first-h" }, first.h) : null,
      h("p", { class: "cw-typed", dir: "auto", lang: first.lang ?? null }, first.text),
      first.by ? h("p", { class: "cw-hint cw-small" }, first.by) : null,
    );
  }

  drawControls() {
    const get = (name) => this.model.get(name);
    const specs = this.controls.update({ fields: get("fields"), choices: get("choices"), picks: get("picks") });
    this.controls.labelBy(get("question") ? this.headingId : this.button.id);
    reorderChildren(this.body, specs.filter((spec) => !spec.fold).map((spec) => this.controls.getElement(spec)));
    reorderChildren(this.foldBody, specs.filter((spec) => spec.fold).map((spec) => this.controls.getElement(spec)));
    setText(this.foldName, get("fold_h") || "");
    this.fold.hidden = !this.foldBody.childElementCount;
  }

  // Who will see this: the line that is true for the answers as they stand now, never two that differ.
  drawSeen() {
    const get = (name) => this.model.get(name);
    const button = get("button") || t(this.model, "common.share_group");
    setText(this.button, this.controls.selectByChoice(get("button_by_choice"), button));
    const lines = this.controls.selectByChoice(get("seen_by_choice"), get("seen") || []);
    const shape = JSON.stringify(lines);
    if (shape !== this.seenShape) this.seen.replaceChildren(...createParagraphs(lines));
    this.seenShape = shape;
  }

  handleChange() {
    this.drawSeen();
    this.saving.schedule();
    setText(this.error, "");
    if (this.last?.[0] === "shared") this.showStatus(""); // it was about the words before these
  }

  save() {
    const draft = this.controls.readDraft();
    const held = this.model.get("quick") ? readDraft(this.model, this.model.get("box")) : null;
    if (held?.id) Object.assign(draft, { id: held.id, of: held.of });
    saveDraft(this.model, this.model.get("box"), draft);
    this.showDraftState(draft);
  }

  /** @param {Draft} draft */
  showDraftState(draft) {
    setText(this.saved, this.controls.hasContent(draft) ? describeDraft(this.model, this.model.get("box")) : "");
  }

  restoreDraft() {
    const draft = readDraft(this.model, this.model.get("box"));
    if (draft) {
      this.controls.restoreDraft(draft);
      this.showDraftState(draft);
      this.drawSeen();
    }
    this.restoreFocus();
  }

  // A reload that we ask for ourselves (after a lost kernel) must not take the caret away.
  rememberFocus() {
    for (const box of this.controls.listFields()) {
      if (box.control !== document.activeElement) continue;
      const { selectionStart: start, selectionEnd: end } = box.control;
      const at = { box: this.model.get("box"), key: box.key, start, end };
      try {
        sessionStorage.setItem("cowork:focus", JSON.stringify(at));
      } catch {
        // focus is a comfort, words are not: those are saved
      }
    }
  }

  restoreFocus() {
    try {
      const at = JSON.parse(sessionStorage.getItem("cowork:focus") || "null");
      if (!at || at.box !== this.model.get("box")) return;
      sessionStorage.removeItem("cowork:focus");
      const box = this.controls.get(at.key);
      box?.focus();
      box?.control.setSelectionRange(at.start, at.end);
    } catch {
      // nothing remembered
    }
  }

  handleKey(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.button.click(); // not `requestSubmit`, which Safari has since 16
    }
  }

  submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const wrong = this.controls.findFault(!this.model.get("quick"));
    wrong?.focus();
    if (wrong) return;
    const get = (name) => this.model.get(name);
    setText(this.error, "");
    const item = createSubmission(this.model, { box: get("box"), kind: get("kind"), about: get("about"), ...this.controls.readValues() });
    if (get("quick")) {
      this.submitQuick(item);
      return;
    }
    this.mine.add(item.id);
    this.saving.cancel();
    outbox.enqueue(this.model, item); // on the device first, then out of the box
    this.clearForm();
    this.showStatus("common.sharing");
    if (document.activeElement !== this.button) this.controls.listFields()[0]?.focus();
  }

  clearForm() {
    this.controls.clear();
    removeDraft(this.model, this.model.get("box"));
    setText(this.saved, "");
  }

  /**
   * @param {OutboxEvent} what
   * @param {Submission} item
   * @param {Answer} message of the kernel, where it has answered
   */
  handleOutboxEvent(what, item, message) {
    if (what === "shared") {
      this.mine.delete(item.id);
      const left = outbox.listWaiting(this.model).filter((other) => other.box === item.box).length;
      if (left) this.showStatus("late");
      else this.showStatus("shared", message.note);
    } else if (what === "refused") {
      this.mine.delete(item.id);
      this.restoreDraft();
      this.showRefusal(message);
      this.showStatus("");
    } else if (what === "failed") {
      this.showStatus("late", message.message);
    } else if (what === "late") {
      this.showStatus("late");
    }
  }

  /** @param {Answer} message */
  showRefusal(message) {
    if (!this.controls.showRefusal(message)) setText(this.error, message.message);
  }

  // What is true now: sharing, kept on the device (with the words, so that nobody fears for them), shared.
  showStatus(what, text) {
    this.last = [what, text];
    const late = what === "late";
    const waits = late ? outbox.listWaiting(this.model) : [];
    const done = () => text || this.model.get("done") || t(this.model, "common.shared");
    const words = {
      shared: done,
      late: () => text || t(this.model, deviceStorage.isPersistent() ? "connection.unsent" : "connection.unsent_page", { n: waits.length }),
      "common.sharing": () => t(this.model, "common.sharing"),
    }[what];
    setText(this.status, words ? words() : "");
    this.status.className = late ? "cw-wait" : what === "shared" ? "cw-good" : "";
    const own = waits.filter((item) => item.box === this.model.get("box"));
    const texts = own.map((item) => Object.values(item.fields).filter(Boolean).join("\n")).filter(Boolean);
    const shape = JSON.stringify(texts);
    if (shape === this.keptShape) return;
    this.keptShape = shape;
    this.kept.replaceChildren(...texts.map((t) => h("p", { class: "cw-typed", dir: "auto" }, toOneLine(t, 280))));
  }

  // Quick forms ---------------------------------------------------------------------------------------

  /** @param {Submission} item */
  submitQuick(item) {
    const box = this.model.get("box");
    const of = JSON.stringify([item.fields, item.choices]);
    const draft = readDraft(this.model, box);
    // The same words keep their id across presses and reloads; other words are another act.
    if (draft?.id && draft.of === of) item.id = draft.id;
    this.save();
    const secret = this.controls.listAll().some((b) => b.spec.keep === false);
    const held = readDraft(this.model, box) || { fields: {}, choices: {} };
    if (!secret) saveDraft(this.model, box, { ...held, id: item.id, of });
    this.busy = item.id;
    this.setBusy(true);
    this.showStatus("common.sharing");
    this.sendQuick(item);
    clearInterval(this.again);
    this.again = setInterval(() => this.sendQuick(item), RESEND_MS);
  }

  /** @param {Submission} item */
  sendQuick(item) {
    if (!outbox.isConnected(this.model)) return;
    try {
      this.model.send({ do: "share", item });
    } catch {
      // tried again in a moment
    }
  }

  setBusy(busy) {
    if (busy) this.button.setAttribute("aria-disabled", "true");
    else this.button.removeAttribute("aria-disabled");
  }

  /** @param {MessageFromKernel | null} message */
  handleQuickAnswer(message) {
    if (!message || !message.done || message.id !== this.busy) return;
    if (message.done === "failed") {
      this.showStatus("late", message.message);
      return;
    }
    clearInterval(this.again);
    this.busy = null;
    this.setBusy(false);
    const box = this.model.get("box");
    if (message.done === "shared") {
      this.saving.cancel();
      this.clearForm();
      this.showStatus("shared", message.note);
      return;
    }
    const draft = readDraft(this.model, box);
    if (draft) saveDraft(this.model, box, { fields: draft.fields, choices: draft.choices });
    this.showStatus("");
    this.showRefusal(/** @type {Answer} */ (message));
  }
}

const FORM_TRAITS = [
  "lang", "words", "eyebrow", "wheel", "half", "question", "level", "hint", "mean", "first", "fields", "choices",
  "picks", "button", "seen", "seen_by_choice", "button_by_choice", "fold_h", "done", "quiet_button",
];

export default {
  /** @param {View<FormTraits>} view */
  render({ model, el, signal }) {
    new FormView(model, el, signal);
  },
};
