// A sentence that stands out. An error interrupts a screen reader; anything else waits its turn.

import { createRoot, h, setOrRemoveAttribute, setText, watchTraits } from "../runtime/dom.js";

/** @import { BannerTraits, View } from "../types.js" */

export default {
  /** @param {View<BannerTraits>} view */
  render({ model, el }) {
    const own = createRoot(el, model, "banner");
    const text = h("p", {});
    const button = h("button", { type: "button", class: "cw-second", onclick: () => model.send({ do: "press" }) });
    const link = h("a", {});
    own.append(text, button, link);

    function draw() {
      const kind = model.get("kind");
      own.className = `cw-banner cw-${kind}`;
      own.hidden = !model.get("text");
      text.setAttribute("role", kind === "error" ? "alert" : "status");
      setText(text, model.get("text"));
      const href = model.get("href");
      button.hidden = !model.get("button") || Boolean(href);
      setText(button, model.get("button"));
      link.hidden = !href;
      setText(link, href ? model.get("button") || href : "");
      setOrRemoveAttribute(link, "href", /^(https?:|[?#/])/.test(href) ? href : "");
    }

    watchTraits(model, ["text", "kind", "button", "href"], draw);
    draw();
  },
};
