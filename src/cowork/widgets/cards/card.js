// One thing that somebody wrote, and the answers to it. A card is made once and then only changed where it
// differs: the node a reader is on, an open box and its words stay while others write.

const FOLD_AT = 1200;

class Card {
  constructor(wall, item, fresh) {
    this.wall = wall;
    this.model = wall.model;
    this.item = item;
    this.opened = new Set(); // folds the reader has opened, by name
    this.nameId = newId("words"); // of the words that name what can be done here
    this.face = h("div", { class: "cw-face" });
    this.acts = new CardActs(this, wall.signal);
    this.answers = h("ol", { class: "cw-cards cw-answers-list" });
    this.cards = new Map();
    this.el = h("li", { class: "cw-card" }, this.face, this.acts.el, this.answers);
    this.el.dataset.id = item.id;
    if (fresh) this.flash();
    this.update(item);
  }

  flash() {
    this.el.classList.add("cw-new");
    setTimeout(() => this.el.classList.remove("cw-new"), 2600);
  }

  // Something of this card to stand on, when the control that had the focus is gone.
  stand() {
    this.el.tabIndex = -1;
    return this.el;
  }

  update(item) {
    this.item = item;
    const { answers, acts, ...rest } = item;
    const { tongue } = this.wall;
    const face = JSON.stringify([rest, tongue]);
    if (face !== this.faceShape) this.drawFace(item);
    this.faceShape = face;
    const doing = JSON.stringify([acts, item.text, item.href, item.lifts, item.talked_id, tongue]);
    if (doing !== this.actShape) {
      this.acts.draw();
      this.acts.reword();
    }
    this.actShape = doing;
    this.el.classList.toggle("cw-mine", Boolean(item.mine));
    this.el.classList.toggle("cw-lead", Boolean(item.lead));
    this.el.dataset.state = item.state || "here";
    this.answers.hidden = !(answers || []).length;
    patchCards(this.answers, this.cards, answers || [], this.wall);
  }

  drawFace(item) {
    const had = this.face.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    const parts = [];
    const about = item.about_text?.length ? h("p", { class: "cw-about", dir: "auto" }, item.about_text) : null;
    parts.push(about);
    const state = STATES[item.state];
    if (state) parts.push(h("p", { class: "cw-state" }, say(this.model, state)));
    // What this is (we agreed, a proposal) is read before its words.
    if (item.lead && item.tag) parts.push(h("p", { class: "cw-eyebrow" }, item.tag));
    parts.push(markOf(item));
    if (item.state === "two") parts.push(this.versions(item));
    else if (item.text) parts.push(this.words("text", item.text, item.lang));
    if (item.image?.id) parts.push(this.wall.pictures.frame(item.image));
    parts.push(quotesOf(item));
    for (const more of item.more || []) {
      const name = h("p", { class: "cw-more-h" }, more.label);
      parts.push(h("div", { class: "cw-more" }, name, this.words(`more-${more.label}`, more.text, more.lang ?? item.lang)));
    }
    parts.push(pointsOf(item, (name, fold) => this.kept(name, fold)), tallyOf(item), this.meta(item));
    if ((item.note || []).length) parts.push(h("div", { class: "cw-notes" }, paragraphs(item.note)));
    if ((item.talked || []).length) parts.push(h("div", { class: "cw-notes" }, paragraphs(item.talked)));
    if ((item.earlier || []).length) parts.push(this.earlier(item));
    this.face.replaceChildren(...parts.filter(Boolean));
    this.nameActs(about);
    if (had) this.face.querySelector(`[data-name="${CSS.escape(had)}"]`)?.focus();
  }

  // The words by which the acts of this card are told from those of the others.
  nameActs(about) {
    const { item } = this;
    const own = item.text && item.state !== "two" ? this.face.querySelector(".cw-words") : null;
    const two = item.text && !own ? h("span", { class: "cw-words-copy", hidden: true, dir: "auto", lang: item.lang ?? null }, oneLine(item.text)) : null;
    const words = own || two || about;
    if (two) this.face.append(two);
    const copy = words ? nameOf(words, this.nameId) : null;
    if (copy) this.face.append(copy);
    this.named = Boolean(words);
  }

  foreign(lang) {
    return lang && lang.split("-")[0] !== this.model.get("lang") ? lang : "";
  }

