// The page around the parts: who is here, the language, the six parts, the place for a page, the connection.
// One per page; it is also the channel for words whose own box is not on the screen.

// Sentences that say that words stay on the device, and what is so where only this page has them.
const ON_PAGE = {
  "connection.lost": "connection.lost_page",
  "connection.lost_long": "connection.lost_long_page",
  "connection.unsent": "connection.unsent_page",
};

class ShellView {
  constructor({ model, el, signal, host }) {
    Object.assign(this, { model, signal, host });
    this.address = new Address(model);
    this.slots = new Map(); // ref -> {el, abort}
    this.turn = 0;
    this.moving = false;
    this.unsent = false; // something waited while the connection was lost
    this.el = root(el, model, "shell");
    this.nav = new Nav(model, signal, (page, href) => this.go(page, href));
    this.frame();
    this.asked = { coworkGo: (page, href) => this.go(page, href), coworkSay: (text) => this.speak(text) };
    Object.assign(globalThis, this.asked);
    this.el.addEventListener("cowork:go", (event) => this.took(event));
    this.el.addEventListener("click", (event) => this.stay(event));
    const own = ["lang", "words", "title", "code", "people", "place", "nav", "more_nav", "invite", "note", "ready", "front", "browser"];
    watch(model, own, () => this.draw());
    watch(model, ["parts"], () => this.showParts());
    joinOutbox(model, signal, { shell: true, heard: (what, item, message) => this.heard(what, item, message) });
    model.on("msg:custom", (message) => this.told(message || {}));
    window.addEventListener("popstate", () => this.wentBack(), { signal });
    const titles = new MutationObserver(() => this.nameThePage());
    titles.observe(this.main, { childList: true, characterData: true, subtree: true });
    signal.addEventListener("abort", () => this.end(titles));
    this.draw();
    this.showParts();
    this.hello();
    this.beat = new Beat(model, signal, (state) => this.connection(state));
  }

  frame() {
    this.name = h("p", { class: "cw-shell-title" });
    this.people = h("span", { class: "cw-people" });
    this.codeWords = h("span", { class: "cw-shell-code" });
    this.language = h("button", { type: "button", class: "cw-quiet", onclick: () => this.otherLanguage() });
    this.banner = h("p", { role: "status" });
    this.again = h("button", { type: "button", class: "cw-second", hidden: true, onclick: () => this.reopen() });
    this.connectionBox = h("div", { class: "cw-shell-ban", hidden: true }, this.banner, this.again);
    this.note = h("p", { role: "alert", class: "cw-shell-ban cw-shell-note" });
    this.inviteWords = h("p", { role: "status" });
    this.inviteGo = h("a", { class: "cw-button", onclick: (e) => this.takeInvite(e) });
    this.inviteStay = h("button", { type: "button", class: "cw-second", onclick: () => this.leaveInvite() });
    const buttons = h("div", { class: "cw-row" }, this.inviteGo, this.inviteStay);
    // JupyterLab would take a key that is pressed on our buttons for a command of its own, and D twice for "delete this
    // cell". It looks at whatever has the focus, from there outwards, and ends at this mark.
    this.el.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
    this.inviteBox = h("div", { class: "cw-shell-ban cw-shell-invite" }, this.inviteWords, buttons);
    this.main = h("main", { id: "cw-main", tabindex: "-1" });
    this.spoken = h("div", { class: "cw-vh", role: "status" });
    this.unkept = new Unkept(this.model, this.signal, (page, href) => this.go(page, href));
    this.door = h("button", { type: "button", class: "cw-quiet", onclick: () => this.enter("", "") });
    const meta = h("div", { class: "cw-shell-meta" }, this.people, this.codeWords, this.door, this.language);
    const bans = h("div", { class: "cw-shell-bans" }, this.unkept.el, this.connectionBox, this.note, this.inviteBox);
    this.el.append(
      // In the header, so that a link in them stands in a landmark.
      h("header", {}, h("div", { class: "cw-shell-head" }, this.name, meta), bans),
      h("div", { class: "cw-shell-body" }, this.nav.el, this.main),
      this.spoken,
    );
  }

