// What people wrote: a list of cards, a way to look for words and voices, and more on request.

import {
  createRoot, drawHeading, findNeighbour, focusElement, h, needsRedraw, setOrRemoveAttribute, setText, setTextOrHide, showAndFocus, watchTraits,
} from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { subscribeToOutbox } from "../runtime/outbox.js";
import { findUnstorableSign, limitCodePoints } from "../runtime/text.js";
import { getWheelClass } from "../wheels/wheel_marks.js";
import { Card, updateCards } from "./card.js";
import { CardImages } from "./card_images.js";
import { SentWords } from "./sent_words.js";

/** @import { CardChanges, CardItem, CardListTraits, FindSpec, View } from "../types.js" */

const ANNOUNCE_MS = 3000;
const EXPECTED_MS = 5000;
// What has no order of its own stands in columns where there is room. Talk is read from top to bottom.
const COLUMN_KINDS = new Set(["asset", "image", "intention", "interpretation", "need", "theme", "understanding", "view"]);

/** @param {CardItem[]} items */
function chooseLayout(items) {
  const shared = items.filter((item) => !item.private);
  if (shared.some((item) => item.starts_row)) return "cw-columns cw-pairs";
  if (shared.some((item) => item.lead)) return "cw-wide";
  return shared.length > 1 && shared.every((item) => COLUMN_KINDS.has(item.kind || "")) ? "cw-columns" : "";
}

export class CardList {
  /** @param {View<CardListTraits>} view */
  constructor({ model, el, signal }) {
    this.model = model;
    this.signal = signal;
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    /** @type {string | undefined} */
    this.newest = undefined; // of the cards that stood here first
    this.known = null; // ids seen so far; null before the first drawing
    this.fresh = 0;
    this.images = new CardImages(model, signal);
    this.asked = 0; // when this reader last looked for something, or asked for more, and it has not come
    this.el = createRoot(el, model, "wall");
    this.id = newId("wall");
    this.titleBox = h("div", { class: "cw-wall-title" });
    this.hint = h("p", { class: "cw-hint" });
    this.sent = new SentWords(signal);
    this.list = h("ol", { class: "cw-cards" });
    /** @type {Map<string, Card>} */
    this.privateCards = new Map();
    this.privateTitle = h("div", {});
    this.privateList = h("ol", { class: "cw-cards" });
    this.privateBox = h("div", { class: "cw-private", hidden: true }, this.privateTitle, this.privateList);
    this.empty = h("p", { class: "cw-empty" });
    this.more = h("button", { type: "button", class: "cw-second", onclick: () => this.requestMore() });
    this.spoken = h("p", { class: "cw-vh", role: "status" }); // used where no shell speaks for the page
    const [q, voice] = [newId("find"), newId("voice")];
    this.qLabel = h("label", { for: q, class: "cw-label" });
    this.q = h("input", { id: q, type: "search", autocomplete: "off", enterkeyhint: "search", oninput: () => this.scheduleSearch() });
    this.voiceLabel = h("label", { for: voice, class: "cw-label" });
    this.voice = h("select", { id: voice, onchange: () => this.search() });
    this.lookButton = h("button", { type: "submit", class: "cw-second" });
    this.clearButton = h("button", { type: "button", class: "cw-quiet", onclick: () => this.clearSearch() });
    this.result = h("p", { role: "status", class: "cw-found" });
    const submit = (event) => {
      event.preventDefault();
      this.search();
    };
    this.voiceBox = h("div", { class: "cw-find-box" }, this.voiceLabel, this.voice);
    this.find = h(
      "form",
      { role: "search", class: "cw-find", onsubmit: submit },
      h("div", { class: "cw-find-box" }, this.qLabel, this.q),
      this.voiceBox,
      h("div", { class: "cw-row" }, this.lookButton, this.clearButton),
    );
    this.section = h("section", {}, this.titleBox, this.hint, this.empty, this.list, this.more, this.privateBox, this.spoken);
    this.el.append(this.section);
    this.draw();
    const own = ["lang", "words", "wheel", "heading", "hint", "empty", "items", "total", "shown", "more_button", "find", "level", "dense", "talk"];
    watchTraits(model, own, () => this.draw());
    subscribeToOutbox(model, signal, {
      ownsBox: (box) => box.startsWith("act:") && Boolean(this.findCard(box)),
      onEvent: (what, item, message) => this.findCard(item.box)?.actions.handleOutboxEvent(what, item, message),
    });
    this.el.addEventListener("cowork:unfold", (event) => this.findCard(`:${/** @type {HTMLElement} */ (event.target).dataset.id}`)?.reveal());
    window.addEventListener("beforeprint", () => this.unfoldForPaper(), { signal });
    window.addEventListener("afterprint", () => this.foldAfterPaper(), { signal });
    signal.addEventListener("abort", () => [this.teller, this.looker].forEach(clearTimeout));
    model.on("msg:custom", (message) => message?.cards && this.applyChanges(message.cards, message.also || {}));
    model.send({ do: "here", again: false });
  }

