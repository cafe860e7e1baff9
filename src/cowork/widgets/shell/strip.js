// What is seen wherever one stands: for whom a scribe writes, the connection, where everyone is invited, a welcome.
// It stays at the top of the window, and no box that somebody types in is left beneath it.

import { h, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { isOwnPage } from "../runtime/links.js";
import { deviceStorage } from "../runtime/storage.js";

/** @import { Invite, Model, ShellTraits } from "../types.js" */

// Between the strip and a box that has the focus.
const GAP_PX = 12;
const TYPED_IN = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button])";

/**
 * One message and what can be done about it. A row that says nothing is still there for a screen reader, which hears
 * words that come into it, and not a row that comes with its words.
 */
class StripRow {
  /**
   * @param {string} cls
   * @param {...HTMLElement} acts
   */
  constructor(cls, ...acts) {
    this.words = h("p", { role: "status" });
    this.count = h("span", { class: "cw-strip-count" }); // outside the status: it changes, and is not said each time
    this.acts = h("div", { class: "cw-strip-acts" }, ...acts);
    this.el = h("div", { class: `cw-strip-row ${cls}` }, h("div", { class: "cw-strip-words" }, this.words, this.count), this.acts);
    this.show("");
  }

  /**
   * @param {string} words
   * @param {string} [count]
   */
  show(words, count = "") {
    setText(this.words, words);
    setText(this.count, count);
    this.el.classList.toggle("cw-strip-off", !words);
    this.acts.hidden = !words;
  }
}

export class Strip {
  /**
   * @param {Model<ShellTraits>} model
   * @param {AbortSignal} signal
   * @param {HTMLElement} shell
   * @param {{go: (page: string, href?: string | null) => void, reload: () => void, leave: () => void}} acts
   */
  constructor(model, signal, shell, acts) {
    this.model = model;
    this.shell = shell;
    this.acts = acts;
    const button = (onclick) => h("button", { type: "button", class: "cw-second", onclick });
    this.stopWriting = button(() => model.send({ do: "stop-writing" }));
    this.again = button(acts.reload);
    this.goThere = h("a", { class: "cw-button", onclick: (event) => this.acceptInvite(event) });
    this.stay = button(() => this.declineInvite());
    this.stopInviting = button(() => model.send({ do: "invite", page: "", ends: this.invite.id || "" }));
    this.close = button(() => this.closeWelcome());
    // What matters most comes first: while somebody types on a small screen it is all there is room for.
    this.writing = new StripRow("cw-strip-writing", this.stopWriting);
    this.connection = new StripRow("cw-strip-connection", this.again);
    this.invitation = new StripRow("cw-strip-invite", this.goThere, this.stay, this.stopInviting);
    this.welcome = new StripRow("cw-strip-welcome", this.close);
    const rows = [this.writing, this.connection, this.invitation, this.welcome];
    this.el = h("section", { class: "cw-strip" }, ...rows.map((row) => row.el));
    this.again.hidden = true;
    shell.addEventListener("focusin", ({ target }) => this.noteTyping(target), { signal });
    // After the press and not before it: the strip grows again, and must not take a button from under the pointer.
    for (const done of ["click", "keyup"]) shell.addEventListener(done, () => this.noteTyping(document.activeElement, true), { signal });
    const sizes = new ResizeObserver(() => this.makeRoom());
    sizes.observe(this.el);
    signal.addEventListener("abort", () => {
      sizes.disconnect();
      if (isOwnPage()) document.documentElement.style.removeProperty("scroll-padding-top");
    });
  }

  // While somebody types on a small screen the strip takes one line (shell.css).
  noteTyping(target, ends = false) {
    const types = target instanceof Element && target.matches(TYPED_IN);
    if (types || ends) this.shell.classList.toggle("cw-typing", types);
  }

  get invite() {
    return /** @type {Invite} */ (this.model.get("invite") || {});
  }

  draw() {
    this.el.setAttribute("aria-label", t(this.model, "shell.messages"));
    setText(this.stopWriting, t(this.model, "scribing.stop"));
    setText(this.again, t(this.model, "connection.button.again"));
    setText(this.close, t(this.model, "common.close"));
    this.writing.show(this.model.get("writing_for") || "");
    const welcome = this.model.get("welcome") || "";
    this.welcome.show(welcome === this.closed ? "" : welcome);
    this.drawInvite();
  }

  /**
   * @param {string} words
   * @param {{good: boolean}} kind
   */
  showConnection(words, { good }) {
    this.connection.show(words);
    this.connection.el.classList.toggle("cw-good", good);
  }

  // Invitation ---------------------------------------------------------------------------------------

  drawInvite() {
    const { id, text, href, here, stop, came } = this.invite;
    // Whoever stands there has come; when they go elsewhere they are not asked again.
    if (id && here) this.settleInvite();
    const open = Boolean(id) && (stop || (!here && id !== deviceStorage.get(this.getInviteKey())));
    this.invitation.show(open ? text || "" : "", stop ? came : "");
    setText(this.goThere, t(this.model, "common.go"));
    setText(this.stay, t(this.model, "common.stay"));
    setText(this.stopInviting, t(this.model, "invite.stop"));
    this.goThere.href = href || "#cw-main";
    this.goThere.hidden = Boolean(here);
    this.stay.hidden = Boolean(stop);
    this.stopInviting.hidden = !stop;
  }

  getInviteKey() {
    return `cowork:invite:${String(this.model.get("code") || "").toUpperCase()}`;
  }

  settleInvite() {
    if (deviceStorage.get(this.getInviteKey()) !== this.invite.id) deviceStorage.set(this.getInviteKey(), this.invite.id || "");
  }

  acceptInvite(event) {
    event.preventDefault();
    const { page, href } = this.invite;
    this.settleInvite();
    this.drawInvite();
    if (page) this.acts.go(page, href);
  }

  declineInvite() {
    this.settleInvite();
    this.drawInvite();
    this.acts.leave();
  }

  closeWelcome() {
    this.closed = this.model.get("welcome");
    this.draw();
    this.acts.leave();
  }

  // Room ---------------------------------------------------------------------------------------------

  // What is scrolled to, or has the focus, comes to stand below the strip. On a page of ours the window scrolls; in
  // JupyterLab the notebook does, and each control keeps the distance itself.
  makeRoom() {
    const height = this.el.offsetHeight;
    const room = height ? height + GAP_PX : 0;
    this.shell.style.setProperty("--strip", `${height}px`);
    this.shell.style.setProperty("--strip-room", `${isOwnPage() ? 0 : room}px`);
    if (isOwnPage()) document.documentElement.style.scrollPaddingTop = `${room}px`;
    const box = document.activeElement;
    if (!height || !box?.matches(TYPED_IN) || !this.shell.contains(box)) return;
    const { top, bottom } = box.getBoundingClientRect();
    const edge = this.el.getBoundingClientRect().bottom;
    if (top < edge && bottom > 0) box.scrollIntoView({ block: "nearest" });
  }
}
