// More: the acts of a card that are asked for less often, in place under those that stand beside its words. A button
// says whether they are open; Escape closes them and gives it the focus back.

import { Disclosure } from "../form/disclosure.js";
import { h, reorderChildren, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";

/** @import { CardListTraits, Model } from "../types.js" */

export class MoreActions {
  /**
   * @param {Model<CardListTraits>} model
   * @param {HTMLElement} row of the likely acts, which ends with the button
   * @param {() => void} handleOpen called when the others come into sight: they may have to be made
   */
  constructor(model, row, handleOpen) {
    this.model = model;
    this.row = row;
    this.handleOpen = handleOpen;
    /** @type {Disclosure | null} */
    this.disclosure = null; // a card that has no more than the likely acts has none
    this.word = h("span", { class: "cw-of" });
  }

  get isOpen() {
    return Boolean(this.disclosure?.isOpen);
  }

  /** @param {Element} node */
  contains(node) {
    return Boolean(this.disclosure?.target.contains(node));
  }

  /** @param {boolean} open */
  setOpen(open) {
    if (!this.disclosure || open === this.isOpen) return;
    this.disclosure.setOpen(open);
    if (open) this.handleOpen();
  }

  /**
   * Put the likely acts into the row, and where there are others the button that opens them.
   * @param {HTMLElement[]} near
   * @param {HTMLElement[]} far those of the others that have been made
   * @param {boolean} some whether there are others
   * @param {(button: HTMLElement) => void} name after the words of the card, as its acts are
   */
  draw(near, far, some, name) {
    if (some) this.disclosure ??= this.create();
    if (!this.disclosure) {
      reorderChildren(this.row, near);
      return;
    }
    const { button, target } = this.disclosure;
    setText(this.word, t(this.model, "card.acts"));
    if (some) name(button);
    else {
      this.setOpen(false);
      button.remove();
    }
    reorderChildren(this.row, some ? [...near, button] : near);
    reorderChildren(target, far);
  }

  create() {
    const box = h("div", { class: "cw-acts cw-acts-more", id: newId("more"), hidden: true });
    this.row.after(box);
    const disclosure = new Disclosure(box, "cw-quiet cw-more-button", (open) => open && this.handleOpen());
    disclosure.button.append(this.word);
    return disclosure;
  }

  /** @param {KeyboardEvent} event */
  handleKey(event) {
    const node = /** @type {Element} */ (event.target);
    const inside = node === this.disclosure?.button || this.contains(node);
    if (event.key !== "Escape" || event.defaultPrevented || !this.isOpen || !inside) return;
    this.setOpen(false);
    this.disclosure?.button.focus();
  }
}
