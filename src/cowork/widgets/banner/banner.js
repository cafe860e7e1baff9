// A sentence that stands out. An error interrupts a screen reader; anything else waits its turn.

export default {
  render({ model, el }) {
    const own = root(el, model, "banner");
    const text = h("p", {});
    const button = h("button", { type: "button", class: "cw-second", onclick: () => model.send({ do: "press" }) });
    const link = h("a", {});
    own.append(text, button, link);

    function draw() {
      const kind = model.get("kind");
      own.className = `cw-banner cw-${kind}`;
      own.lang = tagOf(model.get("lang"));
      own.hidden = !model.get("text");
      text.setAttribute("role", kind === "error" ? "alert" : "status");
      tell(text, model.get("text"));
      const href = model.get("href");
      button.hidden = !model.get("button") || Boolean(href);
      tell(button, model.get("button"));
      link.hidden = !href;
      tell(link, href ? model.get("button") || href : "");
      if (/^(https?:|[?#/])/.test(href)) link.setAttribute("href", href);
      else link.removeAttribute("href");
    }

    watch(model, ["text", "kind", "button", "href", "lang"], draw);
    draw();
  },
};
