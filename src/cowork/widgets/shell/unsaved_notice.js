// Told once somebody has come in: this browser keeps nothing, so what to do and what not to do.
//
// The key that makes a person the same person after a reload is kept like their words. Where storage is forbidden or
// full both are in the page alone, and only a return code brings them back.

class Unkept {
  constructor(model, signal, go) {
    Object.assign(this, { model, go });
    this.words = h("p", { role: "status" });
    this.link = h("a", { class: "cw-button", onclick: (e) => this.follow(e) });
    this.close = h("button", { type: "button", class: "cw-second", onclick: () => this.putAway() });
    this.row = h("div", { class: "cw-row" }, this.link, this.close);
    this.el = h("div", { class: "cw-shell-ban cw-shell-unkept", hidden: true }, this.words, this.row);
    watch(model, ["me", "more_nav"], () => this.draw());
    window.addEventListener("cowork:keeping", () => this.draw(), { signal });
    window.addEventListener("beforeunload", (e) => this.ask(e), { signal });
  }

  draw() {
    const joined = this.model.get("me") && !this.model.get("front");
    const shown = Boolean(joined) && !this.away && !device.keeps();
    const choices = (this.model.get("more_nav") || []).find((one) => one.key === "choices");
    this.el.hidden = !shown;
    tell(this.words, shown ? `${say(this.model, "device.none")} ${say(this.model, "device.none_code")}` : "");
    this.link.hidden = !choices;
    tell(this.link, choices?.name || "");
    setOrDrop(this.link, "href", choices?.href);
    tell(this.close, say(this.model, "common.close"));
  }

  follow(event) {
    if (!plainClick(event)) return;
    event.preventDefault();
    this.go("choices", this.link.getAttribute("href"));
  }

  putAway() {
    this.away = true;
    this.draw();
    document.getElementById("cw-main")?.focus({ preventScroll: true });
  }

  // The browser's own question, and only where somebody's words would go with the page.
  ask(event) {
    window.dispatchEvent(new Event("cowork:save"));
    if (!device.risks()) return;
    event.preventDefault();
    event.returnValue = ""; // what older browsers wait for
  }
}
