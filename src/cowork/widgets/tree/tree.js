// How did we get here? A list of steps back to what was said, and beside it, where there is room, their picture.

const ROOM = "(min-width: 900px)";
const CHOICE = "cowork:trace:view";
const MOST_LINKS = 6;
const TALL = 40; // steps

class Tree {
  constructor(model, el, signal) {
    Object.assign(this, { model, signal });
    this.el = root(el, model, "tree");
    this.room = window.matchMedia(ROOM);
    this.room.addEventListener("change", () => this.drawPicture(), { signal });
    this.list = new StepList(model);
    this.picture = new Picture(model, signal, () => this.drawPicture());
    this.frame();
    this.draw();
    const own = ["lang", "words", "heading", "level", "hint", "empty", "begin_h", "begin", "steps"];
    watch(model, own, () => this.draw());
  }

  frame() {
    this.titleBox = h("div", {});
    this.hint = h("p", { class: "cw-hint" });
    this.begin = h("section", { class: "cw-begin" });
    this.empty = h("p", { class: "cw-empty" });
    this.change = h("button", { type: "button", class: "cw-second", onclick: () => this.changeView() });
    this.print = h("button", { type: "button", class: "cw-second", onclick: () => window.print() });
    this.row = h("div", { class: "cw-row" }, this.change, this.print);
    // The list is first in the page; where there is a picture, that is first to the eye.
    this.both = h("div", { class: "cw-tree-both" }, this.list.el, this.picture.el);
    this.el.append(this.titleBox, this.hint, this.begin, this.empty, this.row, this.both);
  }

  draw() {
    const get = (name) => this.model.get(name);
    this.el.lang = tagOf(get("lang"));
    if (this.titleShape !== get("level")) this.titleBox.replaceChildren(heading(get("level"), ""));
    this.titleShape = get("level");
    tell(this.titleBox.firstChild, get("heading"));
    this.titleBox.hidden = !get("heading");
    tell(this.hint, get("hint"));
    this.hint.hidden = !get("hint");
    this.drawBegin(get("begin") || [], get("begin_h"));
    const steps = get("steps") || [];
    tell(this.empty, get("empty"));
    this.empty.hidden = Boolean(steps.length) || !get("empty");
    this.tree = treeOf(steps);
    this.list.draw(this.tree);
    this.list.el.hidden = !steps.length;
    this.print.hidden = !steps.length || !ownPage();
    tell(this.print, say(this.model, "trace.button.print"));
    this.drawPicture();
  }

  drawBegin(begin, title) {
    const shape = JSON.stringify([begin, title, this.model.get("words")]);
    this.begin.hidden = !begin.length;
    if (shape === this.beginShape) return;
    this.beginShape = shape;
    const held = this.begin.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const open = this.begin.querySelector("details")?.open;
    const list = h("ul", {}, begin.map((one) => h("li", {}, this.beginLink(one))));
    const name = title || this.model.get("heading");
    this.begin.setAttribute("aria-label", name);
    // Many places to begin would push what one came to read off a telephone's screen.
    if (begin.length > MOST_LINKS) this.begin.replaceChildren(folded(name, list));
    else this.begin.replaceChildren(...[title && heading((this.model.get("level") || 2) + (this.model.get("heading") ? 1 : 0), title), list].filter(Boolean));
    if (open) this.begin.firstChild.open = true;
    if (held) this.begin.querySelector(`[data-id="${CSS.escape(held)}"]`)?.focus();
  }

  beginLink(one) {
    const words = [
      one.label ? h("span", { class: "cw-step-label" }, one.label) : null,
      h("span", { class: "cw-begin-text", dir: "auto" }, one.text),
      one.here ? h("span", { class: "cw-tag" }, say(this.model, "journey.here")) : null,
    ];
    return stepLink(one.href, words, { "data-id": one.id, "aria-current": one.here ? "true" : null });
  }

  drawPicture() {
    const fits = this.room.matches && this.picture.fits(this.tree);
    const chosen = device.get(CHOICE);
    // A picture of many steps is tall and would stand before its list: it comes when it is asked for.
    this.pictured = fits && (chosen ? chosen === "picture" : allOf(this.tree).length <= TALL);
    this.picture.draw(this.pictured);
    this.both.classList.toggle("cw-with-picture", this.pictured);
    this.change.hidden = !fits;
    tell(this.change, say(this.model, this.pictured ? "trace.button.list" : "journey.button.picture"));
    this.row.hidden = this.change.hidden && this.print.hidden;
  }

  changeView() {
    device.set(CHOICE, this.pictured ? "list" : "picture");
    this.drawPicture();
  }
}

export default {
  render({ model, el, signal }) {
    new Tree(model, el, signal);
  },
};
