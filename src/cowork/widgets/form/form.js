// A question with boxes, answers to choose from, and one button.
//
// On sharing, the words leave the box for the outbox and the status says so; "Shared" waits for the kernel.
// A quick form (start, join) has no outbox: its words stay in the box and its id stays the same until the
// kernel has answered, so that pressing twice opens one workshop and not two.

class AskView {
  constructor(model, el, signal) {
    this.model = model;
    this.boxes = new Boxes(model, () => this.changed());
    this.mine = new Set(); // ids shared from this view and not yet answered
    this.el = root(el, model, "ask");
    this.frame();
    this.saving = autosave(signal, () => this.save());
    this.draw();
    this.restore();
    watch(model, TRAITS, () => this.draw());
    watch(model, ["box", "me", "scope"], () => this.restore());
    joinOutbox(model, signal, {
      owns: (box) => !model.get("quick") && box === model.get("box"),
      heard: (what, item, message) => this.heard(what, item, message),
    });
    model.on("msg:custom", (message) => this.quickHeard(message));
    signal.addEventListener("abort", () => {
      clearInterval(this.again);
      this.boxes.end();
    });
    window.addEventListener("cowork:save", () => this.rememberFocus(), { signal });
  }

  frame() {
    this.headingId = newId("question");
    this.head = h("div", { class: "cw-ask-head" });
    this.body = h("div", { class: "cw-ask-body" });
    this.foldBody = h("div", {});
    this.foldName = h("summary", {});
    this.fold = h("details", { class: "cw-ask-fold" }, this.foldName, this.foldBody);
    this.button = h("button", { type: "submit", id: newId("share") });
    this.saved = h("span", { class: "cw-saved" });
    this.seen = h("div", { class: "cw-ask-seen", id: newId("seen") });
    this.status = h("p", { role: "status" });
    this.kept = h("div", { class: "cw-kept" });
    this.error = h("p", { role: "alert", class: "cw-error" });
    this.button.setAttribute("aria-describedby", this.seen.id);
    this.form = h(
      "form",
      { novalidate: true, onsubmit: (e) => this.submit(e), onkeydown: (e) => this.key(e) },
      this.body,
      this.fold,
      h("div", { class: "cw-row" }, this.button, this.saved),
      this.seen,
      this.error,
    );
    this.done = h("div", { class: "cw-done", tabindex: "-1" }, this.status, this.kept);
    this.el.append(this.head, this.form, this.done);
  }

  draw() {
    const get = (name) => this.model.get(name);
    this.el.lang = tagOf(get("lang"));
    this.el.className = `cw-ask ${wheelClass(get("wheel"))}`;
    this.drawHead();
    this.drawBoxes();
    this.drawSeen();
    this.button.classList.toggle("cw-second", Boolean(get("quiet_button")));
    this.drawForm();
    if (this.saved.textContent) tell(this.saved, draftWords(this.model, get("box")));
    if (this.last) this.tellStatus(...this.last);
  }

  // Where every box has gone (each part has its words now), a button alone would promise something; but a quick form
  // may be its button. What goes takes no focus with it; what comes back has not been answered.
  drawForm() {
    const asks = this.boxes.list().length || (this.model.get("quick") && this.model.get("button"));
    if (this.form.hidden === !asks) return;
    const held = this.form.contains(document.activeElement);
    this.form.hidden = !asks;
    if (asks && this.last?.[0] === "shared") this.tellStatus("");
    else if (held) this.done.focus();
  }

  drawHead() {
    const get = (name) => this.model.get(name);
    const shape = JSON.stringify(["eyebrow", "wheel", "half", "question", "level", "hint", "mean", "first"].map(get));
    if (shape === this.headShape) return; // a heading somebody has focus on stays the same node
    this.headShape = shape;
    const open = Boolean(this.head.querySelector("details[open]"));
    const focused = this.head.contains(document.activeElement) ? document.activeElement.localName : "";
    const { mean, first } = { mean: get("mean") || {}, first: get("first") || {} };
    this.head.replaceChildren();
    fill(this.head, {}, [
      eyebrow(get("eyebrow"), get("wheel"), get("half")),
      get("question") ? heading(get("level"), get("question"), { id: this.headingId }) : null,
      get("hint") ? h("p", { class: "cw-hint" }, get("hint")) : null,
      mean.h ? folded(mean.h, h("div", { class: "cw-inset" }, paragraphs(mean.lines))) : null,
      first.text ? this.drawFirst(first) : null,
    ]);
    if (open) this.head.querySelector("details")?.setAttribute("open", "");
    if (focused) this.head.querySelector(focused)?.focus();
  }