  /**
   * Of a long list only what is new or other comes (`card_changes` in card_list.py). Where that does not lead to as many cards
   * as there are, something has been missed: all, once more.
   * @param {CardChanges} changes
   * @param {Partial<CardListTraits>} also
   */
  applyChanges({ order, changed, gone = [], at = [], n }, also) {
    for (const [name, value] of Object.entries(also)) this.model.set(/** @type {keyof CardListTraits} */ (name), value);
    const known = new Map([...(this.model.get("items") || []), ...changed].map((item) => [item.id, item]));
    const places = new Map(at);
    const ids = order || [...known.keys()].filter((id) => !gone.includes(id) && !places.has(id));
    if (!order) for (const [id, place] of at) ids.splice(place, 0, id);
    const items = ids.flatMap((id) => known.get(id) ?? []);
    if (items.length === n) this.model.set("items", items);
    else this.model.send({ do: "here", again: true });
  }

  draw() {
    const get = (name) => this.model.get(name);
    // A language comes as two traits, perhaps in two messages: what is drawn depends on both.
    this.languageState = JSON.stringify([get("lang"), get("words")]);
    this.el.className = `cw-wall ${getWheelClass(get("wheel"))} ${get("dense") ? "cw-dense" : ""} ${chooseLayout(get("items") || [])}`;
    // Nothing to show and nothing to say about it: no line across the page either.
    this.el.hidden = !get("heading") && !get("empty") && !(get("items") || []).length;
    drawHeading(this.titleBox, get("level"), get("heading"), { id: this.id, tabindex: "-1" });
    setOrRemoveAttribute(this.section, "aria-labelledby", get("heading") && this.id);
    setTextOrHide(this.hint, get("hint"));
    this.drawFind(get("find") || {});
    this.drawList(get("items") || []);
    setText(this.empty, get("empty"));
    this.empty.hidden = Boolean(this.list.children.length) || !get("empty");
    setText(this.more, get("more_button"));
    this.more.hidden = !get("more_button") || (get("total") > 0 && get("shown") >= get("total"));
  }

  /** @param {FindSpec} find */
  drawFind(find) {
    if (!find.on) {
      this.find.remove();
      this.result.remove();
      return;
    }
    if (!this.find.parentNode) this.hint.after(this.find, this.result);
    setText(this.qLabel, find.label_q || t(this.model, "dialogue.find_words"));
    setText(this.voiceLabel, find.label_voice || t(this.model, "dialogue.find_voice"));
    setText(this.lookButton, t(this.model, "dialogue.find_button"));
    setText(this.clearButton, t(this.model, "dialogue.find_clear"));
    this.find.setAttribute("aria-label", t(this.model, "dialogue.find_h"));
    this.clearButton.hidden = !find.q && !find.voice;
    if (document.activeElement !== this.q && !this.looking) this.q.value = find.q || "";
    setText(this.result, find.result || "");
    const voices = find.voices || [];
    if (needsRedraw(this.voice, [voices, this.languageState])) {
      this.voice.replaceChildren(
        h("option", { value: "" }, t(this.model, "dialogue.find_all")),
        ...voices.map((v) => h("option", { value: v.id }, v.n === undefined ? v.name : `${v.name} (${v.n})`)),
      );
    }
    this.voice.value = find.voice || "";
    this.voiceBox.hidden = !voices.length;
  }

  /** @param {CardItem[]} items */
  drawList(items) {
    const anchor = this.findAnchor();
    const from = this.awaited;
    // Which is the newest is asked once: a card does not fold under its reader when another comes.
    this.newest ??= items.reduce((last, item) => ((item.when || "") > (last?.when || "") ? item : last), items[0])?.id;
    this.updateItems(items);
    this.restoreAnchor(anchor);
    this.countNew(items);
    this.standAtArrived();
    if (from && items.length > from) {
      this.awaited = 0;
      this.focusItem(items[from].id);
    }
  }

  // A component that shows its items in another way has these two of its own.
  updateItems(items) {
    const own = items.filter((item) => item.private);
    updateCards(this.list, this.cards, items.filter((item) => !item.private), this);
    updateCards(this.privateList, this.privateCards, own, this);
    this.privateBox.hidden = !own.length;
    drawHeading(this.privateTitle, Math.min((this.model.get("level") || 2) + 1, 4), `${t(this.model, "card.private")} (${own.length})`);
  }

