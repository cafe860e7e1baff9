// Text to read: headings, paragraphs, lists, terms, a code to scan. Text only, never markup.

import { createDetails, createHeading, createParagraphs, createRoot, h, needsRedraw, reorderChildren, svg, watchTraits } from "../runtime/dom.js";
import { newId } from "../runtime/ids.js";
import { isPlainClick, requestNavigation } from "../runtime/links.js";
import { createEyebrow, getWheelClass } from "../wheels/wheel_marks.js";

/** @import { ProseBlock, ProseLink, ProseTraits, QrSpec, View } from "../types.js" */

/** @param {ProseLink} spec */
function createProseLink(spec) {
  const href = /^(https?:|mailto:|[?#/])/.test(spec.href || "") ? spec.href : null;
  const go = (event) => {
    if (spec.page && isPlainClick(event) && requestNavigation(event.currentTarget, spec.page, href)) event.preventDefault();
  };
  const words = spec.note ? [h("strong", {}, spec.text), h("span", { class: "cw-hint" }, spec.note)] : spec.text;
  return h("a", { href, onclick: go, class: spec.wheel ? getWheelClass(spec.wheel) : null }, words);
}

/**
 * The path comes from the kernel as drawing commands in a grid of `size` modules.
 * @param {QrSpec} spec
 */
function createQrCode(spec) {
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

const BLOCK_RENDERERS = {
  p: (b) => h("p", { class: "cw-typed", dir: "auto" }, b.p),
  h: (b) => createHeading(b.level || 2, b.h),
  eyebrow: (b) => createEyebrow(b.eyebrow, b.wheel, b.half),
  hint: (b) => h("p", { class: "cw-hint" }, b.hint),
  list: (b) => h("ul", {}, b.list.map((line) => h("li", {}, line))),
  terms: (b) => h("dl", {}, b.terms.map(([term, text]) => [h("dt", {}, term), h("dd", { dir: "auto" }, text)])),
  qr: (b) => createQrCode(b.qr),
  code: (b) => h("div", { class: "cw-code" }, b.code),
  link: (b) => (b.link && b.link.text ? h("p", {}, createProseLink(b.link)) : h("p", { class: "cw-address" }, String(b.link))),
  links: (b) => h("ul", { class: "cw-links" }, b.links.map((link) => h("li", {}, createProseLink(link)))),
  summary: (b) => createDetails(b.summary, h("div", { class: "cw-inset" }, createParagraphs(b.lines))),
  inset: (b) => h("div", { class: "cw-inset" }, createParagraphs([].concat(b.inset), "cw-typed")),
};

/**
 * One block may hold several things ({qr, link, code}): each is drawn, in this order.
 * @param {ProseBlock} block
 */
function createProseBlock(block) {
  return Object.keys(BLOCK_RENDERERS)
    .filter((key) => block[key] !== undefined && block[key] !== null && block[key] !== "")
    .map((key) => BLOCK_RENDERERS[key](block));
}

/**
 * Links that only lead to another page, in one line that opens: the list of all pages holds them too.
 * @param {ProseBlock} block
 */
function createWays({ h: heading, ...rest }) {
  if (!heading) return h("div", { class: "cw-block cw-ways" }, createProseBlock(rest));
  return h("div", { class: "cw-block cw-ways" }, createDetails(heading, ...createProseBlock(rest)));
}

export default {
  /** @param {View<ProseTraits>} view */
  render({ model, el }) {
    const own = createRoot(el, model, "prose");

    // Blocks that say the same stay the same nodes: a reader's place, focus and open parts survive.
    function draw() {
      const kept = [...own.children];
      const next = (model.get("blocks") || []).map((block, i) => {
        if (kept[i] && !needsRedraw(kept[i], block)) return kept[i];
        const made = block.ways ? createWays(block) : h("div", { class: "cw-block" }, createProseBlock(block));
        needsRedraw(made, block);
        return made;
      });
      for (const node of kept) if (!next.includes(node)) node.remove();
      reorderChildren(own, next);
    }

    watchTraits(model, ["blocks"], draw);
    draw();
  },
};
