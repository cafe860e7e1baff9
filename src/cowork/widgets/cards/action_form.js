// A form that opens in place under a card: an answer, changed words, or an act of a page's own with a box.
// What is asked may be said anew while it is open (a language, new texts to pick from). What it is about may
// not: it answers the wording its writer has read, and a page that has moved on meanwhile can tell.

class ActForm {
  constructor(acts, name, spec) {
    Object.assign(this, { acts, name, spec, model: acts.model, stop: new AbortController() });
    const from = { card: acts.card.item.id, act: name };
    this.boxes = new Boxes(this.model, () => this.changed(), from);
    this.box = acts.boxName(name);
    this.hint = h("p", { class: "cw-hint" });
    this.body = h("div", {});
    // In outline: the one filled button of a page is its question's own.
    this.button = h("button", { type: "submit", class: "cw-second" });
    this.saved = h("span", { class: "cw-saved" });
    this.seen = h("div", { class: "cw-act-seen", id: newId("seen") });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.el = h(
      "form",
      { novalidate: true, onsubmit: (e) => this.submit(e), onkeydown: (e) => this.key(e) },
      this.hint,
      this.body,
      h("div", { class: "cw-row" }, this.button, this.saved),
      this.seen,
      this.error,
    );
    this.saving = autosave(this.stop.signal, () => {
      const draft = this.boxes.draft();
      saveDraft(this.model, this.box, draft);
      this.tellKept(draft);
    });
    acts.signal.addEventListener("abort", () => this.stop.abort(), { signal: this.stop.signal });
    this.update(spec);
    const draft = readDraft(this.model, this.box);
    this.boxes.restore(draft);
    this.tellKept(draft || {});
    this.drawSeen();
  }

  update(spec) {
    const { kind, about } = this.spec;
    this.spec = { ...spec, kind, about };
    tell(this.hint, spec.hint || "");
    this.hint.hidden = !spec.hint;
    const specs = this.boxes.update(spec);
    this.boxes.nameBy(spec.namedBy);
    setOrDrop(this.el, "aria-labelledby", spec.namedBy);
    place(this.body, specs.map((one) => this.boxes.el(one)));
    tell(this.button, spec.button || say(this.model, "common.share_group"));
    if (this.saved.textContent) tell(this.saved, draftWords(this.model, this.box));
    this.drawSeen();
  }

  drawSeen() {
    const lines = this.boxes.caseOf(this.spec.seen_by_choice, this.spec.seen || []);
    setOrDrop(this.button, "aria-describedby", lines.length ? this.seen.id : "");
    const shape = JSON.stringify(lines);
    if (shape !== this.seenShape) this.seen.replaceChildren(...paragraphs(lines));
    this.seenShape = shape;
  }

  changed() {
    this.drawSeen();
    this.saving.soon();
    tell(this.error, "");
  }

  tellKept(draft) {
    tell(this.saved, this.boxes.some(draft) ? draftWords(this.model, this.box) : "");
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.button.click(); // not `requestSubmit`, which Safari has since 16
    }
    // Not the Escape that ends a word of an input method, nor one that a box has used for itself.
    if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented) this.acts.close(true);
  }

  submit(event) {
    event.preventDefault();
    // With nothing but fields, none of them required, an empty form would say nothing at all.
    const words = !(this.spec.choices || []).length && !(this.spec.picks || []).length;
    const wrong = this.boxes.faulty(words);
    if (wrong) wrong.focus();
    else if (!this.acts.pending.size) this.send();
  }

  send() {
    const { fields, choices } = this.boxes.values();
    const { kind, about, fixed = {} } = this.spec;
    this.saving.forget();
    this.acts.share(this.name, {
      kind,
      about,
      fields: { ...fixed.fields, ...fields },
      choices: { ...fixed.choices, ...choices },
    });
    dropDraft(this.model, this.box); // only now: the outbox has the words
    this.acts.close(true);
  }

  refuse(message) {
    if (!this.boxes.refuse(message)) tell(this.error, message.message);
  }

  focus() {
    (this.boxes.list()[0] || this.button).focus();
  }

  end() {
    this.stop.abort(); // saves what is owed
    this.boxes.end();
  }
}
