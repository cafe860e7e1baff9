// A file on its way, a piece at a time. The next piece goes when the one before it has been answered: so a lost
// connection costs one piece, and neither side ever holds the file twice. Sending a piece again is harmless.

const PIECE = 256 * 1024;
const MEGABYTE = 1024 * 1024;
const WAIT_MS = 8000; // a piece needs this long on a slow line; then it is sent again, each time more patiently
const LONGEST_WAIT_MS = 30000;
const LOOK_MS = 1000;

function connected(model) {
  return globalThis.coworkOutbox?.isConnected(model) ?? true;
}

class Upload {
  constructor(model, el, signal) {
    Object.assign(this, { model, signal });
    this.job = null; // {id, name, blob, sent, tries}: the file that is on its way
    this.turn = 0; // a choice made while the one before is still being prepared takes its place
    this.el = root(el, model, "upload");
    this.frame();
    this.draw();
    watch(model, ["lang", "words", "label", "hint", "fold", "accept", "image"], () => this.draw());
    model.on("msg:custom", (message) => this.told(message || {}));
    signal.addEventListener("abort", () => this.stop());
    // A new line: whatever was on the old one is lost, and is sent again at the next look.
    window.addEventListener("cowork:joined", () => (this.lost = true), { signal });
  }

  frame() {
    const id = newId("upload");
    this.label = h("label", { for: id, class: "cw-label" });
    this.hint = h("p", { id: `${id}-hint`, class: "cw-hint" });
    this.error = h("p", { id: `${id}-error`, class: "cw-error", role: "alert" });
    this.input = h("input", { id, type: "file", onchange: () => this.chosen() });
    this.bar = h("progress", { max: 100, value: 0, "aria-labelledby": `${id}-words` });
    this.words = h("p", { id: `${id}-words`, role: "status", class: "cw-upload-words", dir: "auto" });
    this.cancel = h("button", { type: "button", class: "cw-second", onclick: () => this.cancelled() });
    this.again = h("button", { type: "button", class: "cw-second", onclick: () => this.start(this.kept) });
    this.row = h("div", { class: "cw-row" }, this.cancel, this.again);
    this.foldName = h("summary", {});
    const all = [this.label, this.hint, this.error, this.input, this.words, this.bar, this.row];
    fill(this.el, {}, this.model.get("fold") ? [h("details", {}, this.foldName, all)] : all);
    this.show(null);
  }

  draw() {
    const get = (name) => this.model.get(name);
    this.el.lang = tagOf(get("lang"));
    tell(this.foldName, get("fold"));
    tell(this.label, get("label"));
    tell(this.hint, get("hint"));
    this.hint.hidden = !get("hint");
    this.input.accept = get("accept") || (get("image") ? "image/*" : "");
    tell(this.cancel, say(this.model, "upload.cancel"));
    tell(this.again, say(this.model, "upload.again"));
    this.describe();
  }

  describe() {
    const by = [this.error.textContent && this.error.id, this.model.get("hint") && this.hint.id].filter(Boolean);
    if (by.length) this.input.setAttribute("aria-describedby", by.join(" "));
    else this.input.removeAttribute("aria-describedby");
  }

  fail(message) {
    tell(this.error, message);
    this.el.classList.toggle("cw-bad", Boolean(message));
    if (message) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
    this.describe();
  }

  // What stands under the box: "busy", "again", or null. A control that goes takes no focus with it.
  show(state, good = false) {
    const held = [this.cancel, this.again].find((button) => button === document.activeElement);
    this.bar.hidden = this.cancel.hidden = state !== "busy";
    this.again.hidden = state !== "again";
    this.row.hidden = !state;
    this.words.classList.toggle("cw-good", good);
    if (held && (held.hidden || this.row.hidden)) (state === "again" ? this.again : this.input).focus();
  }

  // Choosing -----------------------------------------------------------------------------------------

  async chosen() {
    const file = this.input.files[0];
    if (!file) return;
    this.stop();
    this.turn += 1;
    const turn = this.turn;
    this.fail("");
    tell(this.words, "");
    this.show(null);
    const image = this.model.get("image");
    let blob = file;
    let name = file.name;
    if (image && file.size <= MOST_SOURCE) {
      tell(this.words, say(this.model, "upload.preparing"));
      blob = await shrink(file, this.model.get("longest_side"));
      if (turn !== this.turn || this.signal.aborted) return;
      if (!blob) return this.refuse(say(this.model, "error.picture_kind"));
      name = `${name.replace(/\.[^.]*$/, "")}.jpg`;
    }
    const fault = this.tooLarge(blob, image);
    if (fault) this.refuse(fault);
    else this.start({ blob, name });
  }