  // Long words are folded by style alone: the whole text stays in the page, for print and for finding.
  words(name, text, lang) {
    const own = h("p", { class: "cw-words cw-typed", dir: "auto", lang: lang ?? null }, text);
    if (countPoints(text) <= FOLD_AT) return own;
    const button = h("button", { type: "button", class: "cw-quiet", onclick: () => fold(!this.opened.has(name)) });
    button.dataset.name = name;
    const fold = (open) => {
      if (open) this.opened.add(name);
      else this.opened.delete(name);
      own.classList.toggle("cw-long", !open);
      button.setAttribute("aria-expanded", String(open));
      tell(button, say(this.model, open ? "card.less" : "card.more"));
    };
    fold(this.opened.has(name));
    return h("div", {}, own, button);
  }

  versions(item) {
    const all = (item.versions || []).map((version) => version.id);
    const list = (item.versions || []).map((version) => {
      const keep = h("button", {
        type: "button",
        class: "cw-quiet",
        onclick: () => {
          if (this.acts.pending.size) return;
          const fields = version.fields || { text: version.text };
          this.acts.share("keep", { kind: "edit", about: all.map((id) => ["replaces", id]), fields });
        },
      });
      keep.dataset.name = `keep-${version.id}`;
      tell(keep, say(this.model, "common.choose_version"));
      const by = [version.by, version.when_text].filter(Boolean).join(" · ");
      const words = this.words(`version-${version.id}`, version.text || "", version.lang ?? item.lang);
      const id = newId("version");
      const copy = nameOf(words.matches("p") ? words : words.querySelector("p"), id);
      nameBy(keep, version.text ? id : "");
      return h(
        "li",
        {},
        words,
        copy,
        by ? h("p", { class: "cw-by" }, by) : null,
        (item.acts || []).includes("keep") ? keep : null,
      );
    });
    return h("ul", { class: "cw-versions" }, list);
  }

  meta(item) {
    const tag = tagOf(this.model.get("lang"));
    const foreign = this.foreign(item.lang);
    let language = "";
    if (foreign) {
      try {
        language = new Intl.DisplayNames([tag], { type: "language" }).of(foreign);
      } catch {
        language = foreign;
      }
    }
    return h(
      "p",
      { class: "cw-by" },
      item.by ? h("bdi", { class: "cw-name" }, item.by) : null,
      item.said ? h("span", {}, item.said) : null,
      item.when_text ? h("time", { datetime: item.when || null }, item.when_text) : null,
      language ? h("span", {}, say(this.model, "common.in_language", { language })) : null,
      item.mine ? h("span", { class: "cw-tag" }, say(this.model, "common.yours")) : null,
      item.tag && !item.lead ? h("span", { class: "cw-tag cw-tag-plain" }, item.tag) : null,
    );
  }

  earlier(item) {
    const list = item.earlier.map((one) =>
      h("li", {}, h("p", { class: "cw-typed", dir: "auto", lang: one.lang ?? null }, one.text), h("p", { class: "cw-by" }, one.when_text || "")),
    );
    return this.kept("earlier", folded(say(this.model, "common.earlier"), h("ol", { class: "cw-earlier" }, list)));
  }

  // A fold that stands as its reader left it when the face is drawn anew.
  kept(name, fold) {
    fold.firstChild.dataset.name = name;
    fold.open = this.opened.has(name);
    fold.addEventListener("toggle", () => this.opened[fold.open ? "add" : "delete"](name));
    return fold;
  }

  *all() {
    yield this;
    for (const card of this.cards.values()) yield* card.all();
  }
}

const STATES = {
  taken: "state.taken",
  hidden: "state.hidden",
  erasing: "state.erasing",
  gone: "state.gone",
  two: "common.two_versions",
};

// Bring a list to `items`: cards stay, are changed, come or go, each by its id.
function patchCards(list, cards, items, wall) {
  const ids = new Set(items.map((item) => item.id));
  for (const [id, card] of cards) {
    if (ids.has(id)) continue;
    if (card.el.contains(document.activeElement)) wall.stand(card);
    card.acts.close(false);
    card.el.remove();
    cards.delete(id);
  }
  for (const item of items) {
    const card = cards.get(item.id);
    if (card) card.update(item);
    else cards.set(item.id, new Card(wall, item, wall.isNew(item)));
  }
  place(list, items.map((item) => cards.get(item.id).el));
}
