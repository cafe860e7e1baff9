// One thing that somebody wrote, and the answers to it. A card is made once and then only changed where it
// differs: the node a reader is on, an open box and its words stay while others write.

import { createDetails, createParagraphs, findFocused, getPlainText, h, needsRedraw, reorderChildren, setChildren, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { createLabelSource, labelControl, labelWhileFocused } from "../runtime/labels.js";
import { describeLanguage } from "../runtime/language_name.js";
import { countCodePoints, toOneLine } from "../runtime/text.js";
import { CardActions } from "./card_actions.js";
import { createCardDetails } from "./card_details.js";
import { createMark } from "./card_provenance.js";
import { CardThread } from "./card_thread.js";
import { createVoteCounts } from "./vote_counts.js";

/** @import { CardHolder, CardItem } from "../types.js" */

const CARD_FOLD_LENGTH = 1200;
// Of so few cards each stands there whole; of more, the newest and those that concern their reader do.
const FEW = 3;
const FEW_INSIDE = 2;

export class Card {
  /**
   * @param {CardHolder} cardList
   * @param {CardItem} item
   * @param {boolean} fresh
   * @param {Card | null} parent that this one answers
   * @param {boolean} full with all that stands under its words
   */
  constructor(cardList, item, fresh, parent, full) {
    this.parent = parent;
    this.isFresh = fresh;
    this.full = full;
    this.cardList = cardList;
    this.model = cardList.model;
    this.item = item;
    this.opened = new Set(); // folds the reader has opened, by name
    this.nameId = newId("words"); // of the words that name what can be done here
    this.face = h("div", { class: "cw-face" });
    this.actions = new CardActions(this, cardList.signal);
    this.answers = h("ol", { class: "cw-cards cw-answers-list" });
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    // What is told inside another card and is no talk about it, as a worry, has talk of its own.
    const talk = parent && item.kind !== "reservation";
    this.thread = talk || this.model.get("dense") ? null : new CardThread(this);
    this.el = h("li", { class: "cw-card" }, this.face, this.actions.el, this.answers);
    this.el.dataset.id = item.id;
    if (fresh) this.highlight();
    this.update(item);
  }

  highlight() {
    this.el.classList.add("cw-new");
    setTimeout(() => this.el.classList.remove("cw-new"), 2600);
  }

  // A dense list has its own way to show what can be done.
  get showsAllActions() {
    return Boolean(this.model.get("dense"));
  }

  // Something of this card to stand on, when the control that had the focus is gone.
  prepareFocus() {
    this.el.tabIndex = -1;
    return this.el;
  }

  // For who has just shared it: said once, with the card. The line stays where it is until something else is shared: were
  // it to go when the focus does, the button that is being pressed would move from under the finger.
  tellArrived() {
    const here = h("p", { class: "cw-here", id: newId("here") }, t(this.model, this.item.private ? "card.kept_here" : "card.shared_here"));
    this.el.prepend(here);
    labelWhileFocused(this.el, this.named ? this.nameId : "", here.id); // named by its words, the line is said once
  }

  /** @param {CardItem} item */
  update(item) {
    this.item = item;
    const { answers, acts, ...rest } = item;
    const { languageState } = this.cardList;
    if (needsRedraw(this.face, [rest, languageState])) this.drawFace(item);
    if (needsRedraw(this.actions, [acts, item.near, item.text, item.href, item.lifts, item.talked_id, languageState])) {
      this.actions.draw();
      this.actions.redrawStatus();
    }
    this.el.classList.toggle("cw-mine", Boolean(item.mine));
    this.el.classList.toggle("cw-lead", Boolean(item.lead));
    this.el.classList.toggle("cw-starts-row", Boolean(item.starts_row));
    this.el.classList.toggle("cw-with-worries", (answers || []).some((answer) => answer.kind === "reservation"));
    this.el.dataset.state = item.state || "here";
    this.answers.hidden = !(answers || []).length;
    updateCards(this.answers, this.cards, answers || [], this.cardList, this);
    this.thread?.draw();
  }

  // Unfold whatever holds this card, and what is folded in it: somebody was led here.
  reveal() {
    for (let card = /** @type {Card | null} */ (this); card; card = card.parent) if (card !== this || !this.parent) card.thread?.setOpen(true);
    for (const fold of this.face.querySelectorAll("details")) fold.open = true;
  }

  /** @param {CardItem} item */
  drawFace(item) {
    const had = findFocused(this.face)?.dataset.name;
    this.rememberFolds();
    const about = item.about_text && getPlainText(item.about_text) ? h("p", { class: "cw-about", dir: "auto" }, item.about_text) : null;
    const state = STATE_WORDS[item.state];
    const notes = (lines) => (lines?.length ? h("div", { class: "cw-notes" }, createParagraphs(lines)) : null);
    setChildren(
      this.face,
      about,
      state && h("p", { class: "cw-state" }, t(this.model, state)),
      // What this is (we agreed, a proposal) is read before its words.
      item.lead && item.tag ? h("p", { class: "cw-eyebrow" }, item.tag) : null,
      createMark(item),
      item.state === "two" ? this.createVersions(item) : item.text ? this.createText("text", item.text, item.lang) : null,
      item.image?.id ? this.cardList.images.getFrame(item.image) : null,
      (item.more || []).map(({ label, text, lang }) =>
        h("div", { class: "cw-more" }, h("p", { class: "cw-more-h" }, label), this.createText(`more-${label}`, text, lang ?? item.lang)),
      ),
      createCardDetails(this.model, item, this.full, (name, fold) => this.restoreFold(name, fold)),
      this.createCounts(item),
      this.createByline(item),
      notes(item.note),
      notes(item.talked),
      item.earlier?.length ? this.createEarlier(item) : null,
    );
    this.labelActions(about);
    if (had) this.face.querySelector(`[data-name="${CSS.escape(had)}"]`)?.focus();
  }

  // The words by which the acts of this card are told from those of the others.
  labelActions(about) {
    const { item } = this;
    const own = item.text && item.state !== "two" ? this.face.querySelector(".cw-words") : null;
    const two = item.text && !own ? h("span", { class: "cw-words-copy", hidden: true, dir: "auto", lang: item.lang ?? null }, toOneLine(item.text)) : null;
    const words = own || two || about;
    if (two) this.face.append(two);
    const copy = words ? createLabelSource(words, this.nameId) : null;
    if (copy) this.face.append(copy);
    this.named = Boolean(words);
  }

  /** @param {CardItem} item */
  createCounts(item) {
    const counts = createVoteCounts(item);
    if (!counts || !item.tally?.fold) return counts;
    const n = [...(item.tally.rows || []), ...(item.tally.apart || [])].reduce((sum, row) => sum + (row.n || 0), 0);
    return this.restoreFold("tally", createDetails(t(this.model, "card.answered", { n }), counts));
  }

  /**
   * Long words are folded by style alone: the whole text stays in the page, for print and for finding.
   * @param {string} name
   * @param {string} text
   * @param {string} [lang]
   */
  createText(name, text, lang) {
    const own = h("p", { class: "cw-words cw-typed", dir: "auto", lang: lang ?? null }, text);
    if (countCodePoints(text) <= CARD_FOLD_LENGTH) return own;
    const button = h("button", { type: "button", class: "cw-quiet", onclick: () => fold(!this.opened.has(name)) });
    button.dataset.name = name;
    const fold = (open) => {
      if (open) this.opened.add(name);
      else this.opened.delete(name);
      own.classList.toggle("cw-long", !open);
      button.setAttribute("aria-expanded", String(open));
      setText(button, t(this.model, open ? "card.less" : "card.more"));
    };
    fold(this.opened.has(name));
    return h("div", {}, own, button);
  }

  /** @param {CardItem} item */
  createVersions(item) {
    const all = (item.versions || []).map((version) => version.id);
    const list = (item.versions || []).map((version) => {
      const keep = h("button", {
        type: "button",
        class: "cw-quiet",
        onclick: () => {
          if (this.actions.pending.size) return;
          const fields = version.fields || { text: version.text };
          this.actions.submit("keep", { kind: "edit", about: all.map((id) => ["replaces", id]), fields });
        },
      });
      keep.dataset.name = `keep-${version.id}`;
      setText(keep, t(this.model, "common.choose_version"));
      const by = [version.by, version.when_text].filter(Boolean).join(" · ");
      const words = this.createText(`version-${version.id}`, version.text || "", version.lang ?? item.lang);
      const id = newId("version");
      const copy = createLabelSource(/** @type {HTMLElement} */ (words.matches("p") ? words : words.querySelector("p")), id);
      labelControl(keep, version.text ? id : "");
      return h(
        "li",
        {},
        words,
        copy,
        by ? h("p", { class: "cw-by" }, by) : null,
        (item.acts || []).includes("keep") ? keep : null,
      );
    });
    return h("ul", { class: "cw-versions" }, list);
  }

  /** @param {CardItem} item */
  createByline(item) {
    const language = describeLanguage(this.model, item.lang);
    return h(
      "p",
      { class: "cw-by" },
      item.by ? h("bdi", { class: "cw-name" }, item.by) : null,
      item.said ? h("span", {}, item.said) : null,
      item.when_text ? h("time", { datetime: item.when || null }, item.when_text) : null,
      language ? h("span", {}, language) : null,
      item.mine ? h("span", { class: "cw-tag" }, t(this.model, "common.yours")) : null,
      item.tag && !item.lead ? h("span", { class: "cw-tag cw-tag-plain" }, item.tag) : null,
    );
  }

  /** @param {CardItem} item */
  createEarlier(item) {
    const list = (item.earlier || []).map((one) =>
      h("li", {}, h("p", { class: "cw-typed", dir: "auto", lang: one.lang ?? null }, one.text), h("p", { class: "cw-by" }, one.when_text || "")),
    );
    return this.restoreFold("earlier", createDetails(t(this.model, "common.earlier"), h("ol", { class: "cw-earlier" }, list)));
  }

  /**
   * A fold that stands as its reader left it when the face is drawn anew.
   * @param {string} name
   * @param {HTMLDetailsElement} fold
   */
  restoreFold(name, fold) {
    const summary = fold.querySelector("summary");
    if (summary) summary.dataset.name = name;
    fold.open = this.opened.has(name);
    return fold;
  }

  // Read when it is needed: "toggle" comes a moment after the press, and the face may have been drawn anew by then.
  rememberFolds() {
    for (const summary of /** @type {NodeListOf<HTMLElement>} */ (this.face.querySelectorAll("summary[data-name]"))) {
      const fold = /** @type {HTMLDetailsElement} */ (summary.parentElement);
      this.opened[fold.open ? "add" : "delete"](summary.dataset.name);
    }
  }

  /** @returns {Generator<Card>} */
  *walkCards() {
    yield this;
    for (const card of this.cards.values()) yield* card.walkCards();
  }
}

const STATE_WORDS = {
  taken: "state.taken",
  hidden: "state.hidden",
  erasing: "state.erasing",
  gone: "state.gone",
  two: "common.two_versions",
};

/**
 * Bring a list to `items`: cards stay, are changed, come or go, each by its id.
 * @param {Element} list
 * @param {Map<string, Card>} cards
 * @param {CardItem[]} items
 * @param {CardHolder} cardList
 * @param {Card | null} [parent]
 */
export function updateCards(list, cards, items, cardList, parent = null) {
  const ids = new Set(items.map((item) => item.id));
  for (const [id, card] of cards) {
    if (ids.has(id)) continue;
    if (findFocused(card.el)) cardList.focusBeside(card);
    card.actions.closeForm(false);
    card.el.remove();
    cards.delete(id);
  }
  for (const item of items) {
    const card = cards.get(item.id);
    if (card) card.update(item);
    else {
      const fresh = cardList.isNew(item);
      const few = items.length <= (parent ? FEW_INSIDE : FEW);
      const full = few || fresh || Boolean(item.mine) || item.kind === "proposal" || item.id === cardList.newest;
      cards.set(item.id, new Card(cardList, item, fresh, parent, full));
    }
  }
  reorderChildren(list, items.map((item) => /** @type {Card} */ (cards.get(item.id)).el));
}