  draw() {
    const get = (name) => this.model.get(name);
    const [lang, front] = [get("lang"), get("front")];
    if (this.elsewhere()) return;
    this.el.lang = tagOf(lang);
    if (ownPage()) document.documentElement.lang = tagOf(lang);
    this.el.classList.toggle("cw-front", Boolean(front));
    this.el.classList.toggle("cw-waiting", !get("ready"));
    tell(this.name, get("title"));
    const known = !front && get("ready");
    this.people.hidden = this.codeWords.hidden = !known || !get("code");
    this.countPeople();
    const code = h("strong", {}, get("code"));
    const [before, after = ""] = say(this.model, "common.code", { code: "\u0000" }).split("\u0000");
    this.codeWords.replaceChildren(before, code, after);
    // On a page of ours the address leads there.
    this.door.hidden = ownPage() || !get("code");
    tell(this.door, say(this.model, "shell.in_front"));
    // The button names the other language, in that language.
    this.language.lang = lang === "sv" ? "en-GB" : "sv";
    tell(this.language, say(this.model, "common.language"));
    tell(this.note, get("note") || "");
    tell(this.again, say(this.model, "connection.button.again"));
    this.drawInvite();
    this.unkept.draw();
    this.nav.el.hidden = Boolean(front);
    this.nav.draw();
    if (this.bannerKey) this.tellConnection(this.bannerKey);
    this.nameThePage();
  }

  // Who else is here is not known while nothing arrives: then that is what stands there.
  countPeople() {
    const lost = this.beat && this.beat.state !== "fine";
    tell(this.people, say(this.model, lost ? "shell.not_connected" : "common.people_here", { n: this.model.get("people") || 0 }));
  }

  drawInvite() {
    const invite = this.model.get("invite") || {};
    const open = invite.id && invite.id !== device.get(this.inviteKey());
    this.inviteBox.hidden = !open;
    tell(this.inviteWords, open ? invite.text || "" : "");
    tell(this.inviteGo, say(this.model, "common.go"));
    tell(this.inviteStay, say(this.model, "common.stay"));
    this.inviteGo.href = invite.href || "#cw-main";
  }

  inviteKey() {
    return `cowork:invite:${String(this.model.get("code") || "").toUpperCase()}`;
  }

  takeInvite(event) {
    event.preventDefault();
    const { id, page, href } = this.model.get("invite") || {};
    device.set(this.inviteKey(), id);
    this.drawInvite();
    this.go(page, href);
  }

  leaveInvite() {
    device.set(this.inviteKey(), (this.model.get("invite") || {}).id || "");
    this.drawInvite();
    this.main.focus({ preventScroll: true });
  }

  // Parts --------------------------------------------------------------------------------------------