  drawFirst(first) {
    return h(
      "div",
      { class: "cw-inset cw-first" },
      first.h ? h("p", { class: "cw-first-h" }, first.h) : null,
      h("p", { class: "cw-typed", dir: "auto", lang: first.lang ?? null }, first.text),
      first.by ? h("p", { class: "cw-hint cw-small" }, first.by) : null,
    );
  }

  drawBoxes() {
    const get = (name) => this.model.get(name);
    const specs = this.boxes.update({ fields: get("fields"), choices: get("choices"), picks: get("picks") });
    this.boxes.nameBy(get("question") ? this.headingId : this.button.id);
    place(this.body, specs.filter((spec) => !spec.fold).map((spec) => this.boxes.el(spec)));
    place(this.foldBody, specs.filter((spec) => spec.fold).map((spec) => this.boxes.el(spec)));
    tell(this.foldName, get("fold_h") || "");
    this.fold.hidden = !this.foldBody.childElementCount;
  }

  // Who will see this: the line that is true for the answers as they stand now, never two that differ.
  drawSeen() {
    const get = (name) => this.model.get(name);
    const button = get("button") || say(this.model, "common.share_group");
    tell(this.button, this.boxes.caseOf(get("button_by_choice"), button));
    const lines = this.boxes.caseOf(get("seen_by_choice"), get("seen") || []);
    const shape = JSON.stringify(lines);
    if (shape !== this.seenShape) this.seen.replaceChildren(...paragraphs(lines));
    this.seenShape = shape;
  }

  changed() {
    this.drawSeen();
    this.saving.soon();
    tell(this.error, "");
    if (this.last?.[0] === "shared") this.tellStatus(""); // it was about the words before these
  }

  save() {
    const draft = this.boxes.draft();
    const held = this.model.get("quick") ? readDraft(this.model, this.model.get("box")) : null;
    if (held?.id) Object.assign(draft, { id: held.id, of: held.of });
    saveDraft(this.model, this.model.get("box"), draft);
    this.tellKept(draft);
  }

  tellKept(draft) {
    tell(this.saved, this.boxes.some(draft) ? draftWords(this.model, this.model.get("box")) : "");
  }

  restore() {
    const draft = readDraft(this.model, this.model.get("box"));
    if (draft) {
      this.boxes.restore(draft);
      this.tellKept(draft);
      this.drawSeen();
    }
    this.takeFocus();
  }

  // A reload that we ask for ourselves (after a lost kernel) must not take the caret away.
  rememberFocus() {
    for (const box of this.boxes.fields()) {
      if (box.control !== document.activeElement) continue;
      const { selectionStart: start, selectionEnd: end } = box.control;
      const at = { box: this.model.get("box"), key: box.key, start, end };
      try {
        sessionStorage.setItem("cowork:focus", JSON.stringify(at));
      } catch {
        // focus is a comfort, words are not: those are saved
      }
    }
  }

