// The steps as nested lists: everything there is to read stands here. A step is made once and then only changed
// where it differs, so that a reader's place, focus and open folds stay while others write.

const FOLD_FROM = 16; // with more steps than this, what lies deeper than two levels is folded: a telephone shows four

const STATE_CLASS = { gap: "cw-gap", unwritten: "cw-unwritten" };

// The nodes as they are drawn: each once with its steps; where it comes again, only a word that it stands above.
// Data that leads back to itself ends there, so nothing can go round.
function treeOf(steps) {
  const kids = new Map(); // id -> steps: they may come with whichever mention
  const words = new Map(); // id -> the node as it stands first
  const gather = [...steps];
  while (gather.length) {
    const node = gather.pop();
    if (kids.has(node.id) && !(node.steps || []).length) continue;
    const known = kids.get(node.id);
    kids.set(node.id, known?.length ? known : node.steps || []);
    if (!known?.length) gather.push(...(node.steps || []));
  }
  const seen = new Set();
  const draw = (node, parent, depth) => {
    const again = seen.has(node.id);
    seen.add(node.id);
    if (!again) words.set(node.id, node);
    const own = { node, again, first: words.get(node.id), depth, parent, key: again ? `${parent?.key}>${node.id}` : node.id, steps: [] };
    const under = new Set();
    if (!again) {
      for (const step of kids.get(node.id)) {
        if (under.has(step.id)) continue; // twice under the same step says nothing more
        under.add(step.id);
        own.steps.push(draw(step, own, depth + 1));
      }
    }
    return own;
  };
  const top = new Set();
  return steps.filter((node) => !top.has(node.id) && top.add(node.id)).map((node) => draw(node, null, 0));
}

function allOf(tree) {
  return tree.flatMap((one) => [one, ...allOf(one.steps)]);
}

function stepClass(node) {
  const dashed = node.dashed || node.state === "gap" || node.state === "unwritten";
  return ["cw-step", wheelClass(node.wheel), STATE_CLASS[node.state], dashed && "cw-dashed", node.dashed && "cw-differs", node.lead && "cw-lead"]
    .filter(Boolean)
    .join(" ");
}

function languageName(model, lang) {
  if (!lang || lang.split("-")[0] === model.get("lang")) return "";
  let language = lang;
  try {
    language = new Intl.DisplayNames([tagOf(model.get("lang"))], { type: "language" }).of(lang);
  } catch {
    // its tag, then
  }
  return say(model, "common.in_language", { language });
}

// What a step says, the same in the list and in the picture.
function stepWords(model, node) {
  const quote = (one) =>
    one.gap
      ? h("p", { class: "cw-step-gap" }, one.gap)
      : h(
          "blockquote",
          {},
          h("p", { class: "cw-typed", dir: "auto", lang: one.lang ?? node.lang ?? null }, one.text),
          one.by ? h("p", { class: "cw-by", dir: "auto" }, one.by) : null,
        );
  const by = [node.by && h("bdi", {}, node.by), node.when_text, languageName(model, node.lang)].filter(Boolean);
  return [
    node.label ? h("p", { class: "cw-step-label" }, node.label) : null,
    node.text ? h("p", { class: "cw-step-text cw-typed", dir: "auto", lang: node.lang ?? null }, node.text) : null,
    (node.quotes || []).map(quote),
    by.length ? h("p", { class: "cw-by" }, by.map((part) => h("span", {}, part))) : null,
    node.mark ? h("p", { class: "cw-mark" }, node.mark) : null,
    (node.note || []).length ? h("div", { class: "cw-notes" }, paragraphs(node.note)) : null,
  ];
}

