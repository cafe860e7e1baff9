// Told once somebody has come in: this browser keeps nothing, so what to do and what not to do.
//
// The key that makes a person the same person after a reload is kept like their words. Where storage is forbidden or
// full both are in the page alone, and only a return code brings them back.

import { h, setOrRemoveAttribute, setText, watchTraits } from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { isPlainClick } from "../runtime/links.js";
import { deviceStorage } from "../runtime/storage.js";

/** @import { Model, ShellTraits } from "../types.js" */

export class UnsavedNotice {
  /**
   * @param {Model<ShellTraits>} model
   * @param {AbortSignal} signal
   * @param {(page: string, href?: string | null) => void} go
   */
  constructor(model, signal, go) {
    this.model = model;
    this.go = go;
    this.words = h("p", { role: "status" });
    this.link = h("a", { class: "cw-button", onclick: (e) => this.openPreferences(e) });
    this.close = h("button", { type: "button", class: "cw-second", onclick: () => this.dismiss() });
    this.row = h("div", { class: "cw-row" }, this.link, this.close);
    this.el = h("div", { class: "cw-shell-ban cw-shell-unkept", hidden: true }, this.words, this.row);
    watchTraits(model, ["me", "more_nav"], () => this.draw());
    window.addEventListener("cowork:keeping", () => this.draw(), { signal });
    window.addEventListener("beforeunload", (e) => this.confirmLeaving(e), { signal });
  }

  draw() {
    const joined = this.model.get("me") && !this.model.get("front");
    const shown = Boolean(joined) && !this.away && !deviceStorage.isPersistent();
    const choices = (this.model.get("more_nav") || []).find((one) => one.key === "choices");
    this.el.hidden = !shown;
    setText(this.words, shown ? `${t(this.model, "device.none")} ${t(this.model, "device.none_code")}` : "");
    this.link.hidden = !choices;
    setText(this.link, choices?.name || "");
    setOrRemoveAttribute(this.link, "href", choices?.href);
    setText(this.close, t(this.model, "common.close"));
  }

  openPreferences(event) {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    this.go("choices", this.link.getAttribute("href"));
  }

  dismiss() {
    this.away = true;
    this.draw();
    document.getElementById("cw-main")?.focus({ preventScroll: true });
  }

  // The browser's own question, and only where somebody's words would go with the page.
  confirmLeaving(event) {
    window.dispatchEvent(new Event("cowork:save"));
    if (!deviceStorage.wouldLoseWords()) return;
    event.preventDefault();
    event.returnValue = ""; // what older browsers wait for
  }
}
