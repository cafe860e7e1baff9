// One question with answers to choose from. With `keep_on_device` the answer never leaves this device: it is
// in no trait and in no message.

export default {
  render({ model, el, signal }) {
    const own = root(el, model, "choice");
    const keepKey = () => `cowork:keep:${ownerOf(model)}:${model.get("keep_on_device")}`;
    const secret = () => Boolean(model.get("keep_on_device"));

    const spec = () => ({
      key: "value",
      legend: model.get("legend"),
      hint: model.get("hint"),
      options: model.get("options"),
      many: model.get("many"),
      value: secret() ? device.read(keepKey()) || "" : model.get("value"),
      values: secret() ? device.read(keepKey()) || [] : model.get("values"),
    });
    const answers = new Answers(model, spec(), () => {
      tell(status, "");
      if (!model.get("button")) chose();
    });
    const button = h("button", { type: "submit", class: "cw-second" });
    const status = h("p", { role: "status" });
    const form = h("form", { novalidate: true, onsubmit: submit }, answers.el, button);
    own.append(form, h("div", { class: "cw-done" }, status));

    function submit(event) {
      event.preventDefault();
      answers.fail(answers.picked().length || model.get("many") ? "" : say(model, "error.no_choice"));
      if (answers.error.textContent) answers.focus();
      else chose();
    }

    function chose() {
      const value = answers.value;
      if (secret()) {
        const kept = device.set(keepKey(), JSON.stringify(value));
        tell(status, say(model, kept ? "common.draft_kept" : "common.draft_page"));
        status.className = "";
        return;
      }
      model.set(model.get("many") ? "values" : "value", value);
      model.save_changes();
      model.send({ do: "chose", value });
    }

    function draw() {
      own.lang = tagOf(model.get("lang"));
      answers.update(spec());
      form.hidden = !(model.get("options") || []).length; // with nothing to choose from it asks nothing
      tell(button, model.get("button"));
      button.hidden = !model.get("button");
    }

    watch(model, ["lang", "words", "legend", "hint", "options", "value", "values", "many", "button", "me"], () => {
      answers.touched = false; // the kernel's answer stands, as an acknowledgement
      draw();
    });
    model.on("msg:custom", (message) => {
      if (message?.done === "refused") answers.fail(message.message);
      if (message?.said) {
        tell(status, message.said);
        status.className = "cw-good";
      }
    });
    signal.addEventListener("abort", () => own.remove());
    draw();
  },
};
