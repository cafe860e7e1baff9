// A button that opens what it names, in place, and closes it again. Closed, what it holds is out of sight and out of
// the tab order; its answers and words count all the same.

import { h, setOrRemoveAttribute, setText } from "../runtime/dom.js";

export class Disclosure {
  /**
   * @param {HTMLElement} target what it opens; it has an id
   * @param {string} cls
   * @param {(open: boolean) => void} [handlePress] called after a press, and not where a form opens by itself
   */
  constructor(target, cls, handlePress) {
    this.target = target;
    this.button = h("button", { type: "button", class: cls, "aria-controls": target.id, onclick: () => this.handleClick() });
    this.handlePress = handlePress;
    this.setOpen(false);
  }

  get isOpen() {
    return !this.target.hidden;
  }

  handleClick() {
    this.setOpen(!this.isOpen);
    this.handlePress?.(this.isOpen);
  }

  /**
   * Without a name there is no button, and what it would open stands open.
   * @param {string | undefined} name
   */
  setName(name) {
    this.button.hidden = !name;
    if (!name) this.target.hidden = false;
    setText(this.button, name);
  }

  /** @param {boolean} open */
  setOpen(open) {
    this.target.hidden = !open;
    setOrRemoveAttribute(this.button, "aria-expanded", String(open));
  }
}
