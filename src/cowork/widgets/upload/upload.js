// A file on its way, a piece at a time. The next piece goes when the one before it has been answered: so a lost
// connection costs one piece, and neither side ever holds the file twice. Sending a piece again is harmless.

import { ControlHead } from "../form/control_head.js";
import { createRoot, fill, h, setText, watchTraits } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId, newUuid } from "../runtime/ids.js";
import { trySend } from "../runtime/send.js";
import { MAX_SOURCE_BYTES, resizeImage } from "./resize_image.js";

/** @import { MessageFromKernel, Model, UploadTraits, View } from "../types.js" */

const PIECE_BYTES = 256 * 1024;
const MEGABYTE = 1024 * 1024;
const PIECE_WAIT_MS = 8000; // a piece needs this long on a slow line; then it is sent again, each time more patiently
const MAX_PIECE_WAIT_MS = 30000;
const CHECK_MS = 1000;

/** @param {Model<UploadTraits>} model */
function isConnected(model) {
  return globalThis.coworkOutbox?.isConnected(model) ?? true;
}

class UploadView {
  /** @param {View<UploadTraits>} view */
  constructor({ model, el, signal }) {
    this.model = model;
    this.signal = signal;
    /** @type {{id: string, blob: Blob, name: string, sent: number, tries: number} | null} */
    this.job = null; // the file that is on its way
    this.turn = 0; // a choice made while the one before is still being prepared takes its place
    this.el = createRoot(el, model, "upload");
    const id = newId("upload");
    this.input = h("input", { id, type: "file", onchange: () => this.handleFile() });
    this.head = new ControlHead(id, h("label", { for: id, class: "cw-label" }), this.input);
    this.bar = h("progress", { max: 100, value: 0, "aria-labelledby": `${id}-words` });
    this.words = h("p", { id: `${id}-words`, role: "status", class: "cw-upload-words", dir: "auto" });
    this.cancel = h("button", { type: "button", class: "cw-second", onclick: () => this.cancelUpload() });
    this.again = h("button", { type: "button", class: "cw-second", onclick: () => this.kept && this.startUpload(this.kept) });
    this.row = h("div", { class: "cw-row" }, this.cancel, this.again);
    this.foldName = h("summary", {});
    const all = [this.head.nodes, this.input, this.words, this.bar, this.row];
    fill(this.el, {}, this.model.get("fold") ? [h("details", {}, this.foldName, all)] : all);
    this.showState(null);
    this.draw();
    watchTraits(model, ["lang", "words", "label", "hint", "fold", "accept", "image"], () => this.draw());
    model.on("msg:custom", (message) => this.handleMessage(message || {}));
    signal.addEventListener("abort", () => this.stop());
    // A new line: whatever was on the old one is lost, and is sent again at the next look.
    window.addEventListener("cowork:joined", () => (this.lost = true), { signal });
  }

  draw() {
    const get = (name) => this.model.get(name);
    setText(this.foldName, get("fold"));
    this.head.update(get("label"), get("hint"));
    this.input.accept = get("accept") || (get("image") ? "image/*" : "");
    setText(this.cancel, t(this.model, "upload.cancel"));
    setText(this.again, t(this.model, "upload.again"));
  }

  // What stands under the box: "busy", "again", or null. A control that goes takes no focus with it.
  showState(state, good = false) {
    const held = [this.cancel, this.again].find((button) => button === document.activeElement);
    this.bar.hidden = this.cancel.hidden = state !== "busy";
    this.again.hidden = state !== "again";
    this.row.hidden = !state;
    this.words.classList.toggle("cw-good", good);
    if (held && (held.hidden || this.row.hidden)) (state === "again" ? this.again : this.input).focus();
  }

  // Choosing -----------------------------------------------------------------------------------------

  async handleFile() {
    const file = this.input.files?.[0];
    if (!file) return;
    this.stop();
    this.turn += 1;
    const turn = this.turn;
    this.head.showError("");
    setText(this.words, "");
    this.showState(null);
    const image = this.model.get("image");
    /** @type {Blob | null} */
    let blob = file;
    let name = file.name;
    if (image && file.size <= MAX_SOURCE_BYTES) {
      setText(this.words, t(this.model, "upload.preparing"));
      blob = await resizeImage(file, this.model.get("longest_side"));
      if (turn !== this.turn || this.signal.aborted) return;
      if (!blob) return this.refuseFile(t(this.model, "error.picture_kind"));
      name = `${name.replace(/\.[^.]*$/, "")}.jpg`;
    }
    const fault = this.describeSizeFault(blob, image);
    if (fault) this.refuseFile(fault);
    else this.startUpload({ blob, name });
  }

