// Pictures of a list: fetched when they come near the screen, as bytes in a message, and let go when their card
// goes. No address leads to them, so nobody can pass one on who may not see it.

import { h, setText } from "../runtime/dom.js";
import { outbox, RESEND_MS } from "../runtime/outbox.js";
import { trySend } from "../runtime/send.js";

/** @import { CardListTraits, MessageFromKernel, Model, ShownImage } from "../types.js" */

const IMAGE_TYPES = ["image/jpeg", "image/png", "image/webp"];
const LOAD_MARGIN = "600px";
const MAX_IMAGE_WAIT_MS = 60000;

export class CardImages {
  /** @param {Model<CardListTraits>} model @param {AbortSignal} signal */
  constructor(model, signal) {
    this.model = model;
    /** @type {any} */
    this.timer = null;
    /** @type {Map<string, ShownImage>} */
    this.images = new Map();
    this.watcher = new IntersectionObserver((seen) => this.handleIntersections(seen), { rootMargin: LOAD_MARGIN });
    model.on("msg:custom", (message, buffers) => this.handleMessage(message || {}, buffers || []));
    window.addEventListener("beforeprint", () => [...this.images.keys()].forEach((id) => this.requestImage(id)), { signal });
    signal.addEventListener("abort", () => this.destroy());
  }

  /**
   * The same node for the same picture, however often its card is drawn again.
   * @param {{id: string, alt?: string}} picture
   */
  getFrame({ id, alt }) {
    let one = this.images.get(id);
    if (!one) {
      const image = h("img", { hidden: true, decoding: "async", onerror: () => this.showAlternative(id) });
      const words = h("p", { class: "cw-hint" });
      one = { image, words, frame: h("div", { class: "cw-frame" }, image, words), tries: 0, next: 0 };
      one.frame.dataset.picture = id;
      this.images.set(id, one);
      this.watcher.observe(one.frame);
    }
    one.image.alt = alt || "";
    setText(one.words, alt || "");
    return one.frame;
  }

  handleIntersections(seen) {
    for (const { target, isIntersecting } of seen) if (isIntersecting) this.requestImage(target.dataset.picture);
  }

  /** @param {string} id */
  requestImage(id) {
    const one = this.images.get(id);
    if (!one) return;
    one.wanted = true;
    this.requestWanted();
  }

  // Asked again until it comes: after a lost connection at once, otherwise at growing distances.
  requestWanted() {
    clearTimeout(this.timer);
    const open = [...this.images].filter(([, one]) => one.wanted && !one.url);
    const connected = outbox.isConnected(this.model);
    const now = Date.now();
    for (const [id, one] of open) {
      if (connected && !this.wasConnected) one.next = 0;
      if (!connected || now < one.next) continue;
      one.next = now + Math.min(MAX_IMAGE_WAIT_MS, RESEND_MS * 2 ** one.tries);
      one.tries += 1;
      trySend(this.model, { do: "image", id });
    }
    this.wasConnected = connected;
    this.timer = open.length ? setTimeout(() => this.requestWanted(), 1000) : null;
  }

  /** @param {MessageFromKernel} message @param {DataView[]} buffers */
  handleMessage({ image: id, type }, buffers) {
    const one = this.images.get(id || "");
    if (!one || one.url || !buffers.length || !IMAGE_TYPES.includes(type || "")) return;
    one.url = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (buffers[0])], { type }));
    one.image.src = one.url;
    one.image.hidden = false;
    one.words.hidden = true;
    this.watcher.unobserve(one.frame);
  }

  // What is no picture after all: its words stand in its place.
  showAlternative(id) {
    const one = this.images.get(id);
    if (!one) return;
    one.image.hidden = true;
    one.words.hidden = false;
  }

  // Only these are still shown; the bytes of the others are let go (a picture may have been taken back).
  keepOnly(ids) {
    for (const [id, one] of this.images) {
      if (ids.has(id)) continue;
      this.watcher.unobserve(one.frame);
      if (one.url) URL.revokeObjectURL(one.url);
      one.image.removeAttribute("src");
      this.images.delete(id);
    }
  }

  destroy() {
    clearTimeout(this.timer);
    this.watcher.disconnect();
    this.keepOnly(new Set());
  }
}
