// What has been picked, as quotations above the list it was picked from: whose they are, and a way to take out each.

class ChosenList {
  constructor(picks) {
    Object.assign(this, { picks, model: picks.model });
    this.title = h("p", { id: newId("chosen"), class: "cw-picked-h" });
    this.list = h("ul", { "aria-labelledby": this.title.id });
    this.el = h("div", { class: "cw-picked" }, this.title, this.list);
  }

  draw() {
    const { picks } = this;
    tell(this.title, say(this.model, "picks.h"));
    // A few texts to tick say by themselves which are chosen, unless one of the chosen is not among them.
    const plain = !picks.spec.words && !picks.searched && picks.chosen.every((pick) => picks.rows.has(pick.version));
    this.el.hidden = !picks.chosen.length || plain;
    const kept = new Map([...this.list.children].map((li) => [li.dataset.pick, li]));
    const keys = picks.chosen.map(writePick);
    for (const [key, li] of kept) if (!keys.includes(key)) li.remove();
    place(this.list, picks.chosen.map((pick, i) => this.row(keys[i], pick, kept.get(keys[i]))));
  }

  row(key, pick, kept) {
    const item = this.picks.known.get(pick.version);
    const words = this.picks.wordsOf(pick);
    const li = kept || h("li", { "data-pick": key });
    const out = li.querySelector("button") || h("button", { type: "button", class: "cw-quiet", onclick: () => this.takeOut(li, pick) });
    tell(out, say(this.model, "picks.out"));
    const shape = JSON.stringify([item, words, this.model.get("lang")]);
    if (li.dataset.shape === shape) return li;
    li.dataset.shape = shape;
    const by = [item?.by, item?.when_text].filter(Boolean).join(" · ");
    // The exact words stay as they were said while they are chosen, also in a browser that translates the page.
    const quote = words
      ? h("blockquote", { class: "cw-quote cw-typed", dir: "auto", lang: item.lang ?? null, translate: "no" }, words)
      : h("p", { class: "cw-hint" }, say(this.model, "picks.unknown"));
    const id = newId("taken");
    const parts = [
      quote,
      nameOf(quote, id),
      by ? h("p", { class: "cw-by" }, h("bdi", {}, by)) : null,
    ].filter(Boolean);
    for (const old of [...li.children]) if (old !== out) old.remove();
    nameBy(out, id);
    li.prepend(...parts); // the button stays where it is: it may have the focus
    if (!out.parentNode) li.append(out);
    return li;
  }

  takeOut(li, pick) {
    const next = (li.nextElementSibling || li.previousElementSibling)?.querySelector("button");
    this.picks.remove(pick.version, pick.start, pick.end);
    if (next) next.focus();
    else this.picks.focus();
  }
}