// A link with a page in it stays in the shell; the browser keeps its own ways (a new tab) with any other press.
function stepLink(href, text, attrs) {
  const safe = /^[?#/]/.test(href || "") ? href : null;
  const go = (event) => {
    const page = new URLSearchParams((safe || "").split("?")[1] || "").get("page");
    if (page && plainClick(event) && goFrom(event.currentTarget, page, safe)) event.preventDefault();
  };
  return h("a", { href: safe, onclick: go, ...attrs }, text);
}

class Step {
  constructor(list) {
    this.list = list;
    this.model = list.model;
    this.face = h("div", { class: "cw-step-face" });
    this.steps = h("ol", { class: "cw-steps" });
    this.el = h("li", {}, this.face);
  }

  update(own, foldNow) {
    const { node, again, first } = own;
    const face = { ...first, steps: 0 };
    const shape = JSON.stringify([face, again, this.list.tongue]);
    if (shape !== this.shape) this.drawFace(own);
    this.shape = shape;
    this.el.className = `${stepClass(node)}${again ? " cw-again" : ""}${own.depth > 5 ? " cw-deep" : ""}`;
    this.el.dataset.id = node.id;
    this.fold(own, foldNow);
    place(this.steps, own.steps.map((step) => this.list.steps.get(step.key).el));
  }

  drawFace({ first: node, again }) {
    const held = this.face.contains(document.activeElement);
    const parts = again ? this.again(node) : stepWords(this.model, node);
    const link = !again && node.href && node.href_text ? stepLink(node.href, node.href_text) : null;
    this.face.replaceChildren(...[parts, link && h("p", {}, link)].flat(Infinity).filter(Boolean));
    if (held) (this.face.querySelector("a, button") || this.stand()).focus();
  }

  // The words once more, so that one knows what is meant, and the way to where they stand.
  again(node) {
    const id = newId("again");
    const there = () => this.list.showStep(node.id);
    const { label, text, quotes, lang } = node;
    return [
      stepWords(this.model, { label, text, quotes, lang }),
      h("p", { class: "cw-notes", id }, say(this.model, "trace.again")),
      h("button", { type: "button", class: "cw-quiet", "aria-describedby": id, onclick: there }, say(this.model, "common.go")),
    ];
  }

  // A branch is folded as a whole: one press, and all of it stands open. What stood open is never folded away.
  fold(own, foldNow) {
    const count = allOf(own.steps).length;
    const folds = foldNow && own.depth === 1 && count > 0;
    if (folds && !this.details) {
      const wasOpen = this.steps.isConnected;
      this.summary = h("summary", {});
      this.details = h("details", {}, this.summary, this.steps);
      this.details.open = wasOpen || this.list.opened.has(own.key);
      this.details.addEventListener("toggle", () => this.list.opened[this.details.open ? "add" : "delete"](own.key));
      this.el.append(this.details);
    } else if (!folds && this.details) {
      this.el.append(this.steps);
      this.details.remove();
      this.details = null;
    }
    if (folds) tell(this.summary, say(this.model, "trace.fold", { n: count }));
    else if (!count) this.steps.remove();
    else if (this.steps.parentNode !== this.el) this.el.append(this.steps);
  }

  stand() {
    this.el.tabIndex = -1;
    return this.el;
  }
}

class StepList {
  constructor(model) {
    this.model = model;
    this.steps = new Map(); // key -> Step
    this.opened = new Set();
    this.el = h("ol", { class: "cw-steps cw-steps-top" });
  }

  draw(tree) {
    this.tongue = JSON.stringify([this.model.get("lang"), this.model.get("words")]);
    const held = this.el.contains(document.activeElement) ? document.activeElement : null;
    const beside = held ? [...this.steps].filter(([, step]) => step.el.contains(held)).map(([key]) => key) : [];
    const all = allOf(tree);
    const keys = new Set(all.map((own) => own.key));
    for (const [key, step] of this.steps) {
      if (keys.has(key)) continue;
      step.el.remove();
      this.steps.delete(key);
    }
    for (const own of all) if (!this.steps.has(own.key)) this.steps.set(own.key, new Step(this));
    // From the leaves up: a list is filled with what stands already.
    for (const own of all.reverse()) this.steps.get(own.key).update(own, all.length > FOLD_FROM);
    place(this.el, tree.map((own) => this.steps.get(own.key).el));
    if (held && document.activeElement !== held) this.hold(held, beside);
  }

  // A node that moved has lost its focus; one that is gone leaves it to the nearest step that is still here.
  hold(held, beside) {
    if (this.el.contains(document.activeElement)) return;
    if (this.el.contains(held) && held.checkVisibility?.() !== false) held.focus({ preventScroll: true });
    if (document.activeElement === held) return;
    const near = beside.reverse().map((key) => this.steps.get(key)).find(Boolean);
    if (near) near.stand().focus({ preventScroll: true });
  }

  showStep(id) {
    const step = this.steps.get(id);
    if (!step) return;
    for (let at = step.el.parentElement; at && at !== this.el; at = at.parentElement) if (at.localName === "details") at.open = true;
    step.stand().focus();
    step.el.scrollIntoView({ block: "center" });
  }
}
