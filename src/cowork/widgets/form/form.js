// A question with boxes, answers to choose from, and one button.
//
// On sharing, the words leave the box for the outbox and the status says so; "Shared" waits for the kernel.
// A quick form (start, join) has no outbox: its words stay in the box and its id stays the same until the
// kernel has answered, so that pressing twice opens one workshop and not two.

import {
  createDetails, createHeading, createParagraphs, createRoot, findFocused, h, needsRedraw, reorderChildren, setChildren, setOrRemoveAttribute,
  setText, watchTraits,
} from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { createSubmission, outbox, RESEND_MS, subscribeToOutbox } from "../runtime/outbox.js";
import { trySend } from "../runtime/send.js";
import { deviceStorage } from "../runtime/storage.js";
import { toOneLine } from "../runtime/text.js";
import { createEyebrow, getWheelClass } from "../wheels/wheel_marks.js";
import { Disclosure } from "./disclosure.js";
import { DraftForm } from "./draft_form.js";

/** @import { Answer, FormTraits, MessageFromKernel, OutboxEvent, Submission, View } from "../types.js" */

class FormView {
  /** @param {View<FormTraits>} view */
  constructor({ model, el, signal }) {
    this.model = model;
    this.el = createRoot(el, model, "ask");
    this.headingId = newId("question");
    this.head = h("div", { class: "cw-ask-head" });
    this.body = h("div", { class: "cw-ask-body" });
    this.foldBody = h("div", {});
    this.foldName = h("summary", {});
    this.fold = h("details", { class: "cw-ask-fold" }, this.foldName, this.foldBody);
    this.status = h("p", { role: "status" });
    this.kept = h("div", { class: "cw-kept" });
    const handlers = { getBox: () => model.get("box"), onSubmit: () => this.submit(), onChange: () => this.handleChange() };
    this.form = new DraftForm(model, signal, handlers, { seen: "cw-ask-seen" }, this.body, this.fold);
    this.controls = this.form.controls;
    this.done = h("div", { class: "cw-done", tabindex: "-1" }, this.status, this.kept);
    this.content = h("div", { id: newId("form") }, this.form.el);
    this.opener = new Disclosure(this.content, "cw-opener", (open) => this.handleOpener(open));
    this.openerPlace = h("div", { class: "cw-opener-place" });
    this.el.append(this.head, this.openerPlace, this.content, this.done);
    this.draw();
    this.restoreDraft();
    watchTraits(model, FORM_TRAITS, () => this.draw());
    watchTraits(model, ["box", "me", "scope"], () => this.restoreDraft());
    // Something else was done since, perhaps to these very words: they are not "shared" any more, as news.
    const forget = (event) => /** @type {CustomEvent} */ (event).detail.box !== model.get("box") && this.last?.[0] === "shared" && this.showStatus("");
    window.addEventListener("cowork:submitted", forget, { signal });
    subscribeToOutbox(model, signal, {
      ownsBox: (box) => !model.get("quick") && box === model.get("box"),
      onEvent: (what, item, message) => this.handleOutboxEvent(what, item, message),
    });
    model.on("msg:custom", (message) => this.handleQuickAnswer(message));
    signal.addEventListener("abort", () => clearInterval(this.again));
    window.addEventListener("cowork:save", () => this.rememberFocus(), { signal });
  }

  draw() {
    const get = (name) => this.model.get(name);
    this.el.className = `cw-ask ${getWheelClass(get("wheel"))}`;
    this.drawHead();
    this.drawControls();
    this.form.button.classList.toggle("cw-second", Boolean(get("quiet_button")) && !get("opener"));
    this.drawForm();
    this.drawOpener();
    if (this.last) this.showStatus(...this.last);
  }

  // Where every box has gone (each part has its words now), a button alone would promise something; but a quick form
  // may be its button. What goes takes no focus with it; what comes back has not been answered.
  drawForm() {
    const asks = this.controls.listAll().length || (this.model.get("quick") && this.model.get("button"));
    if (this.form.el.hidden === !asks) return;
    const held = findFocused(this.form.el);
    this.form.el.hidden = !asks;
    if (asks && this.last?.[0] === "shared") this.showStatus("");
    else if (held) this.done.focus();
  }

  // Where the question is not the page's own, the button stands in place of its heading.
  drawOpener() {
    const get = (name) => this.model.get(name);
    const { button } = this.opener;
    if (needsRedraw(this.openerPlace, [this.isOpenerHeading(), get("level")])) {
      const held = findFocused(this.openerPlace);
      button.id = this.isOpenerHeading() ? this.headingId : newId("opener");
      const heading = this.isOpenerHeading() ? createHeading(get("level"), "", { class: "cw-opener-h" }) : null;
      heading?.append(button);
      this.openerPlace.replaceChildren(heading || button);
      held?.focus();
    }
    this.opener.setName(this.form.el.hidden ? "" : get("opener"));
    this.openerPlace.hidden = button.hidden;
    if (get("opened") && !this.led) this.opener.setOpen(true);
    this.led = get("opened");
    // Where a link has led to this form and not to a card, its reader is brought here (shell.js).
    this.el.toggleAttribute("data-led", Boolean(this.led && this.isOpenerHeading()));
    this.drawOpen();
  }

  isOpenerHeading() {
    return Boolean(this.model.get("opener")) && this.model.get("level") > 1;
  }

  // One filled button: closed it is this one, unless another act of the page matters more.
  drawOpen() {
    const { isOpen, button } = this.opener;
    button.classList.toggle("cw-second", isOpen || Boolean(this.model.get("quiet_button")));
    this.head.hidden = this.isOpenerHeading() && !isOpen;
  }

