// The boxes of one form: fields to write in, answers to choose from, picks. A page and a card's own act ask in
// the same way, so both read, keep and give back what was typed through here.

const KINDS = { fields: Field, choices: Answers, picks: Picks };

// Where the draft of a form is, in words that are so.
function draftWords(model, box) {
  return say(model, device.has(draftKey(model, box)) ? "common.draft_kept" : "common.draft_page");
}

class Boxes {
  // `from`: {card, act} where the form stands under a card; picks say so when they look for more.
  constructor(model, changed, from) {
    Object.assign(this, { model, from });
    this.changed = () => {
      this.showWhen();
      changed();
    };
    this.all = new Map(); // key -> box; they outlive every redraw
  }

  // `specs`: {fields, choices, picks}. Gives back the specs in the order they stand in.
  update(specs) {
    const wanted = new Map();
    const list = Object.entries(KINDS)
      .flatMap(([kind, Kind]) => (specs[kind] || []).map((spec) => [spec, Kind]))
      .sort(([a], [b]) => (a.place || 0) - (b.place || 0));
    for (const [spec, Kind] of list) {
      const kept = this.all.get(spec.key);
      const box = kept instanceof Kind ? kept : new Kind(this.model, spec, () => this.changed(), this.from);
      if (box === kept) box.update(spec);
      wanted.set(spec.key, box);
    }
    for (const [key, box] of this.all) {
      if (wanted.get(key) === box) continue;
      box.el.remove();
      box.end?.();
    }
    this.all = wanted;
    this.showWhen();
    return list.map(([spec]) => spec);
  }

  // A box with `when: {choice: value or values}` is asked only while that is the answer to the choice.
  showWhen() {
    for (const box of this.all.values()) {
      const when = Object.entries(box.spec.when || {});
      if (!when.length) continue;
      box.el.hidden = !when.every(([key, values]) => [values].flat().includes(this.all.get(key)?.value));
    }
  }

  asked() {
    return this.list().filter((box) => !box.el.hidden);
  }

  get(key) {
    return this.all.get(key);
  }

  el(spec) {
    return this.all.get(spec.key).el;
  }

  list() {
    return [...this.all.values()];
  }

  fields() {
    return this.list().filter((box) => box instanceof Field);
  }

  // A box without a name of its own answers what is asked above it: `id` is the id of that question.
  nameBy(id) {
    for (const box of this.all.values()) box.nameBy(id);
  }

  values() {
    const fields = {};
    const choices = {};
    for (const [key, box] of this.all) {
      if (box.el.hidden) continue;
      if (box instanceof Field) fields[key] = box.value;
      else if (box.picked().length) choices[key] = box.value;
    }
    return { fields, choices };
  }

  // What the reader has changed. `keep: false` — a return code is never a draft.
  draft() {
    const draft = { fields: {}, choices: {} };
    for (const [key, box] of this.all) {
      if (!box.touched || box.spec.keep === false) continue;
      draft[box instanceof Field ? "fields" : "choices"][key] = box.value;
    }
    return draft;
  }

  restore(draft) {
    for (const [key, text] of Object.entries(draft?.fields || {})) {
      const box = this.all.get(key);
      if (box instanceof Field && text) box.value = text;
    }
    for (const [key, value] of Object.entries(draft?.choices || {})) {
      const box = this.all.get(key);
      if (box && !(box instanceof Field)) box.value = value;
    }
    this.showWhen();
  }

  // Words, or something picked: worth saying that a draft is kept.
  some(draft) {
    const picks = Object.keys(draft.choices || {}).some((key) => this.all.get(key) instanceof Picks);
    return picks || Object.values(draft.fields || {}).some(Boolean);
  }

  // The first box with a fault, its sentence beside it; `words`: where no field is required, one must hold some.
  faulty(words) {
    const boxes = this.asked();
    for (const box of boxes) box.fail(box.fault());
    const wrong = boxes.find((box) => box.error.textContent);
    const fields = this.fields().filter((box) => !box.el.hidden);
    if (wrong || !words || !fields.length) return wrong || null;
    if (fields.some((box) => box.spec.required || box.value.trim())) return null;
    fields[0].fail(say(this.model, "error.no_words"));
    return fields[0];
  }

  // After sharing. Answers (how it is shown, who sees it) stay: they are true for the next words too. Not those to
  // a question that is asked `once`: a yes to taking part is one person's, and words are read back or they are not.
  clear() {
    for (const box of this.all.values()) if (!(box instanceof Answers) || box.spec.once) box.clear();
    this.showWhen();
  }

  // Where a refusal belongs: at the box it names, else at the only field there is.
  refuse(message) {
    const fields = this.fields();
    const box = this.all.get(message.field) || (fields.length === 1 ? fields[0] : null);
    box?.fail(message.message);
    box?.focus();
    return Boolean(box);
  }

  // `cases`: {choice: {value: something}}; what is true for the answers as they stand now.
  caseOf(cases, otherwise) {
    let found = otherwise;
    for (const [key, each] of Object.entries(cases || {})) {
      const box = this.all.get(key);
      const value = box && !box.el.hidden ? box.value : null; // what is not asked just now has no answer
      if (each && typeof value === "string" && each[value]) found = each[value];
    }
    return found;
  }

  end() {
    for (const box of this.all.values()) box.end?.();
  }
}
