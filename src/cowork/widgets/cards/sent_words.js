// Words that were sent from this page: when they arrive as a card, their writer is brought to it.

/** @import { Submission } from "../types.js" */

const MOST = 50; // so many are remembered; only the last ones can still be on their way

export class SentWords {
  /** @param {AbortSignal} signal */
  constructor(signal) {
    /** @type {Set<string>} */
    this.ids = new Set(); // all: nobody's news to who has sent them
    /** @type {Map<string, boolean>} */
    this.awaited = new Map(); // those that have not arrived -> whether something else was typed since
    this.writesOn = false; // shared with Ctrl+Enter, without leaving the box
    const submitted = (event) => this.add(/** @type {CustomEvent<Submission>} */ (event).detail.id, this.writesOn);
    window.addEventListener("cowork:submitted", submitted, { signal });
    const capture = { signal, capture: true };
    window.addEventListener("keydown", (event) => (this.writesOn = event.key === "Enter" && (event.ctrlKey || event.metaKey)), capture);
    window.addEventListener("pointerdown", () => (this.writesOn = false), capture);
    // Who has begun to write somewhere else stays there.
    window.addEventListener("input", () => this.awaited.forEach((_, id) => this.awaited.set(id, true)), { signal, capture: true });
  }

  /**
   * @param {string} id of an entry that is on its way, or of a card that changes places
   * @param {boolean} [busy] its writer is at something else already
   */
  add(id, busy = false) {
    this.ids.add(id);
    this.awaited.set(id, busy);
    if (this.awaited.size > MOST) this.awaited.delete([...this.awaited.keys()][0]);
  }

  /**
   * The one that has arrived, if its writer waits for it.
   * @template Found
   * @param {(id: string) => Found | null} find
   * @returns {Found | null}
   */
  takeArrived(find) {
    let found = null;
    for (const [id, busy] of this.awaited) {
      const card = find(id);
      if (!card) continue;
      this.awaited.delete(id);
      if (!busy) found = card;
    }
    return found;
  }
}
