// One text to pick from: to tick where only whole texts count, else to unfold into its words.

class PickRow {
  constructor(picks, item) {
    Object.assign(this, { picks, item, model: picks.model });
    this.id = newId("pick");
    this.open = null; // Quoting, while the words are unfolded
    this.whole = false; // a long text unfolded
    this.el = h("li", { class: "cw-pick" });
  }

  update(item) {
    const { words, many, button } = this.picks.spec;
    const shape = JSON.stringify([item, words, many, this.model.get("lang"), this.model.get("words")]);
    this.item = item;
    if (shape !== this.shape) this.draw();
    this.shape = shape;
    this.open?.update(button || say(this.model, "documentation.choose.button"));
    this.show();
  }

  draw() {
    const active = this.el.contains(document.activeElement) ? document.activeElement : null;
    const inWords = this.open?.el.contains(active);
    const { item } = this;
    const { words } = this.picks.spec;
    if (!words) this.end();
    this.text = h(words ? "p" : "span", { class: "cw-pick-text cw-typed", dir: "auto", lang: item.lang ?? null }, item.text);
    if (words) this.text.translate = false; // the exact words are chosen here
    this.copy = nameOf(this.text, `${this.id}-words`);
    this.count = h("span", { class: "cw-pick-n" });
    const by = h(
      "p",
      { class: "cw-by" },
      item.by ? h("bdi", { class: "cw-name" }, item.by) : null,
      item.when_text ? h("span", {}, item.when_text) : null,
      item.tag ? h("span", { class: "cw-tag" }, item.tag) : null,
      this.count,
    );
    this.control = this.wholeButton = this.chooseButton = null;
    const parts = words ? this.drawWords(by) : this.drawTick(by);
    this.el.replaceChildren(...parts.filter(Boolean));
    if (inWords) this.open?.focus();
    else if (active) this.el.querySelector(`[data-name="${active.dataset.name}"]`)?.focus();
  }

  named(name, node) {
    node.dataset.name = name;
    return node;
  }

  drawTick(by) {
    this.control = h("input", {
      id: this.id,
      type: this.picks.spec.many ? "checkbox" : "radio",
      name: this.picks.name,
      "aria-describedby": `${this.id}-by`,
      onchange: () => this.tick(),
    });
    by.id = `${this.id}-by`;
    // A page-long name is read out whole each time: the first words say which text it is.
    const long = countPoints(this.item.text) > LONG;
    if (long) this.control.setAttribute("aria-labelledby", `${this.id}-words`);
    const label = h("label", { for: this.id }, this.text);
    return [h("div", { class: "cw-option" }, this.named("tick", this.control), label), this.copy, by, this.rest(long)];
  }

  tick() {
    if (this.control.checked) this.picks.add(this.item.id);
    else this.picks.remove(this.item.id);
    this.show(); // where no more could be added, the tick goes again
  }

  drawWords(by) {
    const choose = h("button", { type: "button", class: "cw-quiet", onclick: () => this.toggle() });
    const whole = h("button", { type: "button", class: "cw-quiet cw-whole", onclick: () => this.takeWhole() });
    this.chooseButton = this.named("choose", choose);
    this.wholeButton = this.named("whole", whole);
    this.label(choose, say(this.model, "documentation.choose.h"));
    this.label(whole, say(this.model, "picks.whole"));
    this.place = h("div", {}, this.open?.el);
    const acts = h("div", { class: "cw-acts" }, choose, whole);
    return [this.text, this.copy, this.place, this.rest(countPoints(this.item.text) > LONG), by, acts];
  }

  label(node, word) {
    tell(node, word);
    nameBy(node, `${this.id}-words`);
  }

  // Long texts are folded by style alone, as on a card.
  rest(long) {
    this.restButton = null;
    if (!long) return null;
    this.restButton = h("button", {
      type: "button",
      class: "cw-quiet",
      onclick: () => {
        this.whole = !this.whole;
        this.show();
      },
    });
    return this.named("rest", this.restButton);
  }

  show() {
    const { id } = this.item;
    const n = this.picks.countOf(id);
    if (this.control) this.control.checked = this.picks.has(id);
    this.wholeButton?.setAttribute("aria-pressed", String(this.picks.has(id)));
    this.chooseButton?.setAttribute("aria-expanded", String(Boolean(this.open)));
    tell(this.count, this.picks.spec.words && n ? say(this.model, "picks.count", { n }) : "");
    this.text.hidden = Boolean(this.open);
    if (this.restButton) {
      this.restButton.hidden = Boolean(this.open);
      this.text.classList.toggle("cw-long", !this.whole);
      this.restButton.setAttribute("aria-expanded", String(this.whole));
      tell(this.restButton, say(this.model, this.whole ? "card.less" : "card.more"));
    }
    this.open?.keep(this.picks.rangesOf(id));
  }

  takeWhole() {
    if (this.picks.has(this.item.id)) this.picks.remove(this.item.id);
    else this.picks.add(this.item.id);
  }

  toggle() {
    if (this.open) {
      this.fold();
      return;
    }
    this.open = new Quoting(this.model, this.item, {
      use: (start, end) => this.picks.add(this.item.id, start, end),
      tellOf: (key, vars) => this.picks.tellOf(key, vars),
      marking: () => this.picks.marking(),
      close: () => this.fold(),
    });
    this.place.replaceChildren(this.open.el);
    this.open.update(this.picks.spec.button || say(this.model, "documentation.choose.button"));
    this.show();
    this.open.focus();
  }

  marked() {
    const range = this.open?.marked();
    return range ? [{ version: this.item.id, start: range[0], end: range[1] }] : [];
  }

  halfMarked() {
    return this.open?.half() || "";
  }

  unmark() {
    this.open?.mark(null, null, true);
  }

  fold() {
    this.picks.keepMarked(this);
    this.end();
    this.place.replaceChildren();
    this.show();
    this.chooseButton.focus();
  }

  end() {
    this.open?.end();
    this.open = null;
  }
}
