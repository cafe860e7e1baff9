// The six parts as links, the wheels as their picture, and the other pages. One list for every width: on a
// narrow screen it folds away beneath "You are in …", on a wide one it stands open beside the page.

import { h, needsRedraw, reorderChildren, setOrRemoveAttribute, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { isPlainClick } from "../runtime/links.js";
import { getWheelClass } from "../wheels/wheel_marks.js";
import { createSmallWheels } from "../wheels/wheel_svg.js";

/** @import { Model, NavGroup, NavLink, ShellTraits } from "../types.js" */

const WIDE_SCREEN = "(min-width: 900px)";

export class Navigation {
  /**
   * @param {Model<ShellTraits>} model
   * @param {AbortSignal} signal
   * @param {(page: string, href?: string | null) => void} go
   */
  constructor(model, signal, go) {
    this.model = model;
    this.go = go;
    this.links = new Map(); // key -> <a>, kept over redraws so that focus stays
    this.picture = h("div", { class: "cw-nav-picture" });
    this.mini = h("span", { class: "cw-nav-mini" });
    this.here = h("strong", {});
    this.all = h("span", { class: "cw-nav-all" });
    this.summary = h(
      "summary",
      {},
      h("span", { class: "cw-nav-here" }, this.mini, h("span", { class: "cw-nav-words" }, this.here, this.all)),
    );
    this.title = h("p", { class: "cw-nav-title", "aria-hidden": "true" });
    this.list = h("ul", { class: "cw-nav-wheels" });
    this.fold = h("details", {}, this.summary, this.picture, this.list);
    this.six = h("nav", { class: "cw-nav" }, this.title, this.fold);
    this.moreList = h("ul", {});
    this.more = h("nav", { class: "cw-nav-more" }, this.moreList);
    this.el = h("div", { class: "cw-shell-side" }, this.six, this.more);
    const wide = window.matchMedia(WIDE_SCREEN);
    const fit = () => {
      this.fold.open = wide.matches;
    };
    wide.addEventListener("change", fit, { signal });
    // Paper shows the list whatever the width of the screen was.
    window.addEventListener("beforeprint", () => (this.fold.open = true), { signal });
    window.addEventListener("afterprint", fit, { signal });
    fit();
  }

  foldAfterMove() {
    if (!window.matchMedia(WIDE_SCREEN).matches) this.fold.open = false;
  }

  draw() {
    const get = (name) => this.model.get(name);
    const groups = get("nav") || [];
    const place_ = get("place") || {};
    this.six.hidden = !groups.length;
    this.more.hidden = !(get("more_nav") || []).length;
    const label = t(this.model, "common.parts");
    this.six.setAttribute("aria-label", label);
    setText(this.title, label);
    this.more.setAttribute("aria-label", t(this.model, "shell.parts_other"));
    setText(this.here, place_.link ? t(this.model, "shell.you_are_in", { part: place_.link }) : label);
    setText(this.all, t(this.model, "common.all_parts"));
    if (!needsRedraw(this.list, [groups, get("more_nav"), get("lang")])) return;
    const go = (part) => this.go(part.key, part.href);
    this.picture.replaceChildren(createSmallWheels(groups, false, go));
    this.mini.replaceChildren(createSmallWheels(groups, true, () => {}));
    const seen = new Set();
    reorderChildren(this.list, this.removeOthers(this.list, groups.map((group) => this.drawGroup(group, seen))));
    reorderChildren(this.moreList, this.removeOthers(this.moreList, (get("more_nav") || []).map((part) => this.drawLink(part, seen))));
    for (const key of this.links.keys()) if (!seen.has(key)) this.links.delete(key);
  }

  removeOthers(list, wanted) {
    for (const child of [...list.children]) if (!wanted.includes(child)) child.remove();
    return wanted;
  }

  /** @param {NavGroup} group @param {Set<string>} seen */
  drawGroup({ wheel, name, parts }, seen) {
    const key = `group:${wheel}`;
    seen.add(key);
    let group = this.links.get(key);
    if (!group) {
      group = h("li", { class: getWheelClass(wheel) }, h("p", { class: "cw-nav-wheel" }), h("ul", {}));
      this.links.set(key, group);
    }
    const [title, list] = group.children;
    setText(title, name || "");
    reorderChildren(list, this.removeOthers(list, (parts || []).map((part) => this.drawLink(part, seen))));
    return group;
  }

  /**
   * A part that has no page here is a plain text: a link that leads nowhere would be a promise.
   * @param {NavLink} part
   * @param {Set<string>} seen
   */
  drawLink(part, seen) {
    const key = `${part.href ? "to" : "at"}:${part.key}`;
    seen.add(key);
    let row = this.links.get(key);
    if (!row) {
      const click = (event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        this.go(part.key, row.firstChild.getAttribute("href"));
      };
      const link = part.href ? h("a", { onclick: click }) : h("span", { class: "cw-nav-text" });
      link.append(h("span", {}), " ", h("small", {}));
      row = h("li", {}, link);
      this.links.set(key, row);
    }
    const link = row.firstChild;
    if (part.href) link.setAttribute("href", part.href);
    setOrRemoveAttribute(link, "aria-current", part.here && "page");
    setText(link.firstElementChild, part.name || "");
    setText(link.lastElementChild, part.note || "");
    return row;
  }
}
