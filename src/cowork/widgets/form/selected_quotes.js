// What has been picked, as quotations above the list it was picked from: whose they are, and a way to take out each.

import { findNeighbour, h, needsRedraw, reorderChildren, setText } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { createLabelSource, labelControl } from "../runtime/labels.js";
import { writeQuoteRange } from "./quote_ranges.js";

/** @import { TextPicker } from "./text_picker.js" */
/** @import { QuoteRange } from "../types.js" */

export class SelectedQuotes {
  /** @param {TextPicker} picks */
  constructor(picks) {
    this.picker = picks;
    this.model = picks.model;
    this.title = h("p", { id: newId("chosen"), class: "cw-picked-h" });
    this.list = h("ul", { "aria-labelledby": this.title.id });
    this.el = h("div", { class: "cw-picked" }, this.title, this.list);
  }

  draw() {
    const { picker } = this;
    setText(this.title, t(this.model, "picks.h"));
    // A few texts to tick say by themselves which are chosen, unless one of the chosen is not among them.
    const plain = !picker.spec.words && !picker.searched && picker.chosen.every((pick) => picker.rows.has(pick.version));
    this.el.hidden = !picker.chosen.length || plain;
    const kept = new Map([...this.list.querySelectorAll("li")].map((li) => [li.dataset.pick || "", li]));
    const keys = picker.chosen.map(writeQuoteRange);
    for (const [key, li] of kept) if (!keys.includes(key)) li.remove();
    reorderChildren(this.list, picker.chosen.map((pick, i) => this.updateRow(keys[i], pick, kept.get(keys[i]))));
  }

  /** @param {string} key @param {QuoteRange} pick @param {HTMLElement | undefined} kept */
  updateRow(key, pick, kept) {
    const item = this.picker.known.get(pick.version);
    const words = this.picker.getWords(pick);
    const li = kept || h("li", { "data-pick": key });
    const out = li.querySelector("button") || h("button", { type: "button", class: "cw-quiet", onclick: () => this.removeQuote(li, pick) });
    setText(out, t(this.model, "picks.out"));
    if (!needsRedraw(li, [item, words, this.model.get("lang")])) return li;
    const by = [item?.by, item?.when_text].filter(Boolean).join(" · ");
    // The exact words stay as they were said while they are chosen, also in a browser that translates the page.
    const quote = words
      ? h("blockquote", { class: "cw-quote cw-typed", dir: "auto", lang: item.lang ?? null, translate: "no" }, words)
      : h("p", { class: "cw-hint" }, t(this.model, "picks.unknown"));
    const id = newId("taken");
    const parts = [
      quote,
      createLabelSource(quote, id),
      by ? h("p", { class: "cw-by" }, h("bdi", {}, by)) : null,
    ].filter((part) => part !== null);
    for (const old of [...li.children]) if (old !== out) old.remove();
    labelControl(out, id);
    li.prepend(...parts); // the button stays where it is: it may have the focus
    if (!out.parentNode) li.append(out);
    return li;
  }

  /** @param {HTMLElement} li @param {QuoteRange} pick */
  removeQuote(li, pick) {
    const next = findNeighbour(li)?.querySelector("button");
    this.picker.remove(pick.version, pick.start, pick.end);
    if (next) next.focus();
    else this.picker.focus();
  }
}
