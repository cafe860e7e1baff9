// A question that leaves the page waiting: native <dialog>, the careful answer has the focus.
// What arrives as {show: [lines]} (a return code) stands in no trait. It leaves the page before the dialog closes: the
// event "close" comes a moment after the box is gone from sight, and a page that is being left may never send it.

import { createParagraphs, createRoot, h, setText, setTextOrHide, watchTraits } from "../runtime/dom.js";
import { newId } from "../runtime/ids.js";
import { upgradeDialog } from "../runtime/modal.js";

/** @import { DialogTraits, View } from "../types.js" */

export default {
  /** @param {View<DialogTraits>} view */
  render({ model, el, signal }) {
    const own = createRoot(el, model, "dialog");
    const id = newId("dialog");
    const opener = h("button", { type: "button", class: "cw-second", onclick: ask });
    const body = h("div", { class: "cw-dialog-lines" });
    const shown = h("div", { role: "status", class: "cw-dialog-shown" });
    const title = h("h2", { id });
    const no = h("button", { type: "button", class: "cw-second", onclick: () => close("no") });
    const yes = h("button", { type: "button", onclick: () => model.send({ do: "yes" }) });
    const answers = h("div", { class: "cw-row" }, no, yes);
    const heard = { "aria-labelledby": id, oncancel: forget, onclose: closed };
    const box = upgradeDialog(h("dialog", heard, title, body, shown, answers));
    own.append(opener, box);

    // With nothing to ask, the button is the answer; what comes of it is shown in the box.
    function ask() {
      if (model.get("yes")) open();
      else model.send({ do: "yes" });
    }

    function open() {
      if (box.open || !box.isConnected) return;
      box.showModal();
      no.focus();
    }

    function close(answer) {
      forget();
      if (answer) model.send({ do: answer });
      if (box.open) box.close();
    }

    function forget() {
      shown.replaceChildren();
    }

    function closed() {
      forget(); // a browser may close it unasked: a second Escape, a form
      yes.hidden = !model.get("yes");
      if (!opener.hidden) opener.focus();
    }

    function draw() {
      setText(title, model.get("heading"));
      body.replaceChildren(...createParagraphs(model.get("lines")));
      setTextOrHide(opener, model.get("button"));
      setTextOrHide(no, model.get("no"));
      setText(yes, model.get("yes"));
      yes.hidden = !model.get("yes") || shown.childElementCount > 0;
    }

    watchTraits(model, ["heading", "lines", "yes", "no", "button"], draw);
    model.on("msg:custom", (message) => {
      if (Array.isArray(message?.show)) {
        // Several lines are something to keep (a code) and what to know about it; one line is only said.
        const [kept, ...about] = message.show.map(String);
        if (about.length) shown.replaceChildren(h("output", {}, kept), ...createParagraphs(about, "cw-hint"));
        else shown.replaceChildren(h("p", { class: "cw-good" }, kept));
        yes.hidden = true;
        open();
      }
    });
    signal.addEventListener("abort", () => close(""));
    window.addEventListener("pagehide", forget, { signal }); // a page kept for "back" keeps what it shows
    draw();
  },
};
