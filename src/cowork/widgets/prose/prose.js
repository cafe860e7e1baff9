// Text to read: headings, paragraphs, lists, terms, a code to scan. Text only, never markup.

function proseLink(spec) {
  const href = /^(https?:|mailto:|[?#/])/.test(spec.href || "") ? spec.href : null;
  const go = (event) => {
    if (spec.page && plainClick(event) && goFrom(event.currentTarget, spec.page, href)) event.preventDefault();
  };
  const words = spec.note ? [h("strong", {}, spec.text), h("span", { class: "cw-hint" }, spec.note)] : spec.text;
  return h("a", { href, onclick: go, class: spec.wheel ? wheelClass(spec.wheel) : null }, words);
}

// The path comes from the kernel as drawing commands in a grid of `size` modules.
function proseQr(spec) {
  const size = Number(spec.size) || 0;
  const id = newId("qr");
  return h(
    "figure",
    { class: "cw-qr" },
    svg(
      "svg",
      { viewBox: `-4 -4 ${size + 8} ${size + 8}`, role: "img", "aria-labelledby": id },
      svg("title", { id }, spec.label || ""),
      svg("rect", { x: -4, y: -4, width: size + 8, height: size + 8, fill: "#fff" }),
      svg("path", { d: spec.path, fill: "#000" }),
    ),
  );
}

const PROSE = {
  p: (b) => h("p", { class: "cw-typed", dir: "auto" }, b.p),
  h: (b) => heading(b.level || 2, b.h),
  eyebrow: (b) => eyebrow(b.eyebrow, b.wheel, b.half),
  hint: (b) => h("p", { class: "cw-hint" }, b.hint),
  list: (b) => h("ul", {}, b.list.map((line) => h("li", {}, line))),
  terms: (b) => h("dl", {}, b.terms.map(([term, text]) => [h("dt", {}, term), h("dd", { dir: "auto" }, text)])),
  qr: (b) => proseQr(b.qr),
  code: (b) => h("div", { class: "cw-code" }, b.code),
  link: (b) => (b.link && b.link.text ? h("p", {}, proseLink(b.link)) : h("p", { class: "cw-address" }, String(b.link))),
  links: (b) => h("ul", { class: "cw-links" }, b.links.map((link) => h("li", {}, proseLink(link)))),
  summary: (b) => folded(b.summary, h("div", { class: "cw-inset" }, paragraphs(b.lines))),
  inset: (b) => h("div", { class: "cw-inset" }, paragraphs([].concat(b.inset), "cw-typed")),
};

// One block may hold several things ({qr, link, code}): each is drawn, in this order.
function proseBlock(block) {
  return Object.keys(PROSE)
    .filter((key) => block[key] !== undefined && block[key] !== null && block[key] !== "")
    .map((key) => PROSE[key](block));
}

export default {
  render({ model, el }) {
    const own = root(el, model, "prose");
    const shapes = new WeakMap(); // node -> the block it draws
    let shape = "";

    // Blocks that say the same stay the same nodes: a reader's place, focus and open parts survive.
    function draw() {
      own.lang = tagOf(model.get("lang"));
      const blocks = model.get("blocks") || [];
      const now = JSON.stringify(blocks);
      if (now === shape) return;
      shape = now;
      const kept = [...own.children];
      const next = blocks.map((block, i) => {
        const key = JSON.stringify(block);
        if (shapes.get(kept[i]) === key) return kept[i];
        const made = h("div", { class: block.ways ? "cw-block cw-ways" : "cw-block" }, proseBlock(block));
        shapes.set(made, key);
        return made;
      });
      for (const node of kept) if (!next.includes(node)) node.remove();
      place(own, next);
    }

    watch(model, ["blocks", "lang"], draw);
    draw();
  },
};
