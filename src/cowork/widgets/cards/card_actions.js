// What a reader can do with a card: talk about it, change, take back, erase, hide … Every act is an item in
// the outbox; nothing is shown as done before the kernel says so and the card itself changes.

const HELD = "start.button.keep";
const GOOD = ["common.shared", "common.done"];

// name -> the word on its button, and either a box to write in or an item to share at once.
const ACTS = {
  talk: {
    word: "common.talk_about",
    box: (item, model) => ({
      kind: "utterance",
      about: [[item.talk_rel || "talks-about", item.id]],
      fields: [{ key: "text", label: say(model, "dialogue.label.say"), rows: 3, required: true }],
      button: say(model, "dialogue.button.answer"),
      ...(model.get("talk") || {}), // who will see it, and how it is shown: the same under every card
    }),
  },
  talked: { word: "common.talked", item: (item) => ({ kind: "talked", about: [["talks-about", item.id]] }) },
  "undo-talked": {
    word: "dialogue.talked_undo",
    item: (item) => ({ kind: "withdrawal", about: [["withdraws", item.talked_id]] }),
  },
  change: {
    word: "common.change",
    box: (item, model) => ({
      kind: "edit",
      about: (item.current || [item.id]).map((id) => ["replaces", id]),
      fields: (item.fields || []).length
        ? item.fields
        : [{ key: "text", label: say(model, "common.change"), value: item.text, rows: 4, required: true }],
      button: say(model, HELD),
      seen: item.seen || [],
    }),
  },
  take: { word: "common.take_back", item: (item) => ({ kind: "withdrawal", about: [["withdraws", item.id]] }) },
  put: { word: "common.put_back", item: (item) => ({ kind: "restore", about: lifted(item) }) },
  erase: { word: "common.erase", ask: true },
  hide: { word: "hide.button", item: (item) => ({ kind: "hide", about: [["hides", item.id]] }) },
  show: { word: "hide.show", item: (item) => ({ kind: "show", about: [["shows", item.id], ...lifted(item)] }) },
  reason: {
    word: "hide.label.reason",
    box: (item, model, hide) => ({
      kind: "edit",
      about: [["replaces", hide || (item.lifts || [])[0]]],
      fields: [{ key: "text", label: say(model, "hide.label.reason"), rows: 2, required: true }],
      button: say(model, HELD),
      seen: [say(model, "hide.seen")],
    }),
  },
};

function lifted(item) {
  return (item.lifts || []).map((id) => ["replaces", id]);
}

class CardActs {
  constructor(card, signal) {
    this.card = card;
    this.model = card.model;
    this.signal = signal;
    this.buttons = new Map();
    this.open = null; // the form that is open, an ActForm
    this.pending = new Set();
    this.row = h("div", { class: "cw-acts" });
    this.status = h("p", { role: "status", class: "cw-act-status" });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.place = h("div", { class: "cw-act-place", id: newId("act") });
    this.el = h("div", {}, this.row, this.status, this.error, this.place);
    for (const item of outbox.waiting(this.model)) if (this.owns(item.box)) this.pending.add(item.id);
  }

  owns(box) {
    return box.startsWith(`act:${this.card.item.id}:`);
  }

  // With whom a scribe writes for: a draft for one person is never shared in the name of another.
  boxName(name) {
    const voice = this.model.get("voice");
    return `act:${this.card.item.id}:${name}${voice ? `@${voice}` : ""}`;
  }

  draw() {
    const { item } = this.card;
    const wanted = [];
    const seen = new Set();
    if (item.href && (item.href_text || !(item.acts || []).includes("talk"))) {
      seen.add("link");
      wanted.push(this.link("link", item.href, item.href_text || say(this.model, "common.talk_about")));
    }
    for (const act of item.acts || []) {
      const name = typeof act === "string" ? act : act.name;
      if (typeof act === "string" && !ACTS[act]) continue;
      seen.add(name);
      wanted.push(act.href ? this.link(name, act.href, act.label || "") : this.button(name, act));
    }
    if (this.hideId && !seen.has("reason")) {
      seen.add("reason");
      wanted.push(this.button("reason", "reason"));
    }
    const focused = [...this.buttons].find(([, node]) => node === document.activeElement)?.[0];
    for (const [name, node] of this.buttons) {
      if (seen.has(name)) continue;
      node.remove();
      this.buttons.delete(name);
    }
    place(this.row, wanted);
    this.row.hidden = !wanted.length;
    // The pressed button is gone (taken back, put back): stay on this card, at what can be done now.
    if (focused && !seen.has(focused)) (wanted[0] || this.card.stand()).focus();
    if (this.open && this.open.name !== "reason") {
      if (!seen.has(this.open.name)) this.close(false);
      else if (this.own(this.open.name)) this.open.update(this.specOf(this.open.name) || this.open.spec);
    }
    this.wait();
  }

  link(name, href, word) {
    const node = this.node(name, "a", { onclick: (e) => follow(e, node.getAttribute("href")) });
    node.setAttribute("href", href);
    this.label(node, word);
    return node;
  }

  button(name, act) {
    const node = this.node(name, "button", { type: "button", onclick: () => this.press(name) });
    this.label(node, typeof act === "string" ? say(this.model, ACTS[act].word) : act.label || "");
    setOrDrop(node, "aria-expanded", this.specOf(name) ? String(this.open?.name === name) : "");
    node.classList.toggle("cw-second", Boolean(act.strong));
    node.classList.toggle("cw-quiet", !act.strong);
    return node;
  }

  // The node that stands for an act; an act that has become a link, or was one, gets another.
  node(name, tag, attrs) {
    const kept = this.buttons.get(name);
    if (kept?.localName === tag) return kept;
    const node = h(tag, { id: newId("act"), class: "cw-quiet", ...attrs });
    const focused = kept && kept === document.activeElement;
    kept?.replaceWith(node);
    if (focused) node.focus();
    this.buttons.set(name, node);
    return node;
  }

