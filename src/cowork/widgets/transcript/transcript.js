// Recorded talk, read as talk: passages of one voice, a time in the margin for each turn, and what can be done with the
// turn that the reader is at. Keys: arrows go from turn to turn, Tab to what can be done, Escape back.

import { CardList } from "../cards/card_list.js";
import { findFocused, findNeighbour, focusElement, h, reorderChildren, setText, watchTraits } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { TalkControls } from "./talk_controls.js";
import { Turn } from "./turn.js";
import { WordMarks } from "./word_marks.js";

/** @import { Card } from "../cards/card.js" */
/** @import { CardItem, Model, TranscriptTraits, View } from "../types.js" */

export class Passage {
  constructor() {
    this.id = newId("voice");
    this.voice = h("bdi", { class: "cw-name" });
    this.name = h("p", { class: "cw-voice", id: this.id }, h("strong", {}, this.voice));
    this.turns = h("div", { class: "cw-turns" });
    this.el = h("li", { class: "cw-passage" }, this.name, this.turns);
  }

  /**
   * @param {string} voice
   * @param {Turn[]} turns
   */
  update(voice, turns) {
    setText(this.voice, voice);
    this.name.hidden = !voice;
    reorderChildren(this.turns, turns.map((turn) => turn.el));
    for (const turn of turns) {
      turn.passage = this;
      turn.labelBy(voice ? this.id : "");
    }
  }
}

export class Transcript extends CardList {
  /** @param {View<TranscriptTraits>} view */
  constructor(view) {
    super(view);
    watchTraits(view.model, ["left", "talks", "before_button"], () => this.draw());
    this.controls?.leaveAsKept();
  }

  // The first drawing happens while the list of cards is made: what it needs is made then.
  setUp() {
    if (this.turns) return;
    const model = /** @type {Model<TranscriptTraits>} */ (/** @type {unknown} */ (this.model));
    /** @type {Map<string, Turn>} */
    this.turns = new Map();
    /** @type {Turn | null} */
    this.pinned = null; // the turn whose acts were opened
    /** @type {Turn | null} */
    this.hovered = null;
    /** @type {Turn | null} */
    this.stop = null; // the turn that Tab comes to
    this.marks = new WordMarks(this);
    this.controls = new TalkControls(model, this.signal);
    this.before = h("button", { type: "button", class: "cw-second cw-before", onclick: () => model.send({ do: "before" }) });
    this.keys = h("p", { id: newId("keys"), class: "cw-vh" });
    this.list.className = "cw-talk";
    this.list.addEventListener("click", (event) => this.handleClick(event));
    this.list.addEventListener("keydown", (event) => this.handleKey(event));
    this.list.addEventListener("focusin", (event) => this.handleFocus(event));
    this.list.addEventListener("pointerdown", () => (this.pressedAt = this.pinned));
    this.list.addEventListener("pointerover", (event) => this.handleHover(event));
    this.list.addEventListener("pointerleave", () => this.showHovered(null));
    this.list.before(this.controls.left, this.keys, this.before);
    this.list.after(this.marks.bar);
    this.section.append(this.controls.sources);
  }

  draw() {
    this.setUp();
    super.draw();
    const model = /** @type {Model<TranscriptTraits>} */ (/** @type {unknown} */ (this.model));
    this.el.classList.add("cw-transcript");
    this.el.classList.toggle("cw-marking", Boolean(this.marks?.isOn));
    if (this.keys) setText(this.keys, t(this.model, "talk.keys"));
    if (this.before) {
      setText(this.before, model.get("before_button"));
      this.before.hidden = !model.get("before_button");
    }
    this.list.hidden = !(model.get("items") || []).length;
    this.controls?.draw();
    this.marks?.draw();
  }

  /** @param {CardItem[]} items */
  updateItems(items) {
    const turns = /** @type {Map<string, Turn>} */ (this.turns);
    const ids = new Set(items.map((item) => item.id));
    for (const [id, turn] of turns) if (!ids.has(id)) this.removeTurn(turn);
    const held = this.findTurn(document.activeElement);
    /** @type {Set<Passage>} */
    const used = new Set();
    for (const group of groupTurns(items)) {
      const own = group.map((item) => this.updateTurn(item));
      // A node that is moved drops its focus: others come to the passage in which the reader stands.
      const others = own.map((turn) => turn.passage).filter((one) => one && one !== held?.passage && !used.has(one));
      const passage = (held && own.includes(held) && held.passage) || others[0] || new Passage();
      used.add(passage);
      passage.update(group[0].by || "", own);
    }
    for (const child of [...this.list.children]) if (![...used].some((passage) => passage.el === child)) child.remove();
    reorderChildren(this.list, [...used].map((passage) => passage.el));
    if (held && turns.has(held.item.id) && !findFocused(held.el)) held.timeButton.focus({ preventScroll: true });
    const [first] = items;
    if (first && (!this.stop || !turns.has(this.stop.item.id))) this.setStop(/** @type {Turn} */ (turns.get(first.id)));
  }

  /** @param {CardItem} item */
  updateTurn(item) {
    const turns = /** @type {Map<string, Turn>} */ (this.turns);
    const kept = turns.get(item.id);
    if (kept) {
      kept.update(item);
      return kept;
    }
    const turn = new Turn(this, item);
    turn.timeButton.setAttribute("aria-describedby", this.keys?.id || "");
    turns.set(item.id, turn);
    return turn;
  }