  takeFocus() {
    try {
      const at = JSON.parse(sessionStorage.getItem("cowork:focus"));
      if (!at || at.box !== this.model.get("box")) return;
      sessionStorage.removeItem("cowork:focus");
      const box = this.boxes.get(at.key);
      box?.focus();
      box?.control.setSelectionRange(at.start, at.end);
    } catch {
      // nothing remembered
    }
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.button.click(); // not `requestSubmit`, which Safari has since 16
    }
  }

  submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const wrong = this.boxes.faulty(!this.model.get("quick"));
    wrong?.focus();
    if (wrong) return;
    const get = (name) => this.model.get(name);
    tell(this.error, "");
    const item = newItem(this.model, { box: get("box"), kind: get("kind"), about: get("about"), ...this.boxes.values() });
    if (get("quick")) {
      this.submitQuick(item);
      return;
    }
    this.mine.add(item.id);
    this.saving.forget();
    outbox.put(this.model, item); // on the device first, then out of the box
    this.empty();
    this.tellStatus("common.sharing");
    if (document.activeElement !== this.button) this.boxes.fields()[0]?.focus();
  }

  empty() {
    this.boxes.clear();
    dropDraft(this.model, this.model.get("box"));
    tell(this.saved, "");
  }

  heard(what, item, message) {
    if (what === "shared") {
      this.mine.delete(item.id);
      const left = outbox.waiting(this.model).filter((other) => other.box === item.box).length;
      if (left) this.tellStatus("late");
      else this.tellStatus("shared", message.note);
    } else if (what === "refused") {
      this.mine.delete(item.id);
      this.restore();
      this.showRefusal(message);
      this.tellStatus("");
    } else if (what === "failed") {
      this.tellStatus("late", message.message);
    } else if (what === "late") {
      this.tellStatus("late");
    }
  }

  showRefusal(message) {
    if (!this.boxes.refuse(message)) tell(this.error, message.message);
  }

  // What is true now: sharing, kept on the device (with the words, so that nobody fears for them), shared.
  tellStatus(what, text) {
    this.last = [what, text];
    const late = what === "late";
    const waits = late ? outbox.waiting(this.model) : [];
    const done = () => text || this.model.get("done") || say(this.model, "common.shared");
    const words = {
      shared: done,
      late: () => text || say(this.model, device.keeps() ? "connection.unsent" : "connection.unsent_page", { n: waits.length }),
      "common.sharing": () => say(this.model, "common.sharing"),
    }[what];
    tell(this.status, words ? words() : "");
    this.status.className = late ? "cw-wait" : what === "shared" ? "cw-good" : "";
    const own = waits.filter((item) => item.box === this.model.get("box"));
    const texts = own.map((item) => Object.values(item.fields).filter(Boolean).join("\n")).filter(Boolean);
    const shape = JSON.stringify(texts);
    if (shape === this.keptShape) return;
    this.keptShape = shape;
    this.kept.replaceChildren(...texts.map((t) => h("p", { class: "cw-typed", dir: "auto" }, oneLine(t, 280))));
  }

  // Quick forms ---------------------------------------------------------------------------------------

  submitQuick(item) {
    const box = this.model.get("box");
    const of = JSON.stringify([item.fields, item.choices]);
    const draft = readDraft(this.model, box);
    // The same words keep their id across presses and reloads; other words are another act.
    if (draft?.id && draft.of === of) item.id = draft.id;
    this.save();
    const secret = this.boxes.list().some((b) => b.spec.keep === false);
    const held = readDraft(this.model, box) || { fields: {}, choices: {} };
    if (!secret) saveDraft(this.model, box, { ...held, id: item.id, of });
    this.busy = item.id;
    this.setBusy(true);
    this.tellStatus("common.sharing");
    this.sendQuick(item);
    clearInterval(this.again);
    this.again = setInterval(() => this.sendQuick(item), AGAIN_MS);
  }

  sendQuick(item) {
    if (!outbox.isConnected(this.model)) return;
    try {
      this.model.send({ do: "share", item });
    } catch {
      // tried again in a moment
    }
  }

  setBusy(busy) {
    if (busy) this.button.setAttribute("aria-disabled", "true");
    else this.button.removeAttribute("aria-disabled");
  }

  quickHeard(message) {
    if (!message || !message.done || message.id !== this.busy) return;
    if (message.done === "failed") {
      this.tellStatus("late", message.message);
      return;
    }
    clearInterval(this.again);
    this.busy = null;
    this.setBusy(false);
    const box = this.model.get("box");
    if (message.done === "shared") {
      this.saving.forget();
      this.empty();
      this.tellStatus("shared", message.note);
      return;
    }
    const draft = readDraft(this.model, box);
    if (draft) saveDraft(this.model, box, { fields: draft.fields, choices: draft.choices });
    this.tellStatus("");
    this.showRefusal(message);
  }
}

const TRAITS = [
  "lang", "words", "eyebrow", "wheel", "half", "question", "level", "hint", "mean", "first", "fields", "choices",
  "picks", "button", "seen", "seen_by_choice", "button_by_choice", "fold_h", "done", "quiet_button",
];

export default {
  render({ model, el, signal }) {
    new AskView(model, el, signal);
  },
};
