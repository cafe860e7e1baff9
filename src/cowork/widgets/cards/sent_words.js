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
    window.addEventListener("cowork:submitted", (event) => this.add(/** @type {CustomEvent<Submission>} */ (event).detail.id), { signal });
    // Who has begun to write somewhere else stays there.
    window.addEventListener("input", () => this.awaited.forEach((_, id) => this.awaited.set(id, true)), { signal, capture: true });
  }

  /** @param {string} id of an entry that is on its way, or of a card that changes places */
  add(id) {
    this.ids.add(id);
    this.awaited.set(id, false);
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