  own(name) {
    return (this.card.item.acts || []).find((act) => typeof act === "object" && act.name === name);
  }

  // What an act asks for, or null where it asks for nothing: one of ours, or a page's own with a box.
  specOf(name) {
    const own = this.own(name);
    const box = own ? own.box : ACTS[name]?.box?.(this.card.item, this.model, this.hideId);
    if (!box) return null;
    const { kind, about, fields, choices } = own || box;
    const fixed = own ? { fields, choices } : {};
    return { ...box, kind, about, fixed, namedBy: this.buttons.get(name)?.id };
  }

  label(node, word) {
    tellLine(node, word);
    nameBy(node, this.card.named ? this.card.nameId : "");
  }

  // aria-disabled, not disabled: a disabled button drops the focus that is on it.
  wait() {
    for (const node of this.row.children) {
      if (this.pending.size && node.localName === "button") node.setAttribute("aria-disabled", "true");
      else node.removeAttribute("aria-disabled");
    }
  }

  press(name) {
    if (this.pending.size) return;
    tell(this.error, "");
    const own = this.own(name);
    if (!own && ACTS[name].ask) this.askErase();
    else if (this.specOf(name)) this.toggle(name);
    else this.share(name, own || ACTS[name].item(this.card.item, this.model));
  }

  share(name, parts) {
    const item = newItem(this.model, { ...parts, box: this.boxName(name) });
    this.pending.add(item.id);
    outbox.put(this.model, item);
    this.tell("common.sharing");
    this.wait();
  }

  // Writing in place ---------------------------------------------------------------------------------

  toggle(name) {
    if (this.open?.name === name) this.close(true);
    else this.write(name, true);
  }

  write(name, focus) {
    if (this.open) this.close(false);
    this.open = new ActForm(this, name, this.specOf(name));
    this.place.replaceChildren(this.open.el);
    this.buttons.get(name)?.setAttribute("aria-expanded", "true");
    if (focus) this.open.focus();
  }

  close(focus) {
    if (!this.open) return;
    const { name } = this.open;
    this.open.end();
    this.open = null;
    this.place.replaceChildren();
    const node = this.buttons.get(name);
    node?.setAttribute("aria-expanded", "false");
    if (focus) (node || this.card.stand()).focus();
  }

  // Erasing --------------------------------------------------------------------------------------------

  askErase() {
    const id = newId("erase");
    const can = (this.card.item.acts || []).includes("take");
    const done = (act) => () => {
      box.close();
      if (act === "erase") this.share("erase", { kind: "erasure", about: [["erases", this.card.item.id]] });
      if (act === "take") this.share("take", ACTS.take.item(this.card.item));
    };
    const word = (key) => say(this.model, key);
    const no = h("button", { type: "button", class: "cw-second", onclick: done("") }, word("erase.no"));
    const lines = [1, 2, 3, 4, 5, 6].map((n) => h("li", {}, word(`erase.${n}`)));
    const dialog = h(
      "dialog",
      { "aria-labelledby": id },
      h("h2", { id }, word("erase.h")),
      h("p", { class: "cw-inset cw-typed", dir: "auto", lang: this.card.item.lang ?? null }, oneLine(this.card.item.text || "", 280)),
      h("ul", {}, lines),
      h(
        "div",
        { class: "cw-row" },
        no,
        can ? h("button", { type: "button", class: "cw-second", onclick: done("take") }, word("erase.instead")) : null,
        h("button", { type: "button", class: "cw-danger", onclick: done("erase") }, word("erase.yes")),
      ),
    );
    const box = asDialog(dialog);
    box.addEventListener("close", () => {
      box.remove();
      (this.buttons.get("erase") || this.card.stand()).focus();
    });
    // In the card, not in the list's patch: the card's own nodes stay while others arrive.
    this.el.append(box);
    box.showModal();
    no.focus();
  }

  // Answers of the outbox --------------------------------------------------------------------------------

  heard(what, item, message) {
    const name = item.box.split(":").slice(2).join(":").split("@")[0];
    if (what === "late") this.tell(device.keeps() ? "connection.unsent" : "connection.unsent_page");
    if (what === "failed") this.tell("", message.message);
    if (what !== "shared" && what !== "refused") return;
    this.pending.delete(item.id);
    this.wait();
    if (what === "shared") {
      if (item.kind === "hide") this.hideId = item.id;
      // Words were shared; anything else (taken back, hidden, a mark) has been done, and the card shows what.
      const words = ["utterance", "edit"].includes(item.kind) || Object.values(item.fields || {}).some(Boolean);
      this.tell(this.pending.size ? "common.sharing" : words ? "common.shared" : "common.done", message.note);
      this.draw();
      if (item.kind === "hide") this.write("reason", true);
      return;
    }
    this.tell("");
    if (this.specOf(name) && item.box === this.boxName(name)) {
      this.write(name, true); // the outbox has put the words back into this draft
      this.open.refuse(message);
    } else {
      tell(this.error, message.message);
    }
  }

  tell(key, text) {
    this.said = [key, text];
    clearTimeout(this.quiet);
    if (GOOD.includes(key)) this.quiet = setTimeout(() => this.tell(""), 10000);
    tell(this.status, text || (key ? say(this.model, key, { n: this.pending.size }) : ""));
    const look = GOOD.includes(key) ? "cw-good" : key.startsWith("connection.unsent") ? "cw-wait" : "";
    this.status.className = `cw-act-status ${look}`;
  }

  reword() {
    if (this.said) this.tell(...this.said);
  }
}