  focusItem(id) {
    this.cards.get(id)?.prepareFocus().focus();
  }

  // What one has shared has become a card: one stands at it, and hears so with its words.
  standAtArrived() {
    const card = this.sent.takeArrived((id) => this.findCard(`:${id}`));
    if (!card) return;
    card.reveal();
    for (const old of document.querySelectorAll(".cw-here")) old.remove();
    card.tellArrived();
    card.prepareFocus();
    showAndFocus(card.el);
  }

  // Folds by style alone are unfolded by style; the browser's own are not, in every browser.
  unfoldForPaper() {
    const lists = [this.list, this.privateList];
    this.foldedOnScreen = lists.flatMap((list) => [...list.querySelectorAll("details:not([open])")]);
    for (const fold of this.foldedOnScreen) fold.setAttribute("open", "");
  }

  foldAfterPaper() {
    for (const fold of this.foldedOnScreen || []) fold.removeAttribute("open");
    this.foldedOnScreen = [];
  }

  // Where the browser does not hold the page still itself (Safari), we do: what somebody reads never moves.
  findAnchor() {
    if (CSS.supports("overflow-anchor", "auto")) return null;
    const node = [...this.list.children].find((li) => li.getBoundingClientRect().bottom > 0);
    return node ? [node, node.getBoundingClientRect().top] : null;
  }

  restoreAnchor(anchor) {
    if (!anchor || !anchor[0].isConnected || this.list.getBoundingClientRect().top > 0) return;
    window.scrollBy(0, anchor[0].getBoundingClientRect().top - anchor[1]);
  }

  /** @param {CardItem} item */
  isNew(item) {
    return this.known !== null && !this.known.has(item.id) && Date.now() - this.asked > EXPECTED_MS;
  }

  /** @param {CardItem[]} items */
  countNew(items) {
    const ids = new Set();
    const pictures = new Set();
    let fresh = 0;
    const walk = (list) => {
      for (const item of list) {
        ids.add(item.id);
        if (item.image?.id) pictures.add(item.image.id);
        if (this.isNew(item) && !item.mine && !this.sent.ids.has(item.id)) fresh += 1;
        walk(item.answers || []);
      }
    };
    walk(items);
    this.images.keepOnly(pictures);
    // Looking and asking for more bring cards that are not news. What is said about them may come before they do.
    if (items !== this.items) this.asked = 0;
    this.items = items;
    this.known = new Set([...(this.known || []), ...ids]);
    if (!fresh) return;
    this.fresh += fresh;
    this.teller ??= setTimeout(() => this.announceNew(), ANNOUNCE_MS);
  }

  announceNew() {
    this.teller = null;
    // As the heading counts them: what one keeps to oneself, and what was taken back, is none of them.
    const items = this.model.get("items") || [];
    const apart = items.filter((item) => item.private || !["here", "two", undefined].includes(item.state)).length;
    const all = (this.model.get("total") || items.length) - apart;
    const text = t(this.model, "common.new", { n: this.fresh, N: all });
    this.fresh = 0;
    if (globalThis.coworkSay) globalThis.coworkSay(text);
    else setText(this.spoken, text);
  }

  requestMore() {
    this.asked = Date.now();
    this.awaited = (this.model.get("items") || []).length;
    this.model.send({ do: "more" });
  }

  scheduleSearch() {
    this.looking = true;
    clearTimeout(this.looker);
    this.looker = setTimeout(() => this.search(), 400);
  }

  search() {
    clearTimeout(this.looker);
    this.looking = false;
    this.asked = Date.now();
    const q = findUnstorableSign(this.q.value) ? "" : limitCodePoints(this.q.value, 200);
    this.model.send({ do: "find", q, voice: this.voice.value });
  }

  clearSearch() {
    this.q.value = this.voice.value = "";
    this.search();
    this.q.focus();
  }

  /** @param {string} box @returns {Card | null} */
  findCard(box) {
    const id = box.split(":")[1];
    for (const card of [...this.cards.values(), ...this.privateCards.values()]) for (const one of card.walkCards()) if (one.item.id === id) return one;
    return null;
  }

  /**
   * The card that had the focus leaves the list: stand at its neighbour, or at the heading. A list that is empty now may
   * have none, as when the one open proposal is ended: then at the question of the page.
   * @param {Card} card
   */
  focusBeside(card) {
    const top = this.titleBox.hidden && this.el.closest("main")?.querySelector("h1");
    focusElement(findNeighbour(card.el) || /** @type {HTMLElement} */ (top || this.titleBox.firstElementChild));
  }
}