  // A photo may be large as long as it lies on the device; what leaves it may not.
  tooLarge(blob, image) {
    const most = this.model.get("largest");
    const source = image && blob.size > MOST_SOURCE;
    if (blob.size <= most && !source) return "";
    const limit = Math.floor((source ? MOST_SOURCE : most) / MEGABYTE) || 1;
    if (image) return say(this.model, "error.picture_big", { n: limit });
    return say(this.model, "import.too_big", { n: Math.ceil(blob.size / MEGABYTE), limit });
  }

  refuse(message) {
    this.input.value = ""; // or the same file, mended, could not be chosen again
    tell(this.words, "");
    this.show(null);
    this.fail(message);
  }

  // Sending ------------------------------------------------------------------------------------------

  start(file) {
    this.kept = file;
    this.fail("");
    this.job = { ...file, id: newUuid(), sent: 0, tries: 0 };
    this.toldAt = -1;
    this.show("busy");
    this.progress();
    this.sendFrom(0);
  }

  async sendFrom(at) {
    const job = this.job;
    clearTimeout(this.timer);
    job.sent = at;
    let piece;
    try {
      piece = await job.blob.slice(at, at + PIECE).arrayBuffer();
    } catch {
      if (job === this.job) this.ended("failed", {}); // the file is gone from the device, or was changed
      return;
    }
    if (job !== this.job || job.sent !== at) return;
    this.look(Math.min(WAIT_MS * 2 ** job.tries, LONGEST_WAIT_MS));
    this.lost = !connected(this.model);
    if (this.lost) return;
    try {
      const name = Array.from(job.name).slice(-200).join("");
      this.model.send({ do: "piece", id: job.id, name, size: job.blob.size, at }, undefined, [piece]);
    } catch {
      // a closed comm or no kernel: it is tried again
    }
  }

  // No answer yet. While the connection is known to be lost nothing is sent: the socket would keep every try.
  look(left) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      window.dispatchEvent(new Event("cowork:late")); // is the kernel there at all? (beat.js)
      if (!connected(this.model)) {
        this.lost = true;
        tell(this.words, say(this.model, "upload.waiting"));
        this.look(left);
      } else if (this.lost || left <= LOOK_MS) {
        // A line that was gone says nothing about the one there is now: patience begins anew.
        this.job.tries = this.lost ? 0 : this.job.tries + 1;
        if (this.lost) this.toldAt = -1; // say again how far it has come
        this.progress();
        this.sendFrom(this.job.sent);
      } else this.look(left - LOOK_MS);
    }, LOOK_MS);
  }

  told(message) {
    const job = this.job;
    if (!job || message.id !== job.id) return;
    if (message.done) {
      this.ended(message.done, message);
      return;
    }
    // The answer to a piece that was sent twice comes twice: the piece it asks for is on its way.
    if (!Number.isInteger(message.got) || message.got < 0 || message.got === job.sent) return;
    job.tries = 0;
    this.sendFrom(Math.min(message.got, job.blob.size));
    this.progress();
  }

  // The bar moves with each piece; words only at quarters, or a screen reader would speak without an end.
  progress() {
    const { sent, blob, name } = this.job;
    const percent = blob.size ? Math.floor((100 * sent) / blob.size) : 0;
    this.bar.value = percent;
    const quarter = Math.floor(percent / 25);
    if (quarter === this.toldAt) return;
    this.toldAt = quarter;
    tell(this.words, say(this.model, "upload.sending", { name, n: percent }));
  }

  ended(what, { message, note }) {
    const { name } = this.job;
    clearTimeout(this.timer);
    this.job = null;
    if (what === "refused") {
      this.refuse(String(message || ""));
      return;
    }
    const key = { shared: "upload.here", stopped: "upload.stopped" }[what] || "upload.failed";
    tell(this.words, note || say(this.model, key, { name }));
    if (key === "upload.failed") {
      this.show("again");
      return;
    }
    this.kept = null;
    this.input.value = "";
    this.show(null, key === "upload.here");
  }

  cancelled() {
    this.stop();
    this.input.value = "";
    tell(this.words, say(this.model, "upload.stopped"));
    this.show(null);
  }

  // Leave nothing behind: no timer here, no half of a file in the kernel.
  stop() {
    clearTimeout(this.timer);
    this.turn += 1;
    const job = this.job;
    this.job = this.kept = null;
    if (!job) return;
    try {
      this.model.send({ do: "cancel", id: job.id });
    } catch {
      // nobody to tell
    }
  }
}

export default {
  render({ model, el, signal }) {
    new Upload(model, el, signal);
  },
};
