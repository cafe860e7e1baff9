// The page around the parts: who is here, the language, the six parts, the place for a page, the connection.
// One per page; it is also the channel for words whose own box is not on the screen.

import { createRoot, findFocused, h, hasOwn, reorderChildren, setText, showAndFocus, watchTraits } from "../runtime/dom.js";
import { getLanguageTag, t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { labelWhileFocused } from "../runtime/labels.js";
import { getQueryValue, isOwnPage, isPlainClick, requestNavigation } from "../runtime/links.js";
import { outbox, subscribeToOutbox } from "../runtime/outbox.js";
import { deviceStorage } from "../runtime/storage.js";
import { Address, getBrowserId } from "./address.js";
import { ConnectionMonitor } from "./connection_monitor.js";
import { assignFreshKey, forgetWorkshop, getDeviceKey, getLanguage, listWorkshops, rememberWorkshop } from "./device_store.js";
import { drawPeople, Navigation } from "./navigation.js";
import { Strip } from "./strip.js";
import { UnsavedNotice } from "./unsaved_notice.js";

/** @import { Answer, ConnectionState, MessageFromKernel, OutboxEvent, ShellTraits, Submission, View } from "../types.js" */

// Sentences that say that words stay on the device, and what is so where only this page has them.
const PAGE_ONLY_WORDS = {
  "connection.lost": "connection.lost_page",
  "connection.lost_long": "connection.lost_long_page",
  "connection.unsent": "connection.unsent_page",
};

class ShellView {
  /** @param {View<ShellTraits>} view */
  constructor({ model, el, signal, host }) {
    this.model = model;
    this.signal = signal;
    this.host = host;
    this.address = new Address(model);
    /** @type {Map<string, {el: HTMLElement, abort: AbortController}>} */
    this.slots = new Map(); // by reference
    this.bannerKey = "";
    this.turn = 0; // of drawing the parts
    this.drawnTurn = 0; // the last one that was drawn to its end
    this.movedTurn = 0; // the last one after which the reader was brought to the page
    this.moving = false;
    this.arrived = false; // the kernel has said where one is
    this.unsent = false; // something waited while the connection was lost
    this.el = createRoot(el, model, "shell");
    this.el.classList.toggle("cw-own-page", isOwnPage()); // its width is that of the window
    const go = (page, href) => this.goToPage(page, href);
    const door = () => this.enterWorkshop("", "");
    this.navigation = new Navigation(model, { go, language: () => this.switchLanguage(), door });
    this.name = h("p", { class: "cw-shell-title" });
    this.peopleCount = h("summary", {});
    this.peopleList = h("ul", {});
    this.people = h("details", { class: "cw-people" }, this.peopleCount, this.peopleList);
    this.codeWords = h("span", { class: "cw-shell-code" });
    this.language = h("button", { type: "button", class: "cw-quiet", onclick: () => this.switchLanguage() });
    this.note = h("p", { role: "alert", class: "cw-shell-ban cw-shell-note" });
    // JupyterLab would take a key that is pressed on our buttons for a command of its own, and D twice for "delete this
    // cell". It looks at whatever has the focus, from there outwards, and ends at this mark.
    this.el.addEventListener("focusin", ({ target }) => target instanceof Element && target.setAttribute("data-lm-suppress-shortcuts", "true"));
    this.main = h("main", { id: "cw-main", tabindex: "-1" });
    const leave = () => this.main.focus({ preventScroll: true });
    this.strip = new Strip(model, signal, this.el, { go, reload: () => this.saveAndReload(), leave });
    this.spoken = h("div", { class: "cw-vh", role: "status" });
    this.unsavedNotice = new UnsavedNotice(this.model, this.signal, go);
    this.door = h("button", { type: "button", class: "cw-quiet", onclick: door });
    const meta = h("div", { class: "cw-shell-meta" }, this.people, this.codeWords, this.door, this.language);
    const bans = h("div", { class: "cw-shell-bans" }, this.unsavedNotice.el, this.note);
    this.el.append(
      // In the header, so that a link in them stands in a landmark.
      h("header", {}, h("div", { class: "cw-shell-head" }, this.name, meta), bans),
      this.strip.el,
      h("div", { class: "cw-shell-body" }, this.navigation.el, this.main),
      this.spoken,
    );
    this.globals = { coworkGo: (page, href) => this.goToPage(page, href), coworkSay: (text) => this.announce(text) };
    Object.assign(globalThis, this.globals);
    this.el.addEventListener("cowork:go", (event) => this.handleLink(event));
    this.el.addEventListener("click", (event) => this.keepInNotebook(event));
    const own = ["lang", "words", "title", "code", "people", "place", "nav", "more_nav", "here", "invite", "may_invite", "writing_for", "welcome", "note", "ready", "front", "browser"];
    watchTraits(model, own, () => this.draw());
    watchTraits(model, ["parts"], () => this.renderParts());
    subscribeToOutbox(model, signal, { shell: true, onEvent: (what, item, message) => this.handleOutboxEvent(what, item, message) });
    model.on("msg:custom", (message) => this.handleMessage(message || {}));
    window.addEventListener("popstate", () => this.handlePopState(), { signal });
    const titles = new MutationObserver(() => this.updateTitle());
    titles.observe(this.main, { childList: true, characterData: true, subtree: true });
    signal.addEventListener("abort", () => this.destroy(titles));
    this.draw();
    this.renderParts();
    this.sendHello();
    this.monitor = new ConnectionMonitor(model, signal, (state) => this.handleConnectionState(state));
  }

  draw() {
    const get = (name) => this.model.get(name);
    const [lang, front] = [get("lang"), get("front")];
    if (this.drawElsewhere()) return;
    if (isOwnPage()) document.documentElement.lang = getLanguageTag(lang);
    this.el.classList.toggle("cw-front", Boolean(front));
    this.el.classList.toggle("cw-listed", !front && Boolean((get("nav") || []).length));
    this.el.classList.toggle("cw-waiting", !get("ready"));
    setText(this.name, get("title"));
    const known = !front && get("ready");
    this.people.hidden = this.codeWords.hidden = !known || !get("code");
    this.drawPeople();
    const code = h("strong", {}, get("code"));
    const [before, after = ""] = t(this.model, "common.code", { code: "\u0000" }).split("\u0000");
    this.codeWords.replaceChildren(before, code, after);
    // On a page of ours the address leads there.
    this.door.hidden = isOwnPage() || !get("code");
    this.navigation.door.hidden = this.door.hidden;
    for (const button of [this.door, this.navigation.door]) setText(button, t(this.model, "shell.in_front"));
    // The button names the other language, in that language. On a narrow screen it stands beside the list's own.
    for (const button of [this.language, this.navigation.language]) {
      button.lang = lang === "sv" ? "en-GB" : "sv";
      setText(button, t(this.model, "common.language"));
    }
    setText(this.note, get("note") || "");
    this.strip.draw();
    this.unsavedNotice.draw();
    this.navigation.el.hidden = Boolean(front);
    this.navigation.draw();
    if (this.bannerKey) this.showConnectionMessage(this.bannerKey);
    this.updateTitle();
  }

  // Who else is here is not known while nothing arrives: then that is what stands there.
  drawPeople() {
    const lost = this.monitor && this.monitor.state !== "fine";
    drawPeople(this.peopleList, this.model.get("here") || []);
    setText(this.peopleCount, t(this.model, lost ? "shell.not_connected" : "common.people_here", { n: this.model.get("people") || 0 }));
  }

  // Parts --------------------------------------------------------------------------------------------

  async renderParts() {
    const refs = this.drawElsewhere() ? [] : this.model.get("parts") || [];
    this.turn += 1;
    const turn = this.turn;
    for (const [ref, slot] of this.slots) {
      if (refs.includes(ref)) continue;
      // What goes takes no focus with it, however long the next page takes to come.
      if (findFocused(slot.el)) this.main.focus({ preventScroll: true });
      slot.abort.abort();
      slot.el.remove();
      this.slots.delete(ref);
    }
    const fresh = [];
    for (const ref of refs) {
      if (this.slots.has(ref)) continue;
      const slot = { el: h("div", { class: "cw-part" }), abort: new AbortController() };
      this.signal.addEventListener("abort", () => slot.abort.abort(), { signal: slot.abort.signal });
      this.slots.set(ref, slot);
      fresh.push([ref, slot]);
    }
    reorderChildren(this.main, refs.flatMap((ref) => this.slots.get(ref)?.el ?? []));
    // The reader begins at the question, however long a part below it takes to come.
    const begin = () => turn === this.turn && this.finishMove();
    await Promise.all(fresh.map(([ref, slot]) => this.renderPart(ref, slot).then(begin)));
    if (turn !== this.turn) return;
    this.drawnTurn = turn;
    this.finishMove();
  }

  // A part's model can arrive a moment after the list that names it. The kernel writes references as
  // ipywidgets does; anywidget's host reads its own spelling.
  async renderPart(ref, slot) {
    for (let tries = 0; !slot.abort.signal.aborted; tries += 1) {
      try {
        // ipywidgets writes a widget as IPY_MODEL_<id>; anywidget asks for anywidget:<id>.
        const part = await this.host.getWidget(String(ref).replace(/^IPY_MODEL_/, "anywidget:"));
        if (!slot.abort.signal.aborted) await part.render({ el: slot.el, signal: slot.abort.signal });
        return;
      } catch (error) {
        if (tries >= 40) {
          console.error("cowork: a part of this page could not be shown", error);
          slot.el.replaceChildren(h("p", { role: "alert", class: "cw-error" }, t(this.model, "error.page")));
          return;
        }
        await new Promise((later) => setTimeout(later, 150));
      }
    }
  }

  // After a move the reader stands at the new page's question, not at the link that is gone.
  finishMove() {
    this.updateTitle();
    const top = this.main.querySelector("h1");
    const at = this.address.get("at");
    if (!this.moving || !top || (at && this.drawnTurn !== this.turn)) return;
    this.moving = false;
    this.movedTurn = this.turn;
    if (this.navigation.isOpen && findFocused(this.navigation.el)) return; // the reader is on the way somewhere else
    if (findFocused(this.main)?.matches("input, select, textarea")) return; // or has begun to write
    const card = at && this.main.querySelector(`[data-id="${CSS.escape(at)}"]`);
    if (card) {
      card.dispatchEvent(new Event("cowork:unfold", { bubbles: true })); // it may be folded away (card_list.js)
      // A link to a place: the reader stands at the words themselves, not at the head of the page.
      card.tabIndex = -1;
      const words = card.querySelector(".cw-words, .cw-typed");
      if (words) labelWhileFocused(card, (words.id ||= newId("words")));
      showAndFocus(card);
      return;
    }
    const form = /** @type {HTMLElement | null} */ (at && this.main.querySelector(".cw-ask[data-led]"));
    if (form) {
      form.tabIndex = -1;
      labelWhileFocused(form, form.querySelector(".cw-opener")?.id || "");
      showAndFocus(form);
      return;
    }
    if (isOwnPage()) window.scrollTo(0, 0);
    else top.scrollIntoView({ block: "nearest" });
    top.setAttribute("tabindex", "-1");
    top.focus({ preventScroll: true });
  }

  updateTitle() {
    if (!isOwnPage()) return;
    const top = this.main.querySelector("h1")?.textContent;
    const title = [top, this.model.get("title")].filter(Boolean).join(" · ");
    if (title && document.title !== title) document.title = title;
  }

  // Moving -------------------------------------------------------------------------------------------

  // A link in the page was pressed: to a page here, or to another workshop of this device.
  handleLink(event) {
    const { page, href } = event.detail;
    const code = getQueryValue(href, "w");
    if (page) this.goToPage(page, href);
    else if (code) this.enterWorkshop(code, "");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // In JupyterLab a link that nobody has taken would load JupyterLab anew.
  keepInNotebook(event) {
    const href = event.target.closest?.("a[href]")?.getAttribute("href") || "";
    if (isOwnPage() || event.defaultPrevented || !isPlainClick(event) || !/^[?#]/.test(href)) return;
    event.preventDefault();
    requestNavigation(event.target, new URLSearchParams(href.slice(1)).get("page") || "", href);
  }

  /** @param {string} page @param {string | null} [href] */
  goToPage(page, href) {
    if (!page) return;
    window.dispatchEvent(new Event("cowork:save"));
    this.address.go(href || this.address.getHref({ page, at: "" }));
    this.startMove();
    const at = getQueryValue(href, "at");
    this.model.send({ do: "go", page, at });
  }

  startMove(fold = true) {
    this.moving = true;
    if (fold) this.navigation.foldAfterMove();
    clearTimeout(this.movingTimer);
    this.movingTimer = setTimeout(() => (this.moving = false), 10000);
    this.rememberAddress();
  }

  rememberAddress() {
    this.shownQuery = this.address.search;
    this.shownCode = this.address.get("w");
  }

  handlePopState() {
    // The skip link: the same page, at a place in it. In JupyterLab a step back is none of ours.
    if (this.address.search === this.shownQuery) return;
    const before = this.shownCode;
    this.startMove();
    if ((before ?? "") !== this.shownCode) this.sendHello();
    else this.model.send({ do: "go", page: this.address.get("page"), at: this.address.get("at") });
  }

  sendHello() {
    if (this.drawElsewhere()) return;
    const code = this.address.get("w");
    this.rememberAddress();
    this.key = getDeviceKey(code);
    this.model.send({
      do: "hello",
      lang: getLanguage(),
      code,
      page: this.address.get("page"),
      at: this.address.get("at"),
      key: this.key,
      origin: this.address.origin,
      browser: isOwnPage() ? "" : getBrowserId(),
      mine: listWorkshops(),
      zone: new Intl.DateTimeFormat().resolvedOptions().timeZone || "",
    });
  }

  // This notebook is shown in another browser already, and is whoever sits there: nothing of theirs is drawn here.
  drawElsewhere() {
    const shown = this.model.get("browser");
    const other = Boolean(shown) && shown !== getBrowserId();
    if (other) this.el.replaceChildren(h("p", { role: "status" }, t(this.model, "shell.elsewhere")));
    return other;
  }

  switchLanguage() {
    const lang = this.model.get("lang") === "sv" ? "en" : "sv";
    deviceStorage.set("cowork:lang", lang);
    this.model.send({ do: "lang", lang });
  }

  // What the kernel says -------------------------------------------------------------------------------

  /** @param {MessageFromKernel} message */
  handleMessage(message) {
    const { code = "", page = "", title } = message;
    const acts = {
      "say-hello": () => this.sendHello(),
      entered: () => this.enterWorkshop(code, page),
      opened: () => {
        assignFreshKey(code, this.key);
        this.enterWorkshop(code, page);
      },
      keep: () => rememberWorkshop(code, title),
      forget: () => {
        forgetWorkshop(code);
        this.enterWorkshop("", "");
      },
      gone: () => {
        this.address.go(message.href || this.address.getHref({ page, at: message.at }), true);
        // Who has just opened the address begins at the head of the page, where the skip link is.
        if (!this.arrived && !this.moving && !message.at) this.rememberAddress();
        // Where the list is open now, the reader has opened it since: it must not fold from under them.
        else this.startMove(false);
        this.arrived = true;
        // These words follow the parts. Where those stand already, nothing else would end the move; and where the
        // reader was brought to them, a part that comes later must not take the focus again.
        if (this.movedTurn === this.turn) this.moving = false;
        else this.finishMove();
      },
      say: () => this.announce(String(message.text || "")),
    };
    if (typeof message.do === "string" && hasOwn(acts, message.do)) acts[message.do]();
  }

  /** @param {string} code @param {string} page */
  enterWorkshop(code, page) {
    this.address.go(this.address.getHref({ w: code, page, at: "" }));
    this.startMove();
    this.sendHello();
  }

  // Connection -----------------------------------------------------------------------------------------

  /** @param {ConnectionState} state */
  handleConnectionState(state) {
    this.el.classList.toggle("cw-lost", state !== "fine");
    this.drawPeople();
    if (state === "fine") {
      this.strip.again.hidden = true;
      this.showConnectionMessage(this.unsent || !this.monitor?.hasAnswered ? "" : "connection.back_plain");
      this.afterLoss = true;
      this.announceSettled();
      return;
    }
    this.unsent ||= outbox.listWaiting(this.model).length > 0;
    // JupyterLab's own page would come back without the kernel that is gone: there the cell is run again.
    const long = isOwnPage() ? "connection.lost_long" : "shell.run_again";
    this.strip.again.hidden = state !== "long" || !isOwnPage();
    this.showConnectionMessage(state === "long" ? long : "connection.lost");
  }

  // "Your words are shared" is said only once every kept text has its acknowledgement.
  announceSettled() {
    if (!this.afterLoss || outbox.listWaiting(this.model).length) return;
    if (this.unsent) this.showConnectionMessage("connection.back");
    this.unsent = this.afterLoss = false;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.bannerKey.startsWith("connection.back") && this.showConnectionMessage(""), 8000);
  }

  /** @param {string} key */
  showConnectionMessage(key) {
    this.bannerKey = key;
    const back = key.startsWith("connection.back");
    const words = (deviceStorage.isPersistent() ? null : PAGE_ONLY_WORDS[key]) || key;
    this.strip.showConnection(key ? t(this.model, words, { n: outbox.listWaiting(this.model).length }) : "", { good: back });
  }

  saveAndReload() {
    window.dispatchEvent(new Event("cowork:save"));
    location.reload();
  }

  /**
   * Words whose own box is elsewhere: kept, sent through here, and told here.
   * @param {OutboxEvent} what
   * @param {Submission} item
   * @param {Answer} message of the kernel, where it has answered
   */
  handleOutboxEvent(what, item, message) {
    const lost = this.monitor && this.monitor.state !== "fine";
    if (lost && outbox.listWaiting(this.model).length) this.unsent = true;
    if (what === "late" && !lost) this.showConnectionMessage("connection.unsent");
    if (what === "shared" && this.bannerKey === "connection.unsent" && !outbox.listWaiting(this.model).length) {
      this.showConnectionMessage("connection.back");
      this.afterLoss = true;
      this.unsent = false;
    }
    if (what === "refused") setText(this.note, message.message);
    queueMicrotask(() => this.announceSettled());
  }

  /**
   * Speech: one sentence every three seconds at most, however much arrives.
   * @param {string} text
   */
  announce(text) {
    this.toSay = [...(this.toSay || []), text];
    this.sayTimer ??= setTimeout(() => {
      this.sayTimer = null;
      setText(this.spoken, this.toSay.join(" "));
      this.toSay = [];
    }, 300);
  }

  destroy(titles) {
    titles.disconnect();
    // Another notebook's shell, or this cell run again, may stand there by now.
    for (const [name, own] of Object.entries(this.globals)) if (globalThis[name] === own) delete globalThis[name];
    for (const timer of [this.movingTimer, this.quiet, this.sayTimer]) clearTimeout(timer);
  }
}

export default {
  /** @param {View<ShellTraits>} view */
  render(view) {
    new ShellView(view);
  },
};