  handleOpener(open) {
    this.drawOpen();
    if (open) this.form.focusFirst();
  }

  openForm() {
    this.opener.setOpen(true);
    this.drawOpen();
  }

  // Shared, and nothing new begun: the next form is opened by whoever wants it.
  closeForm() {
    if (!this.model.get("opener") || this.controls.hasContent(this.controls.readDraft())) return;
    const held = findFocused(this.content);
    this.opener.setOpen(Boolean(this.model.get("opened")));
    this.drawOpen();
    if (held && !this.opener.isOpen) this.done.focus();
  }

  drawHead() {
    const get = (name) => this.model.get(name);
    const asked = this.isOpenerHeading() ? "" : get("question");
    if (!needsRedraw(this.head, [asked, ...HEAD_TRAITS.map(get)])) return;
    const open = Boolean(this.head.querySelector("details[open]"));
    const focused = findFocused(this.head)?.localName;
    const { mean, first } = { mean: get("mean") || {}, first: get("first") || {} };
    setChildren(
      this.head,
      createEyebrow(get("eyebrow"), get("wheel"), get("half")),
      asked ? createHeading(get("level"), asked, { id: this.headingId }) : null,
      get("hint") ? h("p", { class: "cw-hint" }, get("hint")) : null,
      mean.h ? createDetails(mean.h, h("div", { class: "cw-inset" }, createParagraphs(mean.lines))) : null,
      first.text ? this.drawFirst(first) : null,
    );
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
    this.form.update(Object.fromEntries(CONTROL_TRAITS.map((name) => [name, get(name)])), get("question") ? this.headingId : this.form.button.id);
    const controls = this.form.listAsked();
    reorderChildren(this.body, controls.filter((box) => !box.spec.fold).map((box) => box.el));
    reorderChildren(this.foldBody, controls.filter((box) => box.spec.fold).map((box) => box.el));
    setText(this.foldName, get("fold_h") || "");
    this.fold.hidden = !this.foldBody.childElementCount;
  }

  handleChange() {
    if (this.last?.[0] === "shared") this.showStatus(""); // it was about the words before these
  }

  restoreDraft() {
    this.form.restoreDraft();
    if (this.controls.hasContent(this.controls.readDraft())) this.openForm();
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

  submit() {
    if (this.busy || !this.form.isValid(!this.model.get("quick"))) return;
    const get = (name) => this.model.get(name);
    setText(this.form.error, "");
    const item = createSubmission(this.model, { box: get("box"), kind: get("kind"), about: get("about"), ...this.controls.readValues() });
    if (get("quick")) {
      this.submitQuick(item);
      return;
    }
    outbox.enqueue(this.model, item); // on the device first, then out of the box
    this.clearForm();
    this.showStatus("common.sharing");
    if (document.activeElement !== this.form.button) this.controls.listFields()[0]?.focus();
  }

  clearForm() {
    this.controls.clear();
    this.form.removeDraft();
  }

  /**
   * @param {OutboxEvent} what
   * @param {Submission} item
   * @param {Answer} message of the kernel, where it has answered
   */
  handleOutboxEvent(what, item, message) {
    if (what === "shared") {
      const left = outbox.listWaiting(this.model).filter((other) => other.box === item.box).length;
      if (left) this.showStatus("late");
      else this.showStatus("shared", message.note);
      if (!left) this.closeForm();
    } else if (what === "refused") {
      this.restoreDraft();
      this.openForm();
      this.form.showRefusal(message);
      this.showStatus("");
    } else if (what === "failed") {
      this.showStatus("late", message.message);
    } else if (what === "late") {
      this.showStatus("late");
    }
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
    if (needsRedraw(this.kept, texts)) setChildren(this.kept, texts.map((t) => h("p", { class: "cw-typed", dir: "auto" }, toOneLine(t, 280))));
  }

  // Quick forms ---------------------------------------------------------------------------------------

  /** @param {Submission} item */
  submitQuick(item) {
    const of = JSON.stringify([item.fields, item.choices]);
    // The same words keep their id across presses and reloads; other words are another act.
    const { handedIn } = this.form;
    if (handedIn.id && handedIn.of === of) item.id = handedIn.id;
    const secret = this.controls.listAll().some((box) => box.spec.keep === false);
    if (!secret) this.form.handedIn = { id: item.id, of };
    this.form.save();
    this.busy = item.id;
    this.setBusy(true);
    this.showStatus("common.sharing");
    this.sendQuick(item);
    clearInterval(this.again);
    this.again = setInterval(() => this.sendQuick(item), RESEND_MS);
  }

  /** @param {Submission} item */
  sendQuick(item) {
    if (outbox.isConnected(this.model)) trySend(this.model, { do: "share", item });
  }

  setBusy(busy) {
    setOrRemoveAttribute(this.form.button, "aria-disabled", busy && "true");
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
    if (message.done === "shared") {
      this.clearForm();
      this.showStatus("shared", message.note);
      return;
    }
    this.form.handedIn = {};
    this.form.save();
    this.showStatus("");
    this.form.showRefusal(/** @type {Answer} */ (message));
  }
}

const CONTROL_TRAITS = ["fields", "choices", "picks", "button", "seen", "seen_by_choice", "button_by_choice"];
const HEAD_TRAITS = ["opener", "eyebrow", "wheel", "half", "question", "level", "hint", "mean", "first"];
const FORM_TRAITS = ["lang", "words", ...HEAD_TRAITS, ...CONTROL_TRAITS, "fold_h", "done", "quiet_button", "opened"];

export default {
  /** @param {View<FormTraits>} view */
  render(view) {
    new FormView(view);
  },
};
