// The talk under a card, folded to one line that says how many answers there are. The newest that concerns its reader
// stands there all the same: their own, an answer to them, or one that was written since they came.

import { h, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";

/** @import { Card } from "./card.js" */

export class CardThread {
  /** @param {Card} card that the talk is about */
  constructor(card) {
    this.card = card;
    this.open = false;
    /** @type {HTMLButtonElement | null} */
    this.button = null; // until there is talk
  }

  /** @param {boolean} open */
  setOpen(open) {
    this.open = open;
    this.draw();
  }

  draw() {
    const all = [...walkThread(this.card)];
    if (!all.length && !this.button) return;
    this.button ??= this.createButton();
    const shown = new Set();
    const concerning = all.filter((card) => card.isFresh || card.item.mine || card.parent?.item.mine);
    const newest = concerning.sort((a, b) => ((a.item.when || "") < (b.item.when || "") ? -1 : 1)).pop();
    // With what it answers: an answer alone would seem to answer the card.
    for (let card = newest ?? null; card && card !== this.card; card = card.parent) shown.add(card);
    const some = all.some((card) => !shown.has(card));
    for (const card of all) card.el.classList.toggle("cw-shut", !this.open && !shown.has(card));
    const children = [...this.card.cards.values()];
    this.card.answers.classList.toggle("cw-shut", children.length > 0 && children.every((card) => card.el.classList.contains("cw-shut")));
    setText(this.button, t(this.card.model, "card.answers", { n: all.length }));
    this.button.setAttribute("aria-expanded", String(this.open));
    if (!some && document.activeElement !== this.button) this.button.remove();
    else if (!this.button.parentNode) this.card.answers.before(this.button);
  }

  createButton() {
    return h("button", { type: "button", class: "cw-quiet cw-thread", onclick: () => this.setOpen(!this.open) });
  }
}

/** The talk about a card; a worry is no talk, and has its own. @param {Card} card @returns {Generator<Card>} */
function* walkThread(card) {
  for (const answer of card.cards.values()) {
    if (answer.thread) continue;
    yield answer;
    yield* walkThread(answer);
  }
}