  /** @param {Turn} turn */
  removeTurn(turn) {
    if (findFocused(turn.el)) this.focusBeside(/** @type {any} */ (turn));
    if (this.pinned === turn) this.pinned = null;
    if (this.hovered === turn) this.hovered = null;
    this.marks?.forget(turn);
    turn.remove();
    this.turns?.delete(turn.item.id);
  }

  focusItem(id) {
    this.turns?.get(id)?.timeButton.focus();
  }

  /** @param {Card} card */
  focusBeside(card) {
    const next = findNeighbour(card.el)?.querySelector(".cw-turn-time");
    focusElement(/** @type {HTMLElement} */ (next) || this.titleBox.firstElementChild);
  }

  listTurns() {
    return (this.items || []).flatMap((item) => this.turns?.get(item.id) ?? []);
  }

  findCard(box) {
    const id = box.split(":")[1];
    for (const turn of this.turns?.values() || []) {
      for (const one of turn.walkCards()) if (one.item.id === id) return /** @type {Card} */ (one);
    }
    return null;
  }

  /** @param {Turn} turn */
  beginAt(turn) {
    this.controls?.leave({ begin: turn.item.id });
  }

  // Where the reader is ----------------------------------------------------------------------------------

  /** @param {Turn} turn */
  setStop(turn) {
    if (this.stop) this.stop.timeButton.tabIndex = -1;
    this.stop = turn;
    turn.timeButton.tabIndex = 0;
  }

  /** @param {Turn | null} turn */
  showTools(turn) {
    this.showHovered(null);
    if (this.pinned === turn) return;
    this.pinned?.setPresent("");
    this.pinned = turn;
    if (!turn) return;
    this.setStop(turn);
    turn.setPresent("open");
  }

  /** @param {Turn | null} turn */
  showHovered(turn) {
    if (turn === this.hovered) return;
    if (this.hovered && this.hovered !== this.pinned) this.hovered.setPresent("");
    this.hovered = turn;
    // One turn at a time has its acts: those that were opened stand back while another is passed over.
    if (this.pinned && turn) {
      this.pinned.setPresent("");
      this.pinned = null;
    }
    turn?.setPresent("hover");
  }

  showNoTools() {
    this.showTools(null);
  }

  /**
   * @param {EventTarget | null} target
   * @returns {Turn | null} not that of an answer under it
   */
  findTurn(target) {
    const node = target instanceof Element ? target : null;
    if (node?.closest(".cw-answers-list")) return null;
    const el = /** @type {HTMLElement | null} */ (node?.closest(".cw-talk-turn"));
    return (el && this.turns?.get(el.dataset.id || "")) || null;
  }

  handleFocus(event) {
    const turn = this.findTurn(event.target);
    if (turn && !this.marks?.isOn) this.showTools(turn);
  }

  handleHover(event) {
    if (event.pointerType !== "mouse" || event.buttons || this.marks?.isOn || this.marks?.marked.length) return;
    const turn = this.findTurn(event.target);
    if (!turn || turn === this.pinned || this.pinned?.isBusy() || this.pinned) return;
    this.showHovered(turn);
  }

  handleClick(event) {
    if (this.marks?.isOn) {
      this.marks.handleClick(event);
      return;
    }
    const turn = this.findTurn(event.target);
    const asked = event.target.closest(".cw-turn-time, .cw-words");
    if (!turn || !asked || this.marks?.getSelectedRange()) return;
    this.marks?.end(false);
    const before = event.detail ? this.pressedAt : this.pinned;
    const close = before === turn && this.pinned === turn && !turn.isBusy();
    // The words that were pressed are where keys go on from: Escape and the arrows, and Tab to what can be done.
    if (document.activeElement !== turn.timeButton) turn.timeButton.focus({ preventScroll: true });
    this.showTools(close ? null : turn);
  }

  handleKey(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (this.marks?.isOn && event.target.closest("[data-word]")) {
      this.marks.handleKey(event);
      return;
    }
    const turn = this.findTurn(event.target);
    if (!turn) return;
    // The turn itself has the focus where a link has led to it.
    const onTime = event.target === turn.timeButton || event.target === turn.el;
    if (event.key === "Escape") {
      if (onTime) this.showTools(null);
      else turn.timeButton.focus();
      event.preventDefault();
      return;
    }
    if (!onTime || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const turns = this.listTurns();
    const at = turns.indexOf(turn);
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: turns.length - 1 };
    const next = turns[places[event.key] ?? -1];
    if (!(event.key in places)) return;
    event.preventDefault();
    next?.timeButton.focus();
  }
}

/**
 * Turns of one voice that follow each other belong together.
 * @param {CardItem[]} items
 */
function groupTurns(items) {
  /** @type {CardItem[][]} */
  const groups = [];
  for (const item of items) {
    const last = groups[groups.length - 1]?.[0];
    const same = last && last.voice === item.voice && last.source === item.source && last.by === item.by;
    if (same && !item.apart) groups[groups.length - 1].push(item);
    else groups.push([item]);
  }
  return groups;
}

export default {
  /** @param {View<TranscriptTraits>} view */
  render(view) {
    new Transcript(view);
  },
};
