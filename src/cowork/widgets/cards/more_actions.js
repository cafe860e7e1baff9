// More: the acts of a card that are asked for less often, in place under those that stand beside its words. A button
// says whether they are open; Escape closes them and gives it the focus back.

import { Disclosure } from "../form/disclosure.js";
import { h, reorderChildren, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";

/** @import { CardListTraits, Model } from "../types.js" */

export class MoreActions {
  /** @param {Model<CardListTraits>} model */
  constructor(model) {
    this.model = model;
    this.box = h("div", { class: "cw-acts cw-acts-more", id: newId("more"), hidden: true });
    this.disclosure = new Disclosure(this.box, "cw-quiet cw-more-button");
    this.button = this.disclosure.button;
    this.word = h("span", { class: "cw-of" });
    this.button.append(this.word);
  }

  /** @param {boolean} open */
  setOpen(open) {
    this.disclosure.setOpen(open);
  }

  /**
   * Put the likely acts and this button into the row, and the others behind it.
   * @param {HTMLElement} row
   * @param {HTMLElement[]} near
   * @param {HTMLElement[]} far
   * @param {(button: HTMLElement) => void} name after the words of the card, as its acts are
   */
  draw(row, near, far, name) {
    setText(this.word, t(this.model, "card.acts"));
    if (far.length) name(this.button);
    else {
      this.setOpen(false);
      this.button.remove();
    }
    reorderChildren(row, far.length ? [...near, this.button] : near);
    reorderChildren(this.box, far);
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const inside = event.target === this.button || this.box.contains(/** @type {Node} */ (event.target));
    if (event.key !== "Escape" || event.defaultPrevented || !this.disclosure.isOpen || !inside) return;
    this.setOpen(false);
    this.button.focus();
  }
}
