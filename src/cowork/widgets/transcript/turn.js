// One turn at talk: its time in the margin, its words, and what can be done with them while the reader is at it. It
// is made once and then only changed where it differs, as a card is.

import { CardActions } from "../cards/card_actions.js";
import { updateCards } from "../cards/card.js";
import { createParagraphs, findFocused, h, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { createLabelSource, labelControl } from "../runtime/labels.js";
import { describeLanguage } from "../runtime/language_name.js";
import { followLink } from "../runtime/links.js";
import { countCodePoints } from "../runtime/text.js";

/** @import { Card } from "../cards/card.js" */
/** @import { CardItem, OwnAction } from "../types.js" */
/** @import { Transcript } from "./transcript.js" */

const TURN_FOLD_LENGTH = 1200;
const TURN_STATES = { taken: "state.taken", hidden: "state.hidden", erasing: "state.erasing" };

export class Turn {
  /**
   * @param {Transcript} transcript
   * @param {CardItem} item
   */
  constructor(transcript, item) {
    this.transcript = transcript;
    this.model = transcript.model;
    this.item = item;
    this.named = true;
    this.nameId = newId("words");
    this.whole = false; // a long turn unfolded
    this.showsAllActions = true; // they stand there only while the reader is at this turn: none is behind More
    this.around = { href: item.href, text: item.href_text };
    /** @type {CardActions | null} */
    this.madeActions = null;
    /** @type {import("./transcript.js").Passage | null} */
    this.passage = null;
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    this.timeButton = h("button", { type: "button", class: "cw-turn-time", id: newId("turn"), tabindex: -1, "aria-expanded": "false" });
    this.words = h("p", {});
    this.face = h("div", { class: "cw-turn-face" });
    this.tools = h("div", { class: "cw-turn-tools", role: "group", hidden: true });
    this.place = h("div", { class: "cw-turn-place" });
    this.answers = h("ol", { class: "cw-cards cw-answers-list" });
    this.beginButton = h("button", { type: "button", class: "cw-quiet", onclick: () => transcript.beginAt(this) });
    this.markButton = h("button", { type: "button", class: "cw-quiet", onclick: () => transcript.marks?.start(this) });
    this.ownTools = h("div", { class: "cw-acts" }, this.markButton, this.beginButton);
    this.el = h("div", { class: "cw-talk-turn" }, this.timeButton, h("div", { class: "cw-turn-body" }, this.face, this.tools, this.place, this.answers));
    this.el.dataset.id = item.id;
    this.update(item);
  }

  // Made when the reader comes to this turn: of two hundred turns most are only read.
  get actions() {
    if (!this.madeActions) {
      this.madeActions = new CardActions(/** @type {any} */ (this), this.transcript.signal);
      this.tools.append(this.madeActions.row, this.ownTools);
      this.place.append(this.madeActions.el);
      this.drawTools();
    }
    return this.madeActions;
  }

  get version() {
    return (this.item.current || []).slice(-1)[0] || this.item.id;
  }

  /** The way to the form in which words of this turn are used, or "" where this reader has none. */
  get useHref() {
    const acts = /** @type {OwnAction[]} */ ((this.item.acts || []).filter((act) => typeof act === "object"));
    return acts.find((act) => act.name === "use")?.href || "";
  }

  prepareFocus() {
    return this.timeButton;
  }

  // Words that were shared stand at once in their place in the talk: nothing is folded, and the focus tells it.
  reveal() {}

  tellArrived() {}

  /** @param {CardItem} item */
  update(item) {
    // The way to its place is one press from a turn that was found: it is no act among others.
    const { href, href_text, ...own } = item;
    this.item = own;
    this.around = { href, text: href_text };
    const { answers, acts, ...rest } = item;
    const { languageState } = this.transcript;
    const face = JSON.stringify([rest, languageState]);
    if (face !== this.faceShape) this.drawFace();
    this.faceShape = face;
    const doing = JSON.stringify([acts, item.lifts, languageState]);
    if (doing !== this.actShape && this.madeActions) {
      this.drawTools();
      this.madeActions.redrawStatus();
    }
    this.actShape = doing;
    this.el.dataset.state = item.state || "here";
    this.answers.hidden = !(answers || []).length;
    updateCards(this.answers, this.cards, answers || [], this.transcript);
  }

  drawFace() {
    const { item } = this;
    const had = findFocused(this.face);
    const time = item.said ? h("time", { datetime: toDuration(item.said) }, item.said) : h("span", { "aria-hidden": "true" }, "···");
    this.timeButton.replaceChildren(time, ...(item.said ? [] : [h("span", { class: "cw-vh" }, t(this.model, "talk.open_turn"))]));
    this.words = h("p", { class: "cw-words cw-typed", dir: "auto", lang: item.lang ?? null });
    this.drawWords();
    const copy = createLabelSource(this.words, this.nameId);
    const state = TURN_STATES[item.state || ""];
    const language = describeLanguage(this.model, item.lang);
    const by = [language, item.mine ? t(this.model, "common.yours") : ""].filter(Boolean).join(" · ");
    const parts = [
      state ? h("p", { class: "cw-state" }, t(this.model, state)) : null,
      this.words,
      copy,
      this.createFold(),
      this.createAroundLink(),
      by ? h("p", { class: "cw-by" }, by) : null,
      (item.note || []).length ? h("div", { class: "cw-notes" }, createParagraphs(item.note)) : null,
      (item.talked || []).length ? h("div", { class: "cw-notes" }, createParagraphs(item.talked)) : null,
    ];
    this.face.replaceChildren(...parts.flatMap((part) => part ?? []));
    if (had) this.timeButton.focus({ preventScroll: true });
    this.transcript.marks?.redrawTurn(this);
  }

  // The words as they were said, those that were looked for marked.
  drawWords() {
    const signs = Array.from(this.item.text || "");
    let at = 0;
    const parts = (this.item.found || []).flatMap(([start, end]) => {
      const before = signs.slice(at, start).join("");
      at = end;
      return [before, h("mark", {}, signs.slice(start, end).join(""))];
    });
    this.words.replaceChildren(...parts, signs.slice(at).join(""));
  }

  createAroundLink() {
    const { href, text } = this.around;
    if (!href || !text) return null;
    const link = h("a", { href, class: "cw-quiet", onclick: (event) => followLink(event, href) }, text);
    labelControl(link, this.nameId);
    return h("p", { class: "cw-around" }, link);
  }

  // Long words are folded by style alone: the whole text stays in the page, for print and for finding.
  createFold() {
    if (countCodePoints(this.item.text || "") <= TURN_FOLD_LENGTH) return null;
    const fold = () => {
      this.words.classList.toggle("cw-long", !this.whole);
      button.setAttribute("aria-expanded", String(this.whole));
      setText(button, t(this.model, this.whole ? "card.less" : "card.more"));
    };
    const press = () => {
      this.whole = !this.whole;
      fold();
    };
    const button = h("button", { type: "button", class: "cw-quiet", onclick: press });
    fold();
    return button;
  }

  drawTools() {
    const { actions } = this;
    actions.draw();
    for (const name of ["talk", "use"]) actions.buttons.get(name)?.classList.add("cw-act-first");
    this.tools.setAttribute("aria-label", t(this.model, "talk.doing"));
    const { said } = this.item;
    setText(this.beginButton, said ? t(this.model, "talk.begin_at", { time: said }) : t(this.model, "talk.begin_here"));
    setText(this.markButton, t(this.model, "talk.mark"));
    for (const button of [this.beginButton, this.markButton]) labelControl(button, this.nameId);
    this.markButton.hidden = !this.useHref;
    this.beginButton.hidden = Boolean(this.item.apart);
  }

  /**
   * @param {"" | "hover" | "open"} how the reader is at this turn
   */
  setPresent(how) {
    if (how) this.drawTools();
    const focused = findFocused(this.tools);
    this.tools.hidden = !how;
    if (!how && focused) this.timeButton.focus();
    this.el.classList.toggle("cw-present", how === "open");
    this.el.classList.toggle("cw-hovered", how === "hover");
    this.timeButton.setAttribute("aria-expanded", String(how === "open"));
  }

  // Somebody writes here, or is at what can be done: another turn that is passed over does not take its place.
  isBusy() {
    return Boolean(this.madeActions?.form || findFocused(this.tools) || findFocused(this.place));
  }

  labelBy(voiceId) {
    this.timeButton.setAttribute("aria-labelledby", `${this.timeButton.id} ${voiceId} ${this.nameId}`);
  }

  /** @returns {Generator<Turn | Card>} */
  *walkCards() {
    yield this;
    for (const card of this.cards.values()) yield* card.walkCards();
  }

  remove() {
    this.madeActions?.closeForm(false);
    this.el.remove();
  }
}

/** @param {string} clock as "0:04:34" */
function toDuration(clock) {
  const [hours, minutes, seconds] = clock.split(":").map(Number);
  return `PT${hours}H${minutes}M${seconds}S`;
}
