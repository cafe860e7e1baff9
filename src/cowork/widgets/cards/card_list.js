// What people wrote: a list of cards, a way to look for words and voices, and more on request.

const TELL_MS = 3000;
const ASKED_MS = 5000;

class Wall {
  constructor(model, el, signal) {
    Object.assign(this, { model, signal });
    this.cards = new Map();
    this.known = null; // ids seen so far; null before the first drawing
    this.fresh = 0;
    this.pictures = new Pictures(model, signal);
    this.asked = 0; // when this reader last looked for something, or asked for more, and it has not come
    this.el = root(el, model, "wall");
    this.frame();
    this.draw();
    const own = ["lang", "words", "wheel", "heading", "hint", "empty", "items", "total", "shown", "more_button", "find", "level", "dense", "talk"];
    watch(model, own, () => this.draw());
    joinOutbox(model, signal, {
      owns: (box) => box.startsWith("act:") && Boolean(this.cardOf(box)),
      heard: (what, item, message) => this.cardOf(item.box)?.acts.heard(what, item, message),
    });
    signal.addEventListener("abort", () => [this.teller, this.looker].forEach(clearTimeout));
    model.on("msg:custom", (message) => message?.cards && this.changed(message.cards, message.also || {}));
    model.send({ do: "here", again: false });
  }

  // Of a long list only what is new or other comes (`changes` in wall.py). Where that does not lead to as many cards
  // as there are, something has been missed: all, once more.
  changed({ order, changed, gone, at, n }, also) {
    for (const [name, value] of Object.entries(also)) this.model.set(name, value);
    const known = new Map([...(this.model.get("items") || []), ...changed].map((item) => [item.id, item]));
    const places = new Map(at || []);
    const ids = order || [...known.keys()].filter((id) => !gone.includes(id) && !places.has(id));
    if (!order) for (const [id, place] of at) ids.splice(place, 0, id);
    const items = ids.map((id) => known.get(id)).filter(Boolean);
    if (items.length === n) this.model.set("items", items);
    else this.model.send({ do: "here", again: true });
  }

  frame() {
    this.id = newId("wall");
    this.titleBox = h("div", { class: "cw-wall-title" });
    this.hint = h("p", { class: "cw-hint" });
    this.list = h("ol", { class: "cw-cards" });
    this.empty = h("p", { class: "cw-empty" });
    this.more = h("button", { type: "button", class: "cw-second", onclick: () => this.askMore() });
    this.spoken = h("p", { class: "cw-vh", role: "status" }); // used where no shell speaks for the page
    this.frameFind();
    this.section = h("section", { "aria-labelledby": this.id });
    this.section.append(this.titleBox, this.hint, this.empty, this.list, this.more, this.spoken);
    this.el.append(this.section);
  }

  frameFind() {
    const [q, voice] = [newId("find"), newId("voice")];
    this.qLabel = h("label", { for: q, class: "cw-label" });
    this.q = h("input", { id: q, type: "search", autocomplete: "off", enterkeyhint: "search", oninput: () => this.soon() });
    this.voiceLabel = h("label", { for: voice, class: "cw-label" });
    this.voice = h("select", { id: voice, onchange: () => this.look() });
    this.lookButton = h("button", { type: "submit", class: "cw-second" });
    this.clearButton = h("button", { type: "button", class: "cw-quiet", onclick: () => this.clear() });
    this.result = h("p", { role: "status", class: "cw-found" });
    const submit = (event) => {
      event.preventDefault();
      this.look();
    };
    this.voiceBox = h("div", { class: "cw-find-box" }, this.voiceLabel, this.voice);
    this.find = h(
      "form",
      { role: "search", class: "cw-find", onsubmit: submit },
      h("div", { class: "cw-find-box" }, this.qLabel, this.q),
      this.voiceBox,
      h("div", { class: "cw-row" }, this.lookButton, this.clearButton),
    );
  }

  draw() {
    const get = (name) => this.model.get(name);
    // A language comes as two traits, perhaps in two messages: what is drawn depends on both.
    this.tongue = JSON.stringify([get("lang"), get("words")]);
    this.el.lang = tagOf(get("lang"));
    this.el.className = `cw-wall ${wheelClass(get("wheel"))} ${get("dense") ? "cw-dense" : ""}`;
    // Nothing to show and nothing to say about it: no line across the page either.
    this.el.hidden = !get("heading") && !get("empty") && !(get("items") || []).length;
    this.drawTitle(get("heading"), get("level"));
    tell(this.hint, get("hint"));
    this.hint.hidden = !get("hint");
    this.drawFind(get("find") || {});
    this.drawList(get("items") || []);
    tell(this.empty, get("empty"));
    this.empty.hidden = Boolean((get("items") || []).length) || !get("empty");
    tell(this.more, get("more_button"));
    this.more.hidden = !get("more_button") || (get("total") > 0 && get("shown") >= get("total"));
  }

