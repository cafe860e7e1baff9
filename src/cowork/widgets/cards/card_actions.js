// What a reader can do with a card: talk about it, change, take back, erase, hide … Every act is an item in
// the outbox; nothing is shown as done before the kernel says so and the card itself changes.

import { h, needsRedraw, setChildren, setOrRemoveAttribute, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { labelControl } from "../runtime/labels.js";
import { followLink, isPlainClick } from "../runtime/links.js";
import { upgradeDialog } from "../runtime/modal.js";
import { createSubmission, outbox } from "../runtime/outbox.js";
import { deviceStorage } from "../runtime/storage.js";
import { toOneLine } from "../runtime/text.js";
import { ActionForm } from "./action_form.js";
import { chooseWords, takesWords } from "./chosen_words.js";
import { MoreActions } from "./more_actions.js";

/** @import { Card } from "./card.js" */
/** @import { Action, ActionFormSpec, Answer, BuiltInAction, CardItem, Line, OutboxEvent, OwnAction, Reference, Submission, SubmissionParts } from "../types.js" */

const SAVE_WORD = "start.button.keep";
const NEAR = 2; // so many acts stand beside the words, the others behind More
const ALWAYS_NEAR = ["link", "reason"]; // the place of what was found; the reason for what has just been hidden
const UNDOING = ["take", "put", "hide", "show", "talked", "undo-talked"];
const DONE_WORDS = ["common.shared", "common.done"];

/**
 * name -> the word on its button, and either a box to write in or an item to share at once.
 * @type {Record<string, BuiltInAction>}
 */
const BUILT_IN_ACTIONS = {
  talk: {
    word: "common.talk_about",
    box: (item, model) => ({
      kind: "utterance",
      about: [[item.talk_rel || "talks-about", item.id]],
      fields: [{ key: "text", label: t(model, "dialogue.label.say"), rows: 3, required: true }],
      button: t(model, "dialogue.button.answer"),
      ...(model.get("talk") || {}), // who will see it, and how it is shown: the same under every card
    }),
  },
  talked: { word: "common.talked", item: (item) => ({ kind: "talked", about: [["talks-about", item.id]] }) },
  "undo-talked": {
    word: "dialogue.talked_undo",
    item: (item) => ({ kind: "withdrawal", about: [["withdraws", item.talked_id || ""]] }),
  },
  change: {
    word: "common.change",
    box: (item, model) => ({
      kind: "edit",
      about: (item.current || [item.id]).map((id) => ["replaces", id]),
      fields: (item.fields || []).length
        ? item.fields
        : [{ key: "text", label: t(model, "common.change"), value: item.text, rows: 4, required: true }],
      button: t(model, SAVE_WORD),
      seen: item.seen || [],
    }),
  },
  take: { word: "common.take_back", item: (item) => ({ kind: "withdrawal", about: [["withdraws", item.id]] }) },
  put: { word: "common.put_back", item: (item) => ({ kind: "restore", about: getRestored(item) }) },
  erase: { word: "common.erase", ask: true },
  hide: { word: "hide.button", item: (item) => ({ kind: "hide", about: [["hides", item.id]] }) },
  show: { word: "hide.show", item: (item) => ({ kind: "show", about: [["shows", item.id], ...getRestored(item)] }) },
  reason: {
    word: "hide.label.reason",
    box: (item, model, hide) => ({
      kind: "edit",
      about: [["replaces", hide || (item.lifts || [])[0]]],
      fields: [{ key: "text", label: t(model, "hide.label.reason"), rows: 2, required: true }],
      button: t(model, SAVE_WORD),
      seen: [t(model, "hide.seen")],
    }),
  },
};

/** @param {CardItem} item @returns {Reference[]} */
function getRestored(item) {
  return (item.lifts || []).map((id) => ["replaces", id]);
}

export class CardActions {
  /** @param {Card} card @param {AbortSignal} signal */
  constructor(card, signal) {
    this.card = card;
    this.model = card.model;
    this.signal = signal;
    this.buttons = new Map();
    /** @type {ActionForm | null} */
    this.form = null; // the one that is open
    /** @type {[key: string, text: string | undefined] | null} */
    this.lastStatus = null;
    this.pending = new Set();
    this.row = h("div", { class: "cw-acts" });
    this.more = new MoreActions(this.model, this.row, () => this.draw());
    this.status = h("p", { role: "status", class: "cw-act-status" });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.formBox = h("div", { class: "cw-act-place", id: newId("act") });
    this.el = h("div", {}, this.row, this.status, this.error, this.formBox);
    this.el.addEventListener("keydown", (event) => this.more.handleKey(event));
    for (const item of outbox.listWaiting(this.model)) if (this.ownsBox(item.box)) this.pending.add(item.id);
  }

  ownsBox(box) {
    return box.startsWith(`act:${this.card.item.id}:`);
  }

  // With whom a scribe writes for: a draft for one person is never shared in the name of another.
  getBoxName(name) {
    const voice = this.model.get("voice");
    return `act:${this.card.item.id}:${name}${voice ? `@${voice}` : ""}`;
  }

  draw() {
    const { item } = this.card;
    const names = this.listNames();
    const [near, far] = this.splitNear(names);
    // Taken back, put back, hidden: what can be done now is other, and is read anew.
    if (this.state !== item.state) this.more.setOpen(false);
    this.state = item.state;
    // What is behind More is made when somebody looks there: of fifty cards that is one.
    const made = names.filter((name) => near.includes(name) || this.more.isOpen || this.buttons.has(name));
    for (const name of made) this.drawAct(name);
    const focused = [...this.buttons].find(([, node]) => node === document.activeElement)?.[0];
    for (const [name, node] of this.buttons) {
      if (names.includes(name)) continue;
      node.remove();
      this.buttons.delete(name);
    }
    const nodes = (list) => list.flatMap((name) => this.buttons.get(name) ?? []);
    const label = (node) => labelControl(node, this.card.named ? this.card.nameId : "");
    this.more.draw(nodes(near), nodes(far), far.length > 0, label);
    this.row.hidden = !near.length;
    // The pressed button is gone (taken back, put back): stay on this card. Not on what undoes it: a key that is pressed
    // twice would undo what it has done.
    if (focused && !names.includes(focused)) this.card.prepareFocus().focus();
    else if (focused && document.activeElement !== this.buttons.get(focused)) this.focusAct(this.buttons.get(focused));
    if (this.form && this.form.name !== "reason") {
      if (!names.includes(this.form.name)) this.closeForm(false);
      else if (this.findOwnAction(this.form.name)) this.form.update(this.getFormSpec(this.form.name) || this.form.spec);
    }
    this.updateDisabled();
  }

  /** The names of all acts, in their order. @returns {string[]} */
  listNames() {
    const { href, href_text: text, acts = [] } = this.card.item;
    const names = href && (text || !acts.includes("talk")) ? ["link"] : [];
    for (const act of acts) {
      if (typeof act !== "string") names.push(act.name);
      else if (BUILT_IN_ACTIONS[act]) names.push(act);
    }
    return [...new Set(this.hideId ? [...names, "reason"] : names)];
  }

  /** @param {string} name */
  drawAct(name) {
    const { item } = this.card;
    const own = this.findOwnAction(name);
    if (name === "link" && !own) this.drawLink(name, item.href || "", item.href_text || t(this.model, "common.talk_about"));
    else if (own?.href) this.drawLink(name, own.href, own.label || "");
    else this.drawButton(name, own || /** @type {Action} */ (name));
  }

  /**
   * The acts beside the words and those behind More. One act alone is not put behind a button.
   * @param {string[]} names
   * @returns {[near: string[], far: string[]]}
   */
  splitNear(names) {
    const { near, acts } = this.card.item;
    const strong = (acts || []).filter((act) => typeof act === "object" && (act.strong || act.filled)).map((act) => /** @type {OwnAction} */ (act).name);
    const always = [...ALWAYS_NEAR, ...strong].filter((name) => names.includes(name));
    const wanted = [...always, ...(near || []), ...names].filter((name) => names.includes(name));
    const most = near?.some((name) => names.includes(name)) ? near.length : NEAR;
    const all = names.length <= NEAR + 1 || this.card.showsAllActions;
    const first = all ? names : [...new Set(wanted)].slice(0, Math.max(most, always.length));
    return [first, names.filter((name) => !first.includes(name))];
  }

  /** @param {string} name @param {string} href @param {Line} word */
  drawLink(name, href, word) {
    const node = this.getNode(name, "a", { onclick: (e) => this.handleLink(name, e, node.getAttribute("href")) });
    node.setAttribute("href", href);
    this.setLabel(node, word);
  }

  handleLink(name, event, href) {
    const version = (this.card.item.current || []).slice(-1)[0] || this.card.item.id;
    if (takesWords(name) && isPlainClick(event)) chooseWords(this.model, [{ version }], name);
    followLink(event, href);
  }

  /**
   * @param {string} name
   * @param {Action} act
   */
  drawButton(name, act) {
    const node = this.getNode(name, "button", { type: "button", onclick: (event) => this.handlePress(name, event) });
    this.setLabel(node, typeof act === "string" ? t(this.model, this.getWord(act)) : act.label || "");
    setOrRemoveAttribute(node, "aria-expanded", this.hasForm(name) ? String(this.form?.name === name) : "");
    const strong = typeof act !== "string" && Boolean(act.strong);
    node.classList.toggle("cw-second", strong);
    node.classList.toggle("cw-filled", typeof act !== "string" && Boolean(act.filled));
    node.classList.toggle("cw-quiet", !strong && !node.classList.contains("cw-filled"));
  }

  // Words of a voice, or of somebody a scribe wrote for, are not the reader's own.
  getWord(name) {
    return name === "erase" && !this.card.item.mine ? "common.erase_these" : BUILT_IN_ACTIONS[name].word;
  }

  // The node that stands for an act; an act that has become a link, or was one, gets another.
  getNode(name, tag, attrs) {
    const kept = this.buttons.get(name);
    if (kept?.localName === tag) return kept;
    const node = h(tag, { id: newId("act"), class: "cw-quiet", ...attrs });
    node.dataset.act = name;
    const focused = kept && kept === document.activeElement;
    kept?.replaceWith(node);
    if (focused) node.focus();
    this.buttons.set(name, node);
    return node;
  }

  /** @param {string} name @returns {OwnAction | undefined} */
  findOwnAction(name) {
    const acts = /** @type {OwnAction[]} */ ((this.card.item.acts || []).filter((act) => typeof act === "object"));
    return acts.find((act) => act.name === name);
  }

  /** Whether an act asks for something. @param {string} name */
  hasForm(name) {
    const own = this.findOwnAction(name);
    return Boolean(own ? own.box : BUILT_IN_ACTIONS[name]?.box);
  }

  /**
   * What an act asks for, or null where it asks for nothing: one of ours, or a page's own with a box.
   * @param {string} name
   * @returns {ActionFormSpec | null}
   */
  getFormSpec(name) {
    const own = this.findOwnAction(name);
    const box = own ? own.box : BUILT_IN_ACTIONS[name]?.box?.(this.card.item, this.model, this.hideId);
    if (!box) return null;
    const { kind, about, fields, choices } = /** @type {SubmissionParts} */ (own || box);
    const fixed = own ? { fields, choices } : {};
    return { ...box, kind, about, fixed, namedBy: this.buttons.get(name)?.id };
  }

  /** @param {HTMLElement} node @param {Line} word */
  setLabel(node, word) {
    if (needsRedraw(node, word)) setChildren(node, word);
    labelControl(node, this.card.named ? this.card.nameId : "");
  }

  // aria-disabled, not disabled: a disabled button drops the focus that is on it.
  updateDisabled() {
    for (const node of this.buttons.values()) {
      setOrRemoveAttribute(node, "aria-disabled", this.pending.size && node.localName === "button" ? "true" : "");
    }
  }

  /** @param {string} name @param {MouseEvent} event */
  handlePress(name, event) {
    // The second half of a double press was meant for what stood there before it.
    if (this.pending.size || (UNDOING.includes(name) && event.detail > 1)) return;
    setText(this.error, "");
    const own = this.findOwnAction(name);
    if (!own && BUILT_IN_ACTIONS[name].ask) this.confirmErase();
    else if (this.hasForm(name)) this.toggleForm(name);
    else this.submit(name, own || BUILT_IN_ACTIONS[name].item?.(this.card.item) || {});
  }

  /** @param {string} name @param {SubmissionParts} parts */
  submit(name, parts) {
    const item = createSubmission(this.model, { ...parts, box: this.getBoxName(name) });
    this.pending.add(item.id);
    outbox.enqueue(this.model, item);
    if (name === "share") this.card.cardList.sent.add(this.card.item.id); // it goes from the place that only its writer sees
    this.showStatus("common.sharing");
    this.updateDisabled();
  }

  // Writing in place ---------------------------------------------------------------------------------

  toggleForm(name) {
    if (this.form?.name === name) this.closeForm(true);
    else this.openForm(name, true);
  }

  openForm(name, focus) {
    if (this.form) this.closeForm(false);
    if (this.listNames().includes(name) && !this.buttons.has(name)) {
      this.drawAct(name); // it stands behind More, where nobody has looked: the form is named by it
      this.draw();
    }
    const spec = this.getFormSpec(name);
    if (!spec) return;
    this.form = new ActionForm(this, name, spec);
    this.formBox.replaceChildren(this.form.el);
    this.buttons.get(name)?.setAttribute("aria-expanded", "true");
    if (focus) this.form.focus();
  }

  closeForm(focus) {
    if (!this.form) return;
    const { name } = this.form;
    this.form.destroy();
    this.form = null;
    this.formBox.replaceChildren();
    const node = this.buttons.get(name);
    node?.setAttribute("aria-expanded", "false");
    if (focus) this.focusAct(node);
  }

  /** @param {HTMLElement | undefined} node of an act, which may stand behind More */
  focusAct(node) {
    if (node && this.more.contains(node)) this.more.setOpen(true);
    (node || this.card.prepareFocus()).focus();
  }

  // Erasing --------------------------------------------------------------------------------------------

  confirmErase() {
    const id = newId("erase");
    const can = (this.card.item.acts || []).includes("take");
    const done = (act) => () => {
      box.close();
      if (act === "erase") this.submit("erase", { kind: "erasure", about: [["erases", this.card.item.id]] });
      if (act === "take") this.submit("take", BUILT_IN_ACTIONS.take.item?.(this.card.item) || {});
    };
    const word = (key) => t(this.model, key);
    const no = h("button", { type: "button", class: "cw-second", onclick: done("") }, word(this.card.item.mine ? "erase.no" : "erase.no_these"));
    const lines = [1, 2, 3, 4, 5, 6].map((n) => h("li", {}, word(`erase.${n}`)));
    const dialog = h(
      "dialog",
      { "aria-labelledby": id },
      h("h2", { id }, word("erase.h")),
      h("p", { class: "cw-inset cw-typed", dir: "auto", lang: this.card.item.lang ?? null }, toOneLine(this.card.item.text || "", 280)),
      h("ul", {}, lines),
      h(
        "div",
        { class: "cw-row" },
        no,
        can ? h("button", { type: "button", class: "cw-second", onclick: done("take") }, word("erase.instead")) : null,
        h("button", { type: "button", class: "cw-danger", onclick: done("erase") }, word("erase.yes")),
      ),
    );
    const box = upgradeDialog(dialog);
    box.addEventListener("close", () => {
      box.remove();
      this.focusAct(this.buttons.get("erase"));
    });
    // In the card, not in the list's patch: the card's own nodes stay while others arrive.
    this.el.append(box);
    box.showModal();
    no.focus();
  }

  // Answers of the outbox --------------------------------------------------------------------------------

  /**
   * @param {OutboxEvent} what
   * @param {Submission} item
   * @param {Answer} message of the kernel, where it has answered
   */
  handleOutboxEvent(what, item, message) {
    const name = item.box.split(":").slice(2).join(":").split("@")[0];
    if (what === "late") this.showStatus(deviceStorage.isPersistent() ? "connection.unsent" : "connection.unsent_page");
    if (what === "failed") this.showStatus("", message.message);
    if (what !== "shared" && what !== "refused") return;
    this.pending.delete(item.id);
    this.updateDisabled();
    if (what === "shared") {
      if (item.kind === "hide") this.hideId = item.id;
      // Words were shared; anything else (taken back, hidden, a mark) has been done, and the card shows what.
      const words = ["utterance", "edit"].includes(item.kind) || Object.values(item.fields || {}).some(Boolean);
      this.showStatus(this.pending.size ? "common.sharing" : words ? "common.shared" : "common.done", message.note);
      this.draw();
      if (item.kind === "hide") this.openForm("reason", true);
      return;
    }
    this.showStatus("");
    if (this.hasForm(name) && item.box === this.getBoxName(name)) {
      this.openForm(name, true); // the outbox has put the words back into this draft
      this.form?.showRefusal(message);
    } else {
      setText(this.error, message.message);
    }
  }

  /** @param {string} key @param {string} [text] */
  showStatus(key, text) {
    this.lastStatus = [key, text];
    clearTimeout(this.quiet);
    if (DONE_WORDS.includes(key)) this.quiet = setTimeout(() => this.showStatus(""), 10000);
    setText(this.status, text || (key ? t(this.model, key, { n: this.pending.size }) : ""));
    const look = DONE_WORDS.includes(key) ? "cw-good" : key.startsWith("connection.unsent") ? "cw-wait" : "";
    this.status.className = `cw-act-status ${look}`;
  }

  redrawStatus() {
    if (this.lastStatus) this.showStatus(this.lastStatus[0], this.lastStatus[1]);
  }
}
