// The steps as nested lists: everything there is to read stands here. A step is made once and then only changed
// where it differs, so that a reader's place, focus and open folds stay while others write.

import { createParagraphs, findFocused, h, needsRedraw, reorderChildren, setChildren, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { createLabelSource, labelControl } from "../runtime/labels.js";
import { describeLanguage } from "../runtime/language_name.js";
import { followLink } from "../runtime/links.js";
import { getWheelClass } from "../wheels/wheel_marks.js";

/** @import { Attributes, Child, DrawnStep, Model, StepNode, TreeTraits } from "../types.js" */

const MAX_UNFOLDED_STEPS = 16; // with more steps than this, what lies deeper than two levels is folded: a telephone shows four

const STATE_CLASSES = { gap: "cw-gap", unwritten: "cw-unwritten" };

/**
 * The nodes as they are drawn: each once with its steps; where it comes again, only a word that it stands above.
 * Data that leads back to itself ends there, so nothing can go round.
 * @param {StepNode[]} steps
 * @returns {DrawnStep[]}
 */
export function buildTree(steps) {
  const kids = new Map(); // id -> steps: they may come with whichever mention
  const words = new Map(); // id -> the node as it stands first
  const gather = [...steps];
  while (gather.length) {
    const node = /** @type {StepNode} */ (gather.pop());
    if (kids.has(node.id) && !(node.steps || []).length) continue;
    const known = kids.get(node.id);
    kids.set(node.id, known?.length ? known : node.steps || []);
    if (!known?.length) gather.push(...(node.steps || []));
  }
  const seen = new Set();
  /** @type {(node: StepNode, parent: DrawnStep | null, depth: number) => DrawnStep} */
  const draw = (node, parent, depth) => {
    const again = seen.has(node.id);
    seen.add(node.id);
    if (!again) words.set(node.id, node);
    /** @type {DrawnStep} */
    const own = { node, again, first: words.get(node.id), depth, parent, key: again ? `${parent?.key}>${node.id}` : node.id, steps: [] };
    const under = new Set();
    if (!again) {
      for (const step of kids.get(node.id)) {
        if (under.has(step.id)) continue; // twice under the same step says nothing more
        under.add(step.id);
        own.steps.push(draw(step, own, depth + 1));
      }
    }
    return own;
  };
  const top = new Set();
  return steps.filter((node) => !top.has(node.id) && top.add(node.id)).map((node) => draw(node, null, 0));
}

/** @param {DrawnStep[]} tree @returns {DrawnStep[]} */
export function flattenTree(tree) {
  return tree.flatMap((one) => [one, ...flattenTree(one.steps)]);
}

/** @param {StepNode} node */
export function getStepClass(node) {
  const dashed = node.dashed || node.state === "gap" || node.state === "unwritten";
  return ["cw-step", getWheelClass(node.wheel), STATE_CLASSES[node.state], dashed && "cw-dashed", node.dashed && "cw-differs", node.lead && "cw-lead"]
    .filter(Boolean)
    .join(" ");
}

/**
 * What a step says, the same in the list and in the picture.
 * @param {Model} model
 * @param {Partial<StepNode>} node
 */
export function createStepContent(model, node) {
  const quote = (one) =>
    one.gap
      ? h("p", { class: "cw-step-gap" }, one.gap)
      : h(
          "blockquote",
          {},
          h("p", { class: "cw-typed", dir: "auto", lang: one.lang ?? node.lang ?? null }, one.text),
          one.by ? h("p", { class: "cw-by", dir: "auto" }, one.by) : null,
        );
  const by = [node.by && h("bdi", {}, node.by), node.when_text, describeLanguage(model, node.lang)].filter(Boolean);
  return [
    node.label ? h("p", { class: "cw-step-label" }, node.label) : null,
    node.text ? h("p", { class: "cw-step-text cw-typed", dir: "auto", lang: node.lang ?? null }, node.text) : null,
    (node.quotes || []).map(quote),
    by.length ? h("p", { class: "cw-by" }, by.map((part) => h("span", {}, part))) : null,
    node.mark ? h("p", { class: "cw-mark" }, node.mark) : null,
    (node.note || []).length ? h("div", { class: "cw-notes" }, createParagraphs(node.note)) : null,
  ];
}

/**
 * A link with a page in it stays in the shell; the browser keeps its own ways (a new tab) with any other press.
 * @param {string | undefined} href
 * @param {Child} text
 * @param {Attributes} [attrs]
 */
export function createStepLink(href, text, attrs) {
  const safe = href && /^[?#/]/.test(href) ? href : null;
  return h("a", { href: safe, onclick: (event) => followLink(event, safe), ...attrs }, text);
}

class TreeStep {
  /** @param {StepList} list */
  constructor(list) {
    this.list = list;
    this.model = list.model;
    this.face = h("div", { class: "cw-step-face" });
    this.steps = h("ol", { class: "cw-steps" });
    this.summary = h("summary");
    /** @type {HTMLDetailsElement | null} */
    this.details = null;
    this.el = h("li", {}, this.face);
  }

  /** @param {DrawnStep} own @param {boolean} foldNow */
  update(own, foldNow) {
    const { node, again, first } = own;
    if (needsRedraw(this.face, [{ ...first, steps: 0 }, again, this.list.languageState])) this.drawFace(own);
    this.el.className = `${getStepClass(node)}${again ? " cw-again" : ""}${own.depth > 5 ? " cw-deep" : ""}`;
    this.el.dataset.id = node.id;
    this.updateFold(own, foldNow);
    reorderChildren(this.steps, own.steps.map((step) => this.list.getStep(step.key).el));
  }

  /** @param {DrawnStep} own */
  drawFace({ first: node, again }) {
    const held = findFocused(this.face);
    const parts = again ? this.createReference(node) : createStepContent(this.model, node);
    const link = !again && node.href && node.href_text ? createStepLink(node.href, node.href_text) : null;
    setChildren(this.face, parts, link && h("p", {}, link));
    if (link) this.labelLink(link);
    if (held) (this.face.querySelector("a, button") || this.prepareFocus()).focus();
  }

  // Ten steps have ten links of one name: the words of each say which is which.
  labelLink(link) {
    const words = /** @type {HTMLElement | null} */ (this.face.querySelector(".cw-step-text, blockquote > .cw-typed"));
    if (!words) return;
    const id = newId("step");
    const copy = createLabelSource(words, id);
    if (copy) this.face.append(copy);
    labelControl(link, id);
  }

  /**
   * The words once more, so that one knows what is meant, and the way to where they stand.
   * @param {StepNode} node
   */
  createReference(node) {
    const id = newId("again");
    const there = () => this.list.goToStep(node.id);
    const { label, text, quotes, lang } = node;
    return [
      createStepContent(this.model, { label, text, quotes, lang }),
      h("p", { class: "cw-notes", id }, t(this.model, "trace.again")),
      h("button", { type: "button", class: "cw-quiet", "aria-describedby": id, onclick: there }, t(this.model, "common.go")),
    ];
  }

  /**
   * A branch is folded as a whole: one press, and all of it stands open. What stood open is never folded away.
   * @param {DrawnStep} own
   * @param {boolean} foldNow
   */
  updateFold(own, foldNow) {
    const count = flattenTree(own.steps).length;
    const folds = foldNow && own.depth === 1 && count > 0;
    if (folds && !this.details) {
      const wasOpen = this.steps.isConnected;
      const details = h("details", {}, this.summary, this.steps);
      details.open = wasOpen || this.list.opened.has(own.key);
      details.addEventListener("toggle", () => this.list.opened[details.open ? "add" : "delete"](own.key));
      this.details = details;
      this.el.append(details);
    } else if (!folds && this.details) {
      this.el.append(this.steps);
      this.details.remove();
      this.details = null;
    }
    if (folds) setText(this.summary, t(this.model, "trace.fold", { n: count }));
    else if (!count) this.steps.remove();
    else if (this.steps.parentNode !== this.el) this.el.append(this.steps);
  }

  prepareFocus() {
    this.el.tabIndex = -1;
    return this.el;
  }
}

export class StepList {
  /** @param {Model<TreeTraits>} model */
  constructor(model) {
    this.model = model;
    /** @type {Map<string, TreeStep>} */
    this.steps = new Map(); // by key
    this.opened = new Set();
    this.el = h("ol", { class: "cw-steps cw-steps-top" });
  }

  /** @param {DrawnStep[]} tree */
  draw(tree) {
    this.languageState = JSON.stringify([this.model.get("lang"), this.model.get("words")]);
    const held = findFocused(this.el);
    const beside = held ? [...this.steps].filter(([, step]) => step.el.contains(held)).map(([key]) => key) : [];
    const all = flattenTree(tree);
    const keys = new Set(all.map((own) => own.key));
    for (const [key, step] of this.steps) {
      if (keys.has(key)) continue;
      step.el.remove();
      this.steps.delete(key);
    }
    for (const own of all) if (!this.steps.has(own.key)) this.steps.set(own.key, new TreeStep(this));
    // From the leaves up: a list is filled with what stands already.
    for (const own of all.reverse()) this.getStep(own.key).update(own, all.length > MAX_UNFOLDED_STEPS);
    reorderChildren(this.el, tree.map((own) => this.getStep(own.key).el));
    if (held && document.activeElement !== held) this.restoreFocus(held, beside);
  }

  /**
   * @param {string} key of a step that is drawn
   * @returns {TreeStep}
   */
  getStep(key) {
    return /** @type {TreeStep} */ (this.steps.get(key));
  }

  /**
   * A node that moved has lost its focus; one that is gone leaves it to the nearest step that is still here.
   * @param {HTMLElement} held
   * @param {string[]} beside
   */
  restoreFocus(held, beside) {
    if (findFocused(this.el)) return;
    if (this.el.contains(held) && held.checkVisibility?.() !== false) held.focus({ preventScroll: true });
    if (document.activeElement === held) return;
    const near = beside.reverse().map((key) => this.steps.get(key)).find(Boolean);
    if (near) near.prepareFocus().focus({ preventScroll: true });
  }

  /** @param {string} id */
  goToStep(id) {
    const step = this.steps.get(id);
    if (!step) return;
    for (let at = step.el.parentElement; at && at !== this.el; at = at.parentElement) if (at instanceof HTMLDetailsElement) at.open = true;
    step.prepareFocus().focus();
    step.el.scrollIntoView({ block: "center" });
  }
}