  drawTitle(text, level) {
    const shape = `${level}`;
    if (shape !== this.titleShape) this.titleBox.replaceChildren(heading(level || 2, "", { id: this.id, tabindex: "-1" }));
    this.titleShape = shape;
    tell(this.titleBox.firstChild, text);
    this.titleBox.hidden = !text;
    if (text) this.section.setAttribute("aria-labelledby", this.id);
    else this.section.removeAttribute("aria-labelledby");
  }

  drawFind(find) {
    if (!find.on) {
      this.find.remove();
      this.result.remove();
      return;
    }
    if (!this.find.parentNode) this.hint.after(this.find, this.result);
    tell(this.qLabel, find.label_q || say(this.model, "dialogue.find_words"));
    tell(this.voiceLabel, find.label_voice || say(this.model, "dialogue.find_voice"));
    tell(this.lookButton, say(this.model, "dialogue.find_button"));
    tell(this.clearButton, say(this.model, "dialogue.find_clear"));
    this.find.setAttribute("aria-label", say(this.model, "dialogue.find_h"));
    this.clearButton.hidden = !find.q && !find.voice;
    if (document.activeElement !== this.q && !this.looking) this.q.value = find.q || "";
    tell(this.result, find.result || "");
    const voices = find.voices || [];
    const shape = JSON.stringify([voices, this.tongue]);
    if (shape !== this.voiceShape) {
      this.voiceShape = shape;
      this.voice.replaceChildren(
        h("option", { value: "" }, say(this.model, "dialogue.find_all")),
        ...voices.map((v) => h("option", { value: v.id }, v.n === undefined ? v.name : `${v.name} (${v.n})`)),
      );
    }
    this.voice.value = find.voice || "";
    this.voiceBox.hidden = !voices.length;
  }

  drawList(items) {
    const anchor = this.anchor();
    const from = this.awaited;
    patchCards(this.list, this.cards, items, this);
    this.hold(anchor);
    this.announce(items);
    if (from && items.length > from) {
      this.awaited = 0;
      this.cards.get(items[from].id)?.stand().focus();
    }
  }

  // Where the browser does not hold the page still itself (Safari), we do: what somebody reads never moves.
  anchor() {
    if (CSS.supports("overflow-anchor", "auto")) return null;
    const node = [...this.list.children].find((li) => li.getBoundingClientRect().bottom > 0);
    return node ? [node, node.getBoundingClientRect().top] : null;
  }

  hold(anchor) {
    if (!anchor || !anchor[0].isConnected || this.list.getBoundingClientRect().top > 0) return;
    window.scrollBy(0, anchor[0].getBoundingClientRect().top - anchor[1]);
  }

  isNew(item) {
    return this.known !== null && !this.known.has(item.id) && Date.now() - this.asked > ASKED_MS;
  }

  announce(items) {
    const ids = new Set();
    const pictures = new Set();
    let fresh = 0;
    const walk = (list) => {
      for (const item of list) {
        ids.add(item.id);
        if (item.image?.id) pictures.add(item.image.id);
        if (this.isNew(item) && !item.mine) fresh += 1;
        walk(item.answers || []);
      }
    };
    walk(items);
    this.pictures.keep(pictures);
    // Looking and asking for more bring cards that are not news. What is said about them may come before they do.
    if (items !== this.items) this.asked = 0;
    this.items = items;
    this.known = new Set([...(this.known || []), ...ids]);
    if (!fresh) return;
    this.fresh += fresh;
    this.teller ??= setTimeout(() => this.speak(), TELL_MS);
  }

  speak() {
    this.teller = null;
    const all = this.model.get("total") || (this.model.get("items") || []).length;
    const text = say(this.model, "common.new", { n: this.fresh, N: all });
    this.fresh = 0;
    if (globalThis.coworkSay) globalThis.coworkSay(text);
    else tell(this.spoken, text);
  }

  askMore() {
    this.asked = Date.now();
    this.awaited = (this.model.get("items") || []).length;
    this.model.send({ do: "more" });
  }

  soon() {
    this.looking = true;
    clearTimeout(this.looker);
    this.looker = setTimeout(() => this.look(), 400);
  }

  look() {
    clearTimeout(this.looker);
    this.looking = false;
    this.asked = Date.now();
    const q = badSign(this.q.value) ? "" : firstPoints(this.q.value, 200);
    this.model.send({ do: "find", q, voice: this.voice.value });
  }

  clear() {
    this.q.value = this.voice.value = "";
    this.look();
    this.q.focus();
  }

  cardOf(box) {
    const id = box.split(":")[1];
    for (const card of this.cards.values()) for (const one of card.all()) if (one.item.id === id) return one;
    return null;
  }

  // The card that had the focus leaves the list: stand at its neighbour, or at the heading.
  stand(card) {
    const next = card.el.nextElementSibling || card.el.previousElementSibling || this.titleBox.firstChild;
    next.tabIndex = -1;
    next.focus();
  }
}

export default {
  render({ model, el, signal }) {
    new Wall(model, el, signal);
  },
};
