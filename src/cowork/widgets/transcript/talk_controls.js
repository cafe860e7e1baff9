// Beside the talk: what its reader leaves out, and the talks that they may take out of the workshop or put back.

import { createParagraphs, h, setText } from "../runtime/dom.js";
import { getOwner } from "../runtime/drafts.js";
import { newId } from "../runtime/ids.js";
import { upgradeDialog } from "../runtime/modal.js";
import { deviceStorage } from "../runtime/storage.js";

/** @import { ImportedTalk, LeftOut, Model, TranscriptTraits } from "../types.js" */

export class TalkControls {
  /**
   * @param {Model<TranscriptTraits>} model
   * @param {AbortSignal} signal
   */
  constructor(model, signal) {
    this.model = model;
    this.lines = h("div", { role: "status", class: "cw-left-lines" });
    this.shortButton = h("button", { type: "button", class: "cw-quiet", onclick: () => this.leave({ short: true }) });
    this.left = h("div", { class: "cw-left" }, this.lines, this.shortButton);
    this.talks = h("ul", { class: "cw-talks" });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.sources = h("div", {}, this.talks, this.error);
    model.on("msg:custom", (message) => this.handleAnswer(message));
    this.stop = signal;
  }

  draw() {
    const left = this.model.get("left") || {};
    const shape = JSON.stringify([left.lines, this.model.get("lang")]);
    if (shape !== this.leftShape) this.drawLines(left);
    this.leftShape = shape;
    setText(this.shortButton, left.short_button || "");
    this.shortButton.hidden = !left.short_button;
    const talks = this.model.get("talks") || [];
    const talkShape = JSON.stringify(talks);
    if (talkShape !== this.talkShape) this.drawTalks(talks);
    this.talkShape = talkShape;
  }

  // Leaving out ------------------------------------------------------------------------------------------

  /** @param {LeftOut} left */
  drawLines(left) {
    const focused = this.left.contains(document.activeElement);
    const lines = (left.lines || []).map((line) => {
      const show = () => this.leave(line.key === "begin" ? { begin: "" } : { short: false });
      return h("p", {}, h("span", {}, line.text), " ", h("button", { type: "button", class: "cw-quiet", onclick: show }, line.button));
    });
    this.lines.replaceChildren(...lines);
    if (focused) queueMicrotask(() => this.left.querySelector(":is(button):not([hidden])")?.focus());
  }

  getKey() {
    return `cowork:keep:${getOwner(this.model)}:talk`;
  }

  /** @param {{begin?: string, short?: boolean}} change */
  leave(change) {
    const { begin = "", short = false } = { ...this.model.get("left"), ...change };
    if (begin || short) deviceStorage.set(this.getKey(), JSON.stringify({ begin, short }));
    else deviceStorage.remove(this.getKey());
    this.model.send({ do: "leave", begin, short });
  }

  // What this reader left out when they were here before.
  leaveAsKept() {
    const kept = deviceStorage.readJson(this.getKey());
    if (!kept || typeof kept !== "object") return;
    this.model.send({ do: "leave", begin: String(kept.begin || ""), short: kept.short === true });
  }

  // Taking a talk out ------------------------------------------------------------------------------------

  /** @param {ImportedTalk[]} talks */
  drawTalks(talks) {
    const focused = this.talks.contains(document.activeElement);
    this.talks.replaceChildren(
      ...talks.map((talk) => {
        const press = () => (talk.ask ? this.confirm(talk) : this.send(talk));
        const id = newId("talk");
        const button = h("button", { type: "button", class: "cw-quiet", id: `${id}-act`, "aria-labelledby": `${id}-act ${id}`, onclick: press }, talk.button);
        return h("li", {}, h("span", { id }, talk.text), " ", button);
      }),
    );
    this.talks.hidden = !talks.length;
    if (focused) this.talks.querySelector("button")?.focus();
  }

  /** @param {ImportedTalk} talk */
  send(talk) {
    setText(this.error, "");
    this.model.send({ do: talk.act, source: talk.id });
  }

  handleAnswer(message) {
    if (message?.done && ["take_out", "put_back"].includes(message.do)) setText(this.error, message.message);
  }

  /** @param {ImportedTalk} talk */
  confirm(talk) {
    const { ask } = talk;
    if (!ask) return;
    const id = newId("out");
    const answer = (yes) => () => {
      box.close();
      if (yes) this.send(talk);
    };
    const no = h("button", { type: "button", class: "cw-second", onclick: answer(false) }, ask.no);
    const dialog = h(
      "dialog",
      { "aria-labelledby": id },
      h("h2", { id }, ask.h),
      h("div", { class: "cw-dialog-lines" }, createParagraphs(ask.lines)),
      h("div", { class: "cw-row" }, no, h("button", { type: "button", class: "cw-danger", onclick: answer(true) }, ask.yes)),
    );
    const box = upgradeDialog(dialog);
    box.addEventListener("close", () => {
      box.remove();
      this.talks.querySelector("button")?.focus();
    });
    this.sources.append(box);
    box.showModal();
    no.focus();
  }
}