  // A photo may be large as long as it lies on the device; what leaves it may not.
  describeSizeFault(blob, image) {
    const most = this.model.get("largest");
    const source = image && blob.size > MAX_SOURCE_BYTES;
    if (blob.size <= most && !source) return "";
    const limit = Math.floor((source ? MAX_SOURCE_BYTES : most) / MEGABYTE) || 1;
    if (image) return t(this.model, "error.picture_big", { n: limit });
    return t(this.model, "import.too_big", { n: Math.ceil(blob.size / MEGABYTE), limit });
  }

  refuseFile(message) {
    this.input.value = ""; // or the same file, mended, could not be chosen again
    setText(this.words, "");
    this.showState(null);
    this.head.showError(message);
  }

  // Sending ------------------------------------------------------------------------------------------

  /** @param {{blob: Blob, name: string}} file */
  startUpload(file) {
    this.kept = file;
    this.head.showError("");
    this.job = { ...file, id: newUuid(), sent: 0, tries: 0 };
    this.toldAt = -1;
    this.showState("busy");
    this.showProgress();
    this.sendPiece(0);
  }

  async sendPiece(at) {
    const job = this.job;
    if (!job) return;
    clearTimeout(this.timer);
    job.sent = at;
    let piece;
    try {
      piece = await job.blob.slice(at, at + PIECE_BYTES).arrayBuffer();
    } catch {
      if (job === this.job) this.finish("failed", {}); // the file is gone from the device, or was changed
      return;
    }
    if (job !== this.job || job.sent !== at) return;
    this.scheduleCheck(Math.min(PIECE_WAIT_MS * 2 ** job.tries, MAX_PIECE_WAIT_MS));
    this.lost = !isConnected(this.model);
    if (this.lost) return;
    const name = Array.from(job.name).slice(-200).join("");
    trySend(this.model, { do: "piece", id: job.id, name, size: job.blob.size, at }, [piece]);
  }

  // No answer yet. While the connection is known to be lost nothing is sent: the socket would keep every try.
  scheduleCheck(left) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.job) return;
      window.dispatchEvent(new Event("cowork:late")); // is the kernel there at all? (connection_monitor.js)
      if (!isConnected(this.model)) {
        this.lost = true;
        setText(this.words, t(this.model, "upload.waiting"));
        this.scheduleCheck(left);
      } else if (this.lost || left <= CHECK_MS) {
        // A line that was gone says nothing about the one there is now: patience begins anew.
        this.job.tries = this.lost ? 0 : this.job.tries + 1;
        if (this.lost) this.toldAt = -1; // say again how far it has come
        this.showProgress();
        this.sendPiece(this.job.sent);
      } else this.scheduleCheck(left - CHECK_MS);
    }, CHECK_MS);
  }

  /** @param {MessageFromKernel} message */
  handleMessage(message) {
    const job = this.job;
    if (!job || message.id !== job.id) return;
    if (message.done) {
      this.finish(message.done, message);
      return;
    }
    // The answer to a piece that was sent twice comes twice: the piece it asks for is on its way.
    const got = message.got ?? -1;
    if (!Number.isInteger(got) || got < 0 || got === job.sent) return;
    job.tries = 0;
    this.sendPiece(Math.min(got, job.blob.size));
    this.showProgress();
  }

  // The bar moves with each piece; words only at quarters, or a screen reader would speak without an end.
  showProgress() {
    if (!this.job) return;
    const { sent, blob, name } = this.job;
    const percent = blob.size ? Math.floor((100 * sent) / blob.size) : 0;
    this.bar.value = percent;
    const quarter = Math.floor(percent / 25);
    if (quarter === this.toldAt) return;
    this.toldAt = quarter;
    setText(this.words, t(this.model, "upload.sending", { name, n: percent }));
  }

  /** @param {string} what @param {MessageFromKernel} answer */
  finish(what, { message, note }) {
    if (!this.job) return;
    const { name } = this.job;
    clearTimeout(this.timer);
    /** @type {{id: string, blob: Blob, name: string, sent: number, tries: number} | null} */
    this.job = null;
    if (what === "refused") {
      this.refuseFile(String(message || ""));
      return;
    }
    const key = { shared: "upload.here", stopped: "upload.stopped" }[what] || "upload.failed";
    setText(this.words, note || t(this.model, key, { name }));
    if (key === "upload.failed") {
      this.showState("again");
      return;
    }
    this.kept = null;
    this.input.value = "";
    this.showState(null, key === "upload.here");
  }

  cancelUpload() {
    this.stop();
    this.input.value = "";
    setText(this.words, t(this.model, "upload.stopped"));
    this.showState(null);
  }

  // Leave nothing behind: no timer here, no half of a file in the kernel.
  stop() {
    clearTimeout(this.timer);
    this.turn += 1;
    const job = this.job;
    this.job = this.kept = null;
    if (job) trySend(this.model, { do: "cancel", id: job.id });
  }
}

export default {
  /** @param {View<UploadTraits>} view */
  render(view) {
    new UploadView(view);
  },
};
