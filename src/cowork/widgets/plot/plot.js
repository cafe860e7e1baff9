// A figure of plotly's: the sentence and the table first, the picture when somebody comes to it.

import { createRoot, h, setText, watchTraits } from "../runtime/dom.js";
import { getLanguageTag, numberFormats, t } from "../runtime/i18n.js";

/** @import { PlotTraits, View } from "../types.js" */

let plotlyScript = null; // one script for all figures of a page

function fetchPlotly(url) {
  plotlyScript ??= new Promise((found, lost) => {
    const script = h("script", { src: url, onload: () => found(globalThis.Plotly), onerror: () => lost(new Error(url)) });
    document.head.append(script);
  }).catch((error) => {
    plotlyScript = null; // the next look tries again
    throw error;
  });
  return plotlyScript;
}

class PlotView {
  /** @param {View<PlotTraits>} view */
  constructor({ model, el, signal }) {
    this.model = model;
    this.el = createRoot(el, model, "plot");
    this.title = h("figcaption", {});
    this.view = h("div", { class: "cw-plot-view", "aria-hidden": "true" });
    this.words = h("p", { role: "status", class: "cw-hint" });
    this.summary = h("summary", {});
    this.table = h("table", {});
    this.el.append(
      h("figure", {}, this.title, this.view, this.words),
      (this.fold = h("details", {}, this.summary, h("div", { class: "cw-plot-table", tabindex: "0", role: "group" }, this.table))),
    );
    watchTraits(model, ["heading", "alt", "figure", "columns", "rows", "words", "lang"], () => this.draw());
    const near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.drawFigure());
    near.observe(this.view);
    signal.addEventListener("abort", () => {
      near.disconnect();
      globalThis.Plotly?.purge(this.view);
    });
    this.draw();
  }

  draw() {
    const get = (name) => this.model.get(name);
    const heading = get("heading");
    this.title.replaceChildren(...(heading ? [h("strong", {}, heading), " "] : []), get("alt") || "");
    setText(this.summary, t(this.model, "plot.table"));
    this.table.parentElement?.setAttribute("aria-label", heading || t(this.model, "plot.table"));
    const cell = (value, i) => (i ? h("td", {}, formatCell(value, get("lang"))) : h("th", { scope: "row" }, formatCell(value, get("lang"))));
    this.table.replaceChildren(
      h("thead", {}, h("tr", {}, (get("columns") || []).map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, (get("rows") || []).map((row) => h("tr", {}, row.map(cell)))),
    );
    if (this.looked) this.drawFigure();
  }

  async drawFigure() {
    this.looked = true;
    const { data, layout } = this.model.get("figure") || {};
    if (!data) return;
    try {
      if (!this.model.get("library")) throw new Error("no library");
      if (!globalThis.Plotly) setText(this.words, t(this.model, "plot.loading"));
      const library = await fetchPlotly(this.model.get("library"));
      const style = getComputedStyle(this.el);
      const font = { family: style.fontFamily, size: 16, color: style.color };
      const clear = { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
      await library.react(this.view, data, { ...layout, ...clear, font, autosize: true }, { responsive: true, displayModeBar: false });
      setText(this.words, "");
    } catch (error) {
      console.warn("cowork: a figure could not be drawn", error);
      setText(this.words, t(this.model, "plot.none"));
      this.fold.open = true;
    }
  }
}

function formatCell(value, lang) {
  return typeof value === "number" ? numberFormats.format(getLanguageTag(lang), value) : String(value ?? "");
}

export default {
  /** @param {View<PlotTraits>} view */
  render(view) {
    new PlotView(view);
  },
};
