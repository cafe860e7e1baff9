// One question with answers to choose from. With `keep_on_device` the answer never leaves this device: it is
// in no trait and in no message.

import { OptionGroup } from "../form/text_field.js";
import { createRoot, h, setText, setTextOrHide, watchTraits } from "../runtime/dom.js";
import { getOwner } from "../runtime/drafts.js";
import { t } from "../runtime/i18n.js";
import { deviceStorage } from "../runtime/storage.js";

/** @import { ChoiceTraits, View } from "../types.js" */

export default {
  /** @param {View<ChoiceTraits>} view */
  render({ model, el, signal }) {
    const own = createRoot(el, model, "choice");
    const keepKey = () => `cowork:keep:${getOwner(model)}:${model.get("keep_on_device")}`;
    const secret = () => Boolean(model.get("keep_on_device"));

    const spec = () => ({
      key: "value",
      legend: model.get("legend"),
      hint: model.get("hint"),
      options: model.get("options"),
      many: model.get("many"),
      value: secret() ? deviceStorage.readJson(keepKey()) || "" : model.get("value"),
      values: secret() ? deviceStorage.readJson(keepKey()) || [] : model.get("values"),
    });
    const answers = new OptionGroup(model, spec(), () => {
      setText(status, "");
      if (!model.get("button")) chose();
    });
    const button = h("button", { type: "submit", class: "cw-second" });
    const status = h("p", { role: "status" });
    const form = h("form", { novalidate: true, onsubmit: submit }, answers.el, button);
    own.append(form, h("div", { class: "cw-done" }, status));

    function submit(event) {
      event.preventDefault();
      answers.head.showError(answers.listSelected().length || model.get("many") ? "" : t(model, "error.no_choice"));
      if (answers.head.hasError) answers.focus();
      else chose();
    }

    function chose() {
      const value = answers.value;
      if (secret()) {
        const kept = deviceStorage.set(keepKey(), JSON.stringify(value));
        setText(status, t(model, kept ? "common.draft_kept" : "common.draft_page"));
        status.className = "";
        return;
      }
      model.set(model.get("many") ? "values" : "value", value);
      model.save_changes();
      model.send({ do: "chose", value });
    }

    function draw() {
      answers.update(spec());
      form.hidden = !(model.get("options") || []).length; // with nothing to choose from it asks nothing
      setTextOrHide(button, model.get("button"));
    }

    watchTraits(model, ["lang", "words", "legend", "hint", "options", "value", "values", "many", "button", "me"], () => {
      answers.touched = false; // the kernel's answer stands, as an acknowledgement
      draw();
    });
    model.on("msg:custom", (message) => {
      if (message?.done === "refused") answers.head.showError(message.message);
      if (message?.said) {
        setText(status, message.said);
        status.className = "cw-good";
      }
    });
    signal.addEventListener("abort", () => own.remove());
    draw();
  },
};
