// Pictures of a list: fetched when they come near the screen, as bytes in a message, and let go when their card
// goes. No address leads to them, so nobody can pass one on who may not see it.

const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp"];
const NEAR = "600px";
const LONGEST_MS = 60000;

class Pictures {
  constructor(model, signal) {
    this.model = model;
    this.all = new Map(); // id -> {frame, image, url, wanted, tries, next}
    this.watcher = new IntersectionObserver((seen) => this.near(seen), { rootMargin: NEAR });
    model.on("msg:custom", (message, buffers) => this.arrived(message || {}, buffers || []));
    window.addEventListener("beforeprint", () => [...this.all.keys()].forEach((id) => this.want(id)), { signal });
    signal.addEventListener("abort", () => this.end());
  }

  // The same node for the same picture, however often its card is drawn again.
  frame({ id, alt }) {
    let one = this.all.get(id);
    if (!one) {
      const image = h("img", { hidden: true, decoding: "async", onerror: () => this.broken(id) });
      const words = h("p", { class: "cw-hint" });
      one = { image, words, frame: h("div", { class: "cw-frame" }, image, words), tries: 0, next: 0 };
      one.frame.dataset.picture = id;
      this.all.set(id, one);
      this.watcher.observe(one.frame);
    }
    one.image.alt = alt || "";
    tell(one.words, alt || "");
    return one.frame;
  }

  near(seen) {
    for (const { target, isIntersecting } of seen) if (isIntersecting) this.want(target.dataset.picture);
  }

  want(id) {
    const one = this.all.get(id);
    if (!one) return;
    one.wanted = true;
    this.tick();
  }

  // Asked again until it comes: after a lost connection at once, otherwise at growing distances.
  tick() {
    clearTimeout(this.timer);
    const open = [...this.all].filter(([, one]) => one.wanted && !one.url);
    const connected = outbox.isConnected(this.model);
    const now = Date.now();
    for (const [id, one] of open) {
      if (connected && !this.wasConnected) one.next = 0;
      if (!connected || now < one.next) continue;
      one.next = now + Math.min(LONGEST_MS, AGAIN_MS * 2 ** one.tries);
      one.tries += 1;
      try {
        this.model.send({ do: "image", id });
      } catch {
        // a closed comm: asked again in a while
      }
    }
    this.wasConnected = connected;
    this.timer = open.length ? setTimeout(() => this.tick(), 1000) : null;
  }

  arrived({ image: id, type }, buffers) {
    const one = this.all.get(id);
    if (!one || one.url || !buffers.length || !PICTURE_TYPES.includes(type)) return;
    one.url = URL.createObjectURL(new Blob([buffers[0]], { type }));
    one.image.src = one.url;
    one.image.hidden = false;
    one.words.hidden = true;
    this.watcher.unobserve(one.frame);
  }

  // What is no picture after all: its words stand in its place.
  broken(id) {
    const one = this.all.get(id);
    if (!one) return;
    one.image.hidden = true;
    one.words.hidden = false;
  }

  // Only these are still shown; the bytes of the others are let go (a picture may have been taken back).
  keep(ids) {
    for (const [id, one] of this.all) {
      if (ids.has(id)) continue;
      this.watcher.unobserve(one.frame);
      if (one.url) URL.revokeObjectURL(one.url);
      one.image.removeAttribute("src");
      this.all.delete(id);
    }
  }

  end() {
    clearTimeout(this.timer);
    this.watcher.disconnect();
    this.keep(new Set());
  }
}
