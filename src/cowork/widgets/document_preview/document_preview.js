// A made document, read before it leaves. It comes as bytes and stays bytes: what is saved is what was made, and
// what is read is the same in a frame where nothing runs and from which nothing is asked.

import { createRoot, drawHeading, h, setOrRemoveAttribute, setText, setTextOrHide, watchTraits } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { upgradeDialog } from "../runtime/modal.js";

/** @import { DocumentTraits, MessageFromKernel, View } from "../types.js" */

const ANSWER_TIMEOUT_MS = 20000;

// A frame without an address of its own takes a place in the document for one in the page around it, and would
// load that page into itself. Every other link asks for a window, which the frame is not given: it stays closed.
function confineLinks(html) {
  const placed = html.replace(/<a\b([^>]*?)\shref="#/g, '<a$1 target="_self" href="about:srcdoc#');
  return placed.replace(/<head\b[^>]*>/i, '$&<base target="_blank">');
}

class DocumentPreview {
  /** @param {View<DocumentTraits>} view */
  constructor({ model, el, signal }) {
    this.model = model;
    this.data = null; // the document, as bytes
    this.el = createRoot(el, model, "paper");
    this.titleBox = h("div", {});
    this.hint = h("p", { class: "cw-hint" });
    this.read = h("button", { type: "button", onclick: () => this.requestDocument() });
    this.words = h("p", { role: "status", class: "cw-paper-words" });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.view = h("div", { class: "cw-paper-view" });
    this.print = h("button", { type: "button", onclick: () => this.confirmSave() });
    this.save = h("div", { class: "cw-row", hidden: true }, this.print);
    const id = newId("leave");
    this.leaveTitle = h("h2", { id });
    this.leaveHint = h("p", {});
    this.no = h("button", { type: "button", class: "cw-second", onclick: () => this.box.close() });
    this.yes = h("button", { type: "button", onclick: () => this.saveDocument() });
    const answers = h("div", { class: "cw-row" }, this.no, this.yes);
    const attrs = { "aria-labelledby": id, onclose: () => this.print.focus() };
    this.box = upgradeDialog(h("dialog", attrs, this.leaveTitle, this.leaveHint, answers));
    this.el.append(this.titleBox, this.hint, h("div", { class: "cw-row" }, this.read), this.error, this.words, this.view, this.save, this.box);
    this.draw();
    watchTraits(model, ["lang", "words", "heading", "level", "hint", "leaves", "made", "file"], () => this.draw());
    model.on("msg:custom", (message, buffers) => this.handleMessage(message || {}, buffers || []));
    signal.addEventListener("abort", () => {
      clearTimeout(this.patience);
      if (this.box.open) this.box.close();
    });
    // Drawn anew, while the kernel still holds it.
    if (model.get("made")) model.send({ do: "fetch" });
  }

  draw() {
    const get = (name) => this.model.get(name);
    drawHeading(this.titleBox, get("level"), get("heading"));
    setTextOrHide(this.hint, get("hint"));
    setText(this.read, t(this.model, "report.button.read"));
    setText(this.print, t(this.model, "report.button.print"));
    setText(this.leaveTitle, t(this.model, "report.leave.h"));
    setText(this.leaveHint, t(this.model, "report.leave.hint"));
    setText(this.no, t(this.model, "report.leave.no"));
    setText(this.yes, t(this.model, "report.leave.yes"));
    if (this.sheet) this.sheet.title = get("heading") || t(this.model, "report.link");
    if (!get("made") && this.data) this.removeDocument();
    this.save.hidden = !this.data || !get("leaves");
    this.markNextButton();
  }

  // One button is what comes next: reading it, and once it is here, taking it along.
  markNextButton() {
    this.read.classList.toggle("cw-second", Boolean(this.data));
  }

  requestDocument() {
    if (this.busy) return;
    this.setBusy(true);
    setText(this.error, "");
    setText(this.words, t(this.model, "report.making"));
    this.model.send({ do: "read" });
  }

  setBusy(busy) {
    this.busy = busy;
    clearTimeout(this.patience);
    // Should the answer be lost on the way, the button comes back.
    if (busy) this.patience = setTimeout(() => this.setBusy(false), ANSWER_TIMEOUT_MS);
    setOrRemoveAttribute(this.read, "aria-disabled", busy && "true");
  }

  /** @param {MessageFromKernel} message @param {DataView[]} buffers */
  handleMessage(message, buffers) {
    if (message.done === "refused" || message.done === "failed") setText(this.error, String(message.message || ""));
    else if (typeof message.paper === "string" && buffers.length) this.showDocument(buffers[0]);
    else if (message.did && this.busy) {
      this.setBusy(false); // it was tried, and there is nothing to show
      setText(this.words, "");
    }
  }

  showDocument(buffer) {
    // A copy: the buffer belongs to the message it came with.
    this.data = new Uint8Array(new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength));
    const title = this.model.get("heading") || t(this.model, "report.link");
    // sandbox with nothing in it: no script, no form, no new window, and no way to this page.
    const sheet = h("iframe", { sandbox: "", title, referrerpolicy: "no-referrer" });
    sheet.srcdoc = confineLinks(new TextDecoder().decode(this.data));
    this.sheet = sheet;
    this.view.replaceChildren(sheet);
    this.save.hidden = !this.model.get("leaves");
    this.markNextButton();
    this.setBusy(false);
    setText(this.error, "");
    setText(this.words, t(this.model, "report.here"));
  }

  removeDocument() {
    this.data = this.sheet = null;
    if (this.box.open) this.box.close();
    this.view.replaceChildren();
    this.save.hidden = true;
    setText(this.words, "");
  }

  confirmSave() {
    this.box.showModal();
    this.no.focus();
  }

  saveDocument() {
    this.box.close();
    if (!this.data) return;
    const file = this.model.get("file");
    const address = URL.createObjectURL(new Blob([this.data], { type: "text/html;charset=utf-8" }));
    const link = h("a", { href: address, download: file, hidden: true });
    this.el.append(link);
    link.click();
    link.remove();
    // Not at once: some browsers read it only after this turn.
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    setText(this.words, t(this.model, "report.saved", { file }));
    this.model.send({ do: "saved" });
  }
}

export default {
  /** @param {View<DocumentTraits>} view */
  render(view) {
    new DocumentPreview(view);
  },
};