  async showParts() {
    const refs = this.elsewhere() ? [] : this.model.get("parts") || [];
    this.turn += 1;
    const turn = this.turn;
    for (const [ref, slot] of this.slots) {
      if (refs.includes(ref)) continue;
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
    place(this.main, refs.map((ref) => this.slots.get(ref).el));
    await Promise.all(fresh.map(([ref, slot]) => this.showPart(ref, slot)));
    if (turn === this.turn) this.arrived();
  }

  // A part's model can arrive a moment after the list that names it. The kernel writes references as
  // ipywidgets does; anywidget's host reads its own spelling.
  async showPart(ref, slot) {
    for (let tries = 0; !slot.abort.signal.aborted; tries += 1) {
      try {
        // ipywidgets writes a widget as IPY_MODEL_<id>; anywidget asks for anywidget:<id>.
        const part = await this.host.getWidget(String(ref).replace(/^IPY_MODEL_/, "anywidget:"));
        if (!slot.abort.signal.aborted) await part.render({ el: slot.el, signal: slot.abort.signal });
        return;
      } catch (error) {
        if (tries >= 40) {
          console.error("cowork: a part of this page could not be shown", error);
          slot.el.replaceChildren(h("p", { role: "alert", class: "cw-error" }, say(this.model, "error.page")));
          return;
        }
        await new Promise((later) => setTimeout(later, 150));
      }
    }
  }

  // After a move the reader stands at the new page's question, not at the link that is gone.
  arrived() {
    this.nameThePage();
    const top = this.main.querySelector("h1");
    if (!this.moving || !top) return;
    this.moving = false;
    const at = this.address.get("at");
    const card = at && this.main.querySelector(`[data-id="${CSS.escape(at)}"]`);
    if (card) {
      // A link to a place: the reader stands at the words themselves, not at the head of the page.
      card.tabIndex = -1;
      card.focus({ preventScroll: true });
      // A card with a long talk under it begins with the words: its middle is somebody else's.
      card.scrollIntoView({ block: card.offsetHeight > innerHeight / 2 ? "start" : "center" });
      return;
    }
    if (ownPage()) window.scrollTo(0, 0);
    else top.scrollIntoView({ block: "nearest" });
    top.setAttribute("tabindex", "-1");
    top.focus({ preventScroll: true });
  }

  nameThePage() {
    if (!ownPage()) return;
    const top = this.main.querySelector("h1")?.textContent;
    const title = [top, this.model.get("title")].filter(Boolean).join(" · ");
    if (title && document.title !== title) document.title = title;
  }

  // Moving -------------------------------------------------------------------------------------------

  // A link in the page was pressed: to a page here, or to another workshop of this device.
  took(event) {
    const { page, href } = event.detail;
    const code = new URLSearchParams((href || "").split("?")[1] || "").get("w");
    if (page) this.go(page, href);
    else if (code) this.enter(code, "");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // In JupyterLab a link that nobody has taken would load JupyterLab anew.
  stay(event) {
    const href = event.target.closest?.("a[href]")?.getAttribute("href") || "";
    if (ownPage() || event.defaultPrevented || !plainClick(event) || !/^[?#]/.test(href)) return;
    event.preventDefault();
    goFrom(event.target, new URLSearchParams(href.slice(1)).get("page") || "", href);
  }

  go(page, href) {
    if (!page) return;
    window.dispatchEvent(new Event("cowork:save"));
    this.address.go(href || this.address.changed({ page, at: "" }));
    this.startMoving();
    const at = new URLSearchParams((href || "").split("?")[1] || "").get("at") || "";
    this.model.send({ do: "go", page, at });
  }

  startMoving(fold = true) {
    this.moving = true;
    if (fold) this.nav.moved();
    clearTimeout(this.movingTimer);
    this.movingTimer = setTimeout(() => (this.moving = false), 10000);
    this.shownQuery = this.address.search;
    this.shownCode = this.address.get("w");
  }

  wentBack() {
    // The skip link: the same page, at a place in it. In JupyterLab a step back is none of ours.
    if (this.address.search === this.shownQuery) return;
    const before = this.shownCode;
    this.startMoving();
    if ((before ?? "") !== this.shownCode) this.hello();
    else this.model.send({ do: "go", page: this.address.get("page"), at: this.address.get("at") });
  }

  hello() {
    if (this.elsewhere()) return;
    const code = this.address.get("w");
    this.shownQuery = this.address.search;
    this.shownCode = code;
    this.key = keyFor(code);
    this.model.send({
      do: "hello",
      lang: chosenLang(),
      code,
      page: this.address.get("page"),
      at: this.address.get("at"),
      key: this.key,
      origin: this.address.origin,
      browser: ownPage() ? "" : browserMark(),
      mine: mineList(),
      zone: new Intl.DateTimeFormat().resolvedOptions().timeZone || "",
    });
  }

  // This notebook is shown in another browser already, and is whoever sits there: nothing of theirs is drawn here.
  elsewhere() {
    const shown = this.model.get("browser");
    const other = Boolean(shown) && shown !== browserMark();
    if (other) this.el.replaceChildren(h("p", { role: "status" }, say(this.model, "shell.elsewhere")));
    return other;
  }

  otherLanguage() {
    const lang = this.model.get("lang") === "sv" ? "en" : "sv";
    device.set("cowork:lang", lang);
    this.model.send({ do: "lang", lang });
  }

  // What the kernel says -------------------------------------------------------------------------------

  told(message) {
    const { code, page, title } = message;
    const acts = {
      "say-hello": () => this.hello(),
      entered: () => this.enter(code, page),
      opened: () => {
        keepFreshAs(code, this.key);
        this.enter(code, page);
      },
      keep: () => rememberMine(code, title),
      forget: () => {
        forgetAll(code);
        this.enter("", "");
      },
      gone: () => {
        // An answer that comes late must not fold the list from under a reader who has opened it meanwhile.
        const other = page !== this.address.get("page");
        this.address.go(message.href || this.address.changed({ page, at: message.at }), true);
        this.startMoving(other);
      },
      say: () => this.speak(String(message.text || "")),
    };
    if (typeof message.do === "string" && hasOwn(acts, message.do)) acts[message.do]();
  }

  enter(code, page) {
    this.address.go(this.address.changed({ w: code, page, at: "" }));
    this.startMoving();
    this.hello();
  }

  // Connection -----------------------------------------------------------------------------------------

  connection(state) {
    this.el.classList.toggle("cw-lost", state !== "fine");
    this.countPeople();
    if (state === "fine") {
      this.again.hidden = true;
      this.tellConnection(this.unsent ? "" : "connection.back_plain");
      this.afterLoss = true;
      this.settled();
      return;
    }
    this.unsent ||= outbox.waiting(this.model).length > 0;
    // JupyterLab's own page would come back without the kernel that is gone: there the cell is run again.
    const long = ownPage() ? "connection.lost_long" : "shell.run_again";
    this.again.hidden = state !== "long" || !ownPage();
    this.tellConnection(state === "long" ? long : "connection.lost");
  }

  // "Your words are shared" is said only once every kept text has its acknowledgement.
  settled() {
    if (!this.afterLoss || outbox.waiting(this.model).length) return;
    if (this.unsent) this.tellConnection("connection.back");
    this.unsent = this.afterLoss = false;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.bannerKey.startsWith("connection.back") && this.tellConnection(""), 8000);
  }

  tellConnection(key) {
    this.bannerKey = key;
    const back = key.startsWith("connection.back");
    tell(this.banner, key ? say(this.model, (device.keeps() ? null : ON_PAGE[key]) || key, { n: outbox.waiting(this.model).length }) : "");
    this.connectionBox.hidden = !key;
    this.connectionBox.classList.toggle("cw-good", back);
  }

  reopen() {
    window.dispatchEvent(new Event("cowork:save"));
    location.reload();
  }

  // Words whose own box is elsewhere: kept, sent through here, and told here.
  heard(what, item, message) {
    const lost = this.beat && this.beat.state !== "fine";
    if (lost && outbox.waiting(this.model).length) this.unsent = true;
    if (what === "late" && !lost) this.tellConnection("connection.unsent");
    if (what === "shared" && this.bannerKey === "connection.unsent" && !outbox.waiting(this.model).length) {
      this.tellConnection("connection.back");
      this.afterLoss = true;
      this.unsent = false;
    }
    if (what === "refused") tell(this.note, message.message);
    queueMicrotask(() => this.settled());
  }

  // Speech: one sentence every three seconds at most, however much arrives.
  speak(text) {
    this.toSay = [...(this.toSay || []), text];
    this.sayTimer ??= setTimeout(() => {
      this.sayTimer = null;
      tell(this.spoken, this.toSay.join(" "));
      this.toSay = [];
    }, 300);
  }

  end(titles) {
    titles.disconnect();
    // Another notebook's shell, or this cell run again, may stand there by now.
    for (const [name, own] of Object.entries(this.asked)) if (globalThis[name] === own) delete globalThis[name];
    for (const timer of [this.movingTimer, this.quiet, this.sayTimer]) clearTimeout(timer);
  }
}

export default {
  render(view) {
    new ShellView(view);
  },
};
