// A made document, read before it leaves. It comes as bytes and stays bytes: what is saved is what was made, and
// what is read is the same in a frame where nothing runs and from which nothing is asked.

const PATIENCE_MS = 20000;

// A frame without an address of its own takes a place in the document for one in the page around it, and would
// load that page into itself. Every other link asks for a window, which the frame is not given: it stays closed.
function atItsPlace(html) {
  const placed = html.replace(/<a\b([^>]*?)\shref="#/g, '<a$1 target="_self" href="about:srcdoc#');
  return placed.replace(/<head\b[^>]*>/i, '$&<base target="_blank">');
}

class Paper {
  constructor(model, el, signal) {
    Object.assign(this, { model, signal });
    this.data = null; // the document, as bytes
    this.el = root(el, model, "paper");
    this.frame();
    this.draw();
    watch(model, ["lang", "words", "heading", "level", "hint", "leaves", "made", "file"], () => this.draw());
    model.on("msg:custom", (message, buffers) => this.told(message || {}, buffers || []));
    signal.addEventListener("abort", () => {
      clearTimeout(this.patience);
      if (this.box.open) this.box.close();
    });
    // Drawn anew, while the kernel still holds it.
    if (model.get("made")) model.send({ do: "fetch" });
  }

  frame() {
    this.titleBox = h("div", {});
    this.hint = h("p", { class: "cw-hint" });
    this.read = h("button", { type: "button", onclick: () => this.press() });
    this.words = h("p", { role: "status", class: "cw-paper-words" });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.view = h("div", { class: "cw-paper-view" });
    this.print = h("button", { type: "button", onclick: () => this.ask() });
    this.save = h("div", { class: "cw-row", hidden: true }, this.print);
    const id = newId("leave");
    this.leaveTitle = h("h2", { id });
    this.leaveHint = h("p", {});
    this.no = h("button", { type: "button", class: "cw-second", onclick: () => this.box.close() });
    this.yes = h("button", { type: "button", onclick: () => this.leave() });
    const answers = h("div", { class: "cw-row" }, this.no, this.yes);
    const attrs = { "aria-labelledby": id, onclose: () => this.print.focus() };
    this.box = asDialog(h("dialog", attrs, this.leaveTitle, this.leaveHint, answers));
    this.el.append(this.titleBox, this.hint, h("div", { class: "cw-row" }, this.read), this.error, this.words, this.view, this.save, this.box);
  }

  draw() {
    const get = (name) => this.model.get(name);
    this.el.lang = tagOf(get("lang"));
    const title = get("heading");
    if (this.titleShape !== get("level")) this.titleBox.replaceChildren(heading(get("level"), ""));
    this.titleShape = get("level");
    tell(this.titleBox.firstChild, title);
    this.titleBox.hidden = !title;
    tell(this.hint, get("hint"));
    this.hint.hidden = !get("hint");
    tell(this.read, say(this.model, "report.button.read"));
    tell(this.print, say(this.model, "report.button.print"));
    tell(this.leaveTitle, say(this.model, "report.leave.h"));
    tell(this.leaveHint, say(this.model, "report.leave.hint"));
    tell(this.no, say(this.model, "report.leave.no"));
    tell(this.yes, say(this.model, "report.leave.yes"));
    if (this.sheet) this.sheet.title = title || say(this.model, "report.link");
    if (!get("made") && this.data) this.empty();
    this.save.hidden = !this.data || !get("leaves");
    this.standOut();
  }

  // One button is what comes next: reading it, and once it is here, taking it along.
  standOut() {
    this.read.classList.toggle("cw-second", Boolean(this.data));
  }

  press() {
    if (this.busy) return;
    this.wait(true);
    tell(this.error, "");
    tell(this.words, say(this.model, "report.making"));
    this.model.send({ do: "read" });
  }

  wait(busy) {
    this.busy = busy;
    clearTimeout(this.patience);
    // Should the answer be lost on the way, the button comes back.
    if (busy) this.patience = setTimeout(() => this.wait(false), PATIENCE_MS);
    if (busy) this.read.setAttribute("aria-disabled", "true");
    else this.read.removeAttribute("aria-disabled");
  }

  told(message, buffers) {
    if (message.done === "refused" || message.done === "failed") tell(this.error, String(message.message || ""));
    else if (typeof message.paper === "string" && buffers.length) this.show(buffers[0]);
    else if (message.did && this.busy) {
      this.wait(false); // it was tried, and there is nothing to show
      tell(this.words, "");
    }
  }

  show(buffer) {
    // A copy: the buffer belongs to the message it came with.
    this.data = new Uint8Array(new Uint8Array(buffer.buffer ?? buffer, buffer.byteOffset ?? 0, buffer.byteLength));
    const title = this.model.get("heading") || say(this.model, "report.link");
    // sandbox with nothing in it: no script, no form, no new window, and no way to this page.
    const sheet = h("iframe", { sandbox: "", title, referrerpolicy: "no-referrer" });
    sheet.srcdoc = atItsPlace(new TextDecoder().decode(this.data));
    this.sheet = sheet;
    this.view.replaceChildren(sheet);
    this.save.hidden = !this.model.get("leaves");
    this.standOut();
    this.wait(false);
    tell(this.error, "");
    tell(this.words, say(this.model, "report.here"));
  }

  empty() {
    this.data = this.sheet = null;
    if (this.box.open) this.box.close();
    this.view.replaceChildren();
    this.save.hidden = true;
    tell(this.words, "");
  }

  ask() {
    this.box.showModal();
    this.no.focus();
  }

  leave() {
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
    tell(this.words, say(this.model, "report.saved", { file }));
    this.model.send({ do: "saved" });
  }
}

export default {
  render({ model, el, signal }) {
    new Paper(model, el, signal);
  },
};
