// The six parts as links, the wheels as their picture, the other pages, and who is here. One list for every width: on a
// narrow screen a button that says where one is opens it, on a wide one it stands open beside the page.

import { h, needsRedraw, reorderChildren, setOrRemoveAttribute, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { isPlainClick } from "../runtime/links.js";
import { getWheelClass } from "../wheels/wheel_marks.js";
import { createSmallWheels } from "../wheels/wheel_svg.js";

/** @import { Model, NavGroup, NavLink, ShellTraits } from "../types.js" */

/**
 * @param {HTMLElement} list
 * @param {string[]} lines
 */
export function drawPeople(list, lines) {
  const shown = [...list.children].map((line) => line.textContent);
  if (JSON.stringify(shown) !== JSON.stringify(lines)) list.replaceChildren(...lines.map((line) => h("li", {}, line)));
}

export class Navigation {
  /**
   * @param {Model<ShellTraits>} model
   * @param {{go: (page: string, href?: string | null) => void, language: () => void, door: () => void}} acts
   */
  constructor(model, acts) {
    this.model = model;
    this.go = acts.go;
    this.links = new Map(); // key -> <a>, kept over redraws so that focus stays
    this.picture = h("div", { class: "cw-nav-picture" });
    this.mini = h("span", { class: "cw-nav-mini" });
    this.here = h("strong", {});
    this.all = h("span", { class: "cw-nav-all" });
    const words = h("span", { class: "cw-nav-words" }, this.here, " ", this.all);
    const ids = [newId("six"), newId("more"), newId("about")];
    const toggle = { type: "button", class: "cw-nav-button", "aria-expanded": "false", "aria-controls": ids.join(" ") };
    this.button = h("button", { ...toggle, onclick: () => this.toggle() }, this.mini, words);
    this.language = h("button", { type: "button", class: "cw-quiet", onclick: acts.language });
    this.title = h("p", { class: "cw-nav-title", "aria-hidden": "true" });
    this.list = h("ul", { class: "cw-nav-wheels" });
    const bar = h("div", { class: "cw-nav-bar" }, this.button, this.language);
    this.six = h("nav", { class: "cw-nav" }, this.title, bar, h("div", { id: ids[0], class: "cw-nav-fold" }, this.picture, this.list));
    this.moreList = h("ul", {});
    this.more = h("nav", { class: "cw-nav-more cw-nav-fold", id: ids[1] }, this.moreList);
    this.invite = h("button", { type: "button", class: "cw-quiet", onclick: () => this.inviteEveryone() });
    this.inviteRow = h("li", {}, this.invite);
    this.workshop = h("p", { class: "cw-nav-workshop" });
    this.code = h("p", {});
    this.online = h("p", {});
    this.people = h("ul", {});
    this.door = h("button", { type: "button", class: "cw-quiet", onclick: acts.door });
    const about = [this.workshop, this.code, this.online, this.people, this.door];
    this.about = h("section", { class: "cw-nav-about cw-nav-fold", id: ids[2] }, ...about);
    this.el = h("div", { class: "cw-shell-side" }, this.six, this.more, this.about);
    this.el.addEventListener("keydown", (event) => this.closeOnEscape(event));
  }

  get isOpen() {
    return this.button.getAttribute("aria-expanded") === "true";
  }

  /** @param {boolean} open */
  setOpen(open) {
    this.button.setAttribute("aria-expanded", String(open));
    this.el.classList.toggle("cw-open", open);
  }

  // Whoever opens the list stands in it, at the page that is open.
  toggle() {
    this.setOpen(!this.isOpen);
    if (!this.isOpen) return;
    const links = /** @type {HTMLElement[]} */ ([...this.el.querySelectorAll("a[href]")]);
    (links.find((link) => link.hasAttribute("aria-current")) || links[0])?.focus();
  }

  /** @param {KeyboardEvent} event */
  closeOnEscape(event) {
    if (event.key !== "Escape" || !this.isOpen) return;
    this.setOpen(false);
    this.button.focus();
  }

  foldAfterMove() {
    this.setOpen(false);
  }

  inviteEveryone() {
    this.model.send({ do: "invite", page: (this.model.get("place") || {}).key || "", ends: "" });
    // On a narrow screen the list folds away and takes the button along: the strip then says what was done.
    if (this.isOpen) {
      this.setOpen(false);
      this.button.focus();
    }
  }

  // What stands at the head of a wide page, which has no room for it on a phone.
  drawAbout() {
    const get = (name) => this.model.get(name);
    this.about.setAttribute("aria-label", t(this.model, "shell.about"));
    setText(this.workshop, get("title"));
    setText(this.code, t(this.model, "common.code", { code: get("code") }));
    setText(this.online, t(this.model, "common.people_here", { n: get("people") || 0 }));
    drawPeople(this.people, get("here") || []);
  }

  draw() {
    const get = (name) => this.model.get(name);
    const groups = get("nav") || [];
    const place_ = get("place") || {};
    this.six.hidden = this.about.hidden = !groups.length;
    this.drawAbout();
    this.more.hidden = !(get("more_nav") || []).length;
    const label = t(this.model, "common.parts");
    this.six.setAttribute("aria-label", label);
    setText(this.title, label);
    this.more.setAttribute("aria-label", t(this.model, "shell.parts_other"));
    setText(this.here, place_.link ? t(this.model, "shell.you_are_in", { part: place_.link }) : label);
    setText(this.all, t(this.model, "common.all_parts"));
    setText(this.invite, t(this.model, "invite.here"));
    const invites = get("may_invite") && !(get("invite") || {}).here;
    if (!needsRedraw(this.list, [groups, invites, get("more_nav"), get("lang")])) return;
    const go = (part) => this.go(part.key, part.href);
    this.picture.replaceChildren(createSmallWheels(groups, false, go));
    this.mini.replaceChildren(createSmallWheels(groups, true, () => {}));
    const seen = new Set();
    reorderChildren(this.list, this.removeOthers(this.list, groups.map((group) => this.drawGroup(group, seen))));
    const more = (get("more_nav") || []).map((part) => this.drawLink(part, seen));
    if (invites) more.push(this.inviteRow);
    reorderChildren(this.moreList, this.removeOthers(this.moreList, more));
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
