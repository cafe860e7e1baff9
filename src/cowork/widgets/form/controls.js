// The boxes of one form: fields to write in, answers to choose from, picks. A page and a card's own act ask in
// the same way, so both read, keep and give back what was typed through here.

import { t } from "../runtime/i18n.js";
import { OptionGroup, TextField } from "./text_field.js";
import { TextPicker } from "./text_picker.js";

/** @import { Answer, ByChoice, ControlSpecs, Draft, Model } from "../types.js" */

const CONTROL_CLASSES = { fields: TextField, choices: OptionGroup, picks: TextPicker };

export class FormControls {
  /**
   * `from`: {card, act} where the form stands under a card; picks say so when they look for more.
   * @param {Model<any>} model
   * @param {() => void} changed
   * @param {{card: string, act: string}} [from]
   */
  constructor(model, changed, from) {
    this.model = model;
    this.from = from;
    this.onChange = () => {
      this.updateVisibility();
      changed();
    };
    /** @type {Map<string, any>} */
    this.controls = new Map(); // by key, in the order they stand in; they outlive every redraw
  }

  /** @param {ControlSpecs} specs */
  update(specs) {
    const wanted = new Map();
    const list = Object.entries(CONTROL_CLASSES)
      .flatMap(([kind, Kind]) => (specs[kind] || []).map((spec) => [spec, Kind]))
      .sort(([a], [b]) => (a.place || 0) - (b.place || 0));
    for (const [spec, Kind] of list) {
      const kept = this.controls.get(spec.key);
      const box = kept instanceof Kind ? kept : new Kind(this.model, spec, () => this.onChange(), this.from);
      if (box === kept) box.update(spec);
      wanted.set(spec.key, box);
    }
    for (const [key, box] of this.controls) {
      if (wanted.get(key) === box) continue;
      box.el.remove();
      box.destroy?.();
    }
    this.controls = wanted;
    this.updateVisibility();
  }

  // A box with `when: {choice: value or values}` is asked only while that is the answer to the choice.
  updateVisibility() {
    for (const box of this.controls.values()) {
      const when = Object.entries(box.spec.when || {});
      if (!when.length) continue;
      box.el.hidden = !when.every(([key, values]) => [values].flat().includes(this.controls.get(key)?.value));
    }
  }

  /** @param {string} key */
  get(key) {
    return this.controls.get(key);
  }

  listAll() {
    return [...this.controls.values()];
  }

  /** @returns {TextField[]} */
  listFields() {
    return this.listAll().filter((box) => box instanceof TextField);
  }

  /** @returns {OptionGroup[]} questions whose answers are told in one line until somebody wants to change them */
  listBrief() {
    return this.listAll().filter((box) => box.spec.brief);
  }

  // A box without a name of its own answers what is asked above it: `id` is the id of that question.
  labelBy(id) {
    for (const box of this.controls.values()) box.head.labelBy(id);
  }

  /** @returns {{fields: Record<string, string>, choices: Record<string, string | string[]>}} */
  readValues() {
    /** @type {Record<string, string>} */
    const fields = {};
    /** @type {Record<string, string | string[]>} */
    const choices = {};
    for (const [key, box] of this.controls) {
      if (box.el.hidden) continue;
      if (box instanceof TextField) fields[key] = box.value;
      else if (box.listSelected().length) choices[key] = box.value;
    }
    return { fields, choices };
  }

  /**
   * What the reader has changed. `keep: false` — a return code is never a draft.
   * @returns {Draft}
   */
  readDraft() {
    /** @type {Draft} */
    const draft = { fields: {}, choices: {} };
    for (const [key, box] of this.controls) {
      if (!box.touched || box.spec.keep === false) continue;
      const own = /** @type {Record<string, string | string[]>} */ (box instanceof TextField ? draft.fields : draft.choices);
      own[key] = box.value;
    }
    return draft;
  }

  /** @param {Draft | null} draft */
  restoreDraft(draft) {
    for (const [key, text] of Object.entries(draft?.fields || {})) {
      const box = this.controls.get(key);
      if (box instanceof TextField && text) box.value = text;
    }
    for (const [key, value] of Object.entries(draft?.choices || {})) {
      const box = this.controls.get(key);
      if (box && !(box instanceof TextField)) box.value = value;
    }
    this.updateVisibility();
  }

  /**
   * Words, or something picked: worth saying that a draft is kept.
   * @param {Draft} draft
   */
  hasContent(draft) {
    const picks = Object.keys(draft.choices || {}).some((key) => this.controls.get(key) instanceof TextPicker);
    return picks || Object.values(draft.fields || {}).some(Boolean);
  }

  /**
   * The first box with a fault, its sentence beside it; `words`: where no field is required, one must hold some.
   * @param {boolean} words
   * @returns {TextField | OptionGroup | TextPicker | null}
   */
  findFault(words) {
    const boxes = this.listAll().filter((box) => !box.el.hidden);
    for (const box of boxes) box.head.showError(box.findFault());
    const wrong = boxes.find((box) => box.head.hasError);
    const fields = boxes.filter((box) => box instanceof TextField);
    if (wrong || !words || !fields.length) return wrong || null;
    if (fields.some((box) => box.spec.required || box.value.trim())) return null;
    fields[0].head.showError(t(this.model, "error.no_words"));
    return fields[0];
  }

  // After sharing. Answers (how it is shown, who sees it) stay: they are true for the next words too. Not those to
  // a question that is asked `once`: a yes to taking part is one person's, and words are read back or they are not.
  clear() {
    for (const box of this.controls.values()) if (!(box instanceof OptionGroup) || box.spec.once) box.clear();
    this.updateVisibility();
  }

  /**
   * Where a refusal belongs: at the box it names, else at the only field there is.
   * @param {Answer} message
   */
  showRefusal(message) {
    const fields = this.listFields();
    const box = this.controls.get(message.field || "") || (fields.length === 1 ? fields[0] : null);
    box?.head.showError(message.message);
    box?.focus();
    return Boolean(box);
  }

  /**
   * `cases`: {choice: {value: something}}; what is true for the answers as they stand now.
   * @template Value
   * @param {ByChoice<Value> | undefined} cases
   * @param {Value} otherwise
   * @returns {Value}
   */
  selectByChoice(cases, otherwise) {
    let found = otherwise;
    for (const [key, each] of Object.entries(cases || {})) {
      const box = this.controls.get(key);
      const value = box && !box.el.hidden ? box.value : null; // what is not asked just now has no answer
      if (each && typeof value === "string" && each[value]) found = each[value];
    }
    return found;
  }

  destroy() {
    for (const box of this.controls.values()) box.destroy?.();
  }
}
