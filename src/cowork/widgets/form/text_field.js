// A box to write in and a set of answers to choose from: native controls, real labels, errors tied to them.
// Both are updated in place. A control that somebody is typing in is never taken away.

class Field {
  constructor(model, spec, changed) {
    this.model = model;
    this.key = spec.key;
    const id = newId("field");
    const line = Boolean(spec.line);
    this.control = h(line ? "input" : "textarea", {
      id,
      type: line ? "text" : null,
      dir: "auto",
      autocomplete: "off",
      oninput: () => {
        this.touched = true;
        this.fail("");
        changed(this);
      },
    });
    this.label = h("label", { for: id, class: "cw-label" });
    this.hint = h("p", { id: `${id}-hint`, class: "cw-hint" });
    this.error = h("p", { id: `${id}-error`, class: "cw-error", role: "alert" });
    this.el = h("div", { class: "cw-field" }, this.label, this.hint, this.error, this.control);
    this.touched = false;
    this.given = null;
    this.update(spec);
  }

  update(spec) {
    this.spec = spec;
    tell(this.label, spec.label || "");
    this.label.hidden = !spec.label;
    this.label.classList.toggle("cw-vh", Boolean(spec.quiet));
    tell(this.hint, spec.hint || "");
    this.hint.hidden = !spec.hint;
    if (!spec.line) this.control.rows = spec.rows || 4;
    this.control.required = Boolean(spec.required);
    // A value from the kernel fills the box only while its reader has not changed it.
    const value = spec.value || "";
    if (value !== this.given && !this.touched) this.control.value = value;
    this.given = value;
    this.describe();
  }

  // Without a label of its own a box is named by what is asked above it.
  nameBy(id) {
    setOrDrop(this.control, "aria-labelledby", this.spec.label ? "" : id);
  }

  describe() {
    const by = [this.error.textContent && this.error.id, this.spec.hint && this.hint.id].filter(Boolean);
    setOrDrop(this.control, "aria-describedby", by.join(" "));
  }

  get value() {
    return this.control.value;
  }

  set value(text) {
    this.control.value = text;
    this.touched = text !== (this.given || "");
  }

  // Back to what the kernel gave: after sharing.
  clear() {
    this.control.value = this.given || "";
    this.touched = false;
    this.fail("");
  }

  fail(message) {
    tell(this.error, message);
    this.el.classList.toggle("cw-bad", Boolean(message));
    setOrDrop(this.control, "aria-invalid", message ? "true" : "");
    this.describe();
  }

  // A sentence where something is wrong with what stands in the box, or "".
  fault() {
    if (this.spec.required && !this.value.trim()) return say(this.model, "error.no_words");
    return faultOf(this.model, this.value, this.spec.limit);
  }

  focus() {
    this.control.closest("details")?.setAttribute("open", "");
    this.control.focus();
  }
}

// What every group of answers does alike: its name, its hint and its fault, tied to the fieldset.
class Group {
  nameBy(id) {
    setOrDrop(this.el, "aria-labelledby", this.spec.legend ? "" : id);
  }

  describe() {
    const by = [this.error.textContent && this.error.id, this.spec.hint && this.hint.id].filter(Boolean);
    setOrDrop(this.el, "aria-describedby", by.join(" "));
  }

  fail(message) {
    tell(this.error, message);
    this.el.classList.toggle("cw-bad", Boolean(message));
    this.describe();
  }
}

// Radio buttons, or checkboxes where several answers are possible: one native group, arrow keys included.
class Answers extends Group {
  constructor(model, spec, changed) {
    super();
    this.model = model;
    this.key = spec.key;
    this.name = newId("answers");
    this.changed = changed;
    this.legend = h("legend", {});
    this.hint = h("p", { id: `${this.name}-hint`, class: "cw-hint" });
    this.error = h("p", { id: `${this.name}-error`, class: "cw-error", role: "alert" });
    this.rows = h("div", { class: "cw-options" });
    this.el = h("fieldset", { class: "cw-answers" }, this.legend, this.hint, this.error, this.rows);
    this.touched = false;
    this.chosen = [];
    this.update(spec);
  }

  update(spec) {
    this.spec = spec;
    tell(this.legend, spec.legend || "");
    this.legend.hidden = !spec.legend;
    tell(this.hint, spec.hint || "");
    this.hint.hidden = !spec.hint;
    const shape = JSON.stringify([spec.options, spec.many, spec.grid, spec.apart_h]);
    if (shape !== this.shape) this.draw(spec, shape);
    const given = JSON.stringify(spec.many ? spec.values || spec.value || [] : spec.value || "");
    if (given !== this.given && !this.touched) this.check(JSON.parse(given));
    this.given = given;
    this.describe();
  }

  draw(spec, shape) {
    const focused = this.rows.contains(document.activeElement) ? document.activeElement.value : null;
    this.shape = shape;
    const options = spec.options || [];
    this.rows.replaceChildren(...(spec.grid ? gridOf(this, spec.grid, options) : this.list(options)));
    this.rows.classList.toggle("cw-grid", Boolean(spec.grid));
    const short = !spec.grid && options.every((o) => !o.hint && plainLine(o.label).length < 24);
    this.rows.classList.toggle("cw-short", short && options.length < 4);
    this.check(this.chosen);
    if (focused !== null) this.inputs().find((input) => input.value === focused)?.focus();
  }

  // Answers that are `apart` are no steps of the scale: they stand below it, after a line and words that say so.
  list(options) {
    const first = options.find((option) => option.apart);
    return options.flatMap((option) => {
      const row = this.row(option);
      if (option !== first || option === options[0]) return [row];
      return [h("p", { class: "cw-hint cw-apart-h" }, this.spec.apart_h || ""), row];
    });
  }

  row(option) {
    const id = newId("option");
    const hint = option.hint ? h("span", { id: `${id}-hint`, class: "cw-hint" }, option.hint) : null;
    const label = h("label", { for: id }, option.label || option.value);
    return h("div", { class: "cw-option" }, this.input(option, id), label, hint);
  }

  input(option, id) {
    return h("input", {
      id,
      type: this.spec.many ? "checkbox" : "radio",
      name: this.name,
      value: option.value,
      "aria-describedby": option.hint ? `${id}-hint` : null,
      onchange: () => {
        this.touched = true;
        this.chosen = this.picked();
        this.fail("");
        this.changed(this);
      },
    });
  }

  inputs() {
    return [...this.rows.querySelectorAll("input")];
  }

  picked() {
    return this.inputs().filter((input) => input.checked).map((input) => input.value);
  }

  check(values) {
    this.chosen = Array.isArray(values) ? values : [values];
    for (const input of this.inputs()) input.checked = this.chosen.includes(input.value);
  }

  get value() {
    const picked = this.picked();
    return this.spec.many ? picked : picked[0] || "";
  }

  set value(values) {
    this.check(values);
    this.touched = true;
  }

  clear() {
    this.touched = false;
    this.check(JSON.parse(this.given));
    this.fail("");
  }

  fault() {
    return this.spec.required && !this.picked().length ? say(this.model, "error.no_choice") : "";
  }

  focus() {
    this.el.closest("details")?.setAttribute("open", "");
    this.inputs()[0]?.focus();
  }
}
