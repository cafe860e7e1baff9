// How did we get here? A list of steps back to what was said, and beside it, where there is room, their picture.

import {
  createDetails, createHeading, createRoot, drawHeading, findFocused, h, needsRedraw, setChildren, setText, setTextOrHide, watchTraits,
} from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { isOwnPage } from "../runtime/links.js";
import { deviceStorage } from "../runtime/storage.js";
import { buildTree, createStepLink, flattenTree, StepList } from "./tree_list.js";
import { TreePicture } from "./tree_svg.js";

/** @import { BeginLink, DrawnStep, TreeTraits, View } from "../types.js" */

const PICTURE_MEDIA = "(min-width: 900px)";
const VIEW_KEY = "cowork:trace:view";
const MAX_OPEN_LINKS = 6;
const MAX_UNASKED_STEPS = 40; // steps
const MAX_UNASKED_COLUMNS = 4; // of more, each holds few words a line: the list, which goes from left to right too, is read sooner

class TreeView {
  /** @param {View<TreeTraits>} view */
  constructor({ model, el, signal }) {
    this.model = model;
    this.el = createRoot(el, model, "tree");
    /** @type {DrawnStep[]} */
    this.tree = [];
    this.room = window.matchMedia(PICTURE_MEDIA);
    this.room.addEventListener("change", () => this.drawPicture(), { signal });
    this.list = new StepList(model);
    this.picture = new TreePicture(model, signal, () => this.drawPicture());
    this.titleBox = h("div", {});
    this.hint = h("p", { class: "cw-hint" });
    this.begin = h("section", { class: "cw-begin" });
    this.empty = h("p", { class: "cw-empty" });
    this.change = h("button", { type: "button", class: "cw-second", onclick: () => this.toggleView() });
    this.print = h("button", { type: "button", class: "cw-second", onclick: () => window.print() });
    this.row = h("div", { class: "cw-row" }, this.change, this.print);
    // The list is first in the page; where there is a picture, that is first to the eye.
    this.both = h("div", { class: "cw-tree-both" }, this.list.el, this.picture.el);
    this.el.append(this.titleBox, this.hint, this.begin, this.empty, this.row, this.both);
    this.draw();
    const own = ["lang", "words", "heading", "level", "hint", "empty", "begin_h", "begin", "steps"];
    watchTraits(model, own, () => this.draw());
  }

  draw() {
    const get = (name) => this.model.get(name);
    drawHeading(this.titleBox, get("level"), get("heading"));
    setTextOrHide(this.hint, get("hint"));
    this.drawBegin(get("begin") || [], get("begin_h"));
    const steps = get("steps") || [];
    setText(this.empty, get("empty"));
    this.empty.hidden = Boolean(steps.length) || !get("empty");
    this.tree = buildTree(steps);
    this.list.draw(this.tree);
    this.list.el.hidden = !steps.length;
    this.print.hidden = !steps.length || !isOwnPage();
    setText(this.print, t(this.model, "trace.button.print"));
    this.drawPicture();
  }

  /** @param {BeginLink[]} begin @param {string} title */
  drawBegin(begin, title) {
    this.begin.hidden = !begin.length;
    if (!needsRedraw(this.begin, [begin, title, this.model.get("words")])) return;
    const held = findFocused(this.begin)?.dataset.id;
    const open = this.begin.querySelector("details")?.open;
    const list = h("ul", {}, begin.map((one) => h("li", {}, this.createBeginLink(one))));
    const name = title || this.model.get("heading");
    this.begin.setAttribute("aria-label", name);
    // Many places to begin would push what one came to read off a telephone's screen.
    if (begin.length > MAX_OPEN_LINKS) this.begin.replaceChildren(createDetails(name, list));
    else setChildren(this.begin, title ? createHeading((this.model.get("level") || 2) + (this.model.get("heading") ? 1 : 0), title) : null, list);
    const fold = this.begin.querySelector("details");
    if (open && fold) fold.open = true;
    if (held) this.begin.querySelector(`[data-id="${CSS.escape(held)}"]`)?.focus();
  }

  /** @param {BeginLink} one */
  createBeginLink(one) {
    const words = [
      one.label ? h("span", { class: "cw-step-label" }, one.label) : null,
      h("span", { class: "cw-begin-text", dir: "auto" }, one.text),
      one.here ? h("span", { class: "cw-tag" }, t(this.model, "journey.here")) : null,
    ];
    return createStepLink(one.href, words, { "data-id": one.id, "aria-current": one.here ? "true" : null });
  }

  drawPicture() {
    const fits = this.room.matches && this.picture.fits(this.tree);
    const chosen = deviceStorage.get(VIEW_KEY);
    // A picture of many steps is tall and would stand before its list: it comes when it is asked for.
    const small = flattenTree(this.tree).length <= MAX_UNASKED_STEPS && this.picture.next.columns <= MAX_UNASKED_COLUMNS;
    this.pictured = fits && (chosen ? chosen === "picture" : small);
    this.picture.draw(this.pictured);
    this.both.classList.toggle("cw-with-picture", this.pictured);
    this.change.hidden = !fits;
    setText(this.change, t(this.model, this.pictured ? "trace.button.list" : "journey.button.picture"));
    this.row.hidden = this.change.hidden && this.print.hidden;
  }

  toggleView() {
    deviceStorage.set(VIEW_KEY, this.pictured ? "list" : "picture");
    this.drawPicture();
  }
}

export default {
  /** @param {View<TreeTraits>} view */
  render(view) {
    new TreeView(view);
  },
};
