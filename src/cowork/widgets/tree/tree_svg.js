// The same steps as a picture: columns by depth, from what was agreed on the left to what was said on the right.
// A twin of the list and nothing more: hidden from assistive technology, no link, no tab stop of its own.

import { h, svg } from "../runtime/dom.js";
import { getWheelClass } from "../wheels/wheel_marks.js";
import { createStepContent, flattenTree, getStepClass } from "./tree_list.js";

/** @import { DrawnStep, Model, TreeTraits } from "../types.js" */

const MAX_PICTURE_STEPS = 60; // more steps than this are a wall and no picture
const MIN_COLUMN_PX = 160; // of the others, before the first has more than they
const COLUMN_REM = 9; // narrower, and a line holds two or three words: better a list alone
const MAX_BOX_WIDTH = 340;
const FIRST_SHARE = 1.6; // what one follows back is the longest text: its column may have so much more of the room than another
const GAP_X = [28, 40]; // between columns, at least and at most
const GAP_Y = 14;
const MAX_CENTRED_HEIGHT = 560; // a taller branch begins beside its step, or the step would stand out of sight

/**
 * Each node once, in the column of its longest way, with the ways that lead to it. One that stands beside the step
 * that leads to it (`beside`) shares its column.
 * @param {DrawnStep[]} tree
 */
function buildPicture(tree) {
  const boxes = new Map(); // id -> {node, column, kids: [ids]}
  const ways = [];
  const step = (node) => (node.beside ? 0 : 1);
  const columnOf = (own) => (own.parent ? columnOf(own.parent) + step(own.node) : 0);
  for (const own of flattenTree(tree)) {
    if (!boxes.has(own.node.id)) boxes.set(own.node.id, { node: own.node, column: columnOf(own), kids: [] });
    if (!own.parent) continue;
    const from = own.parent.node.id;
    if (!own.again) boxes.get(from).kids.push(own.node.id);
    if (own.again && hasAncestor(own.parent, own.node.id)) continue; // back to where it came from
    ways.push({ from, to: own.node.id, node: own.node });
  }
  for (let round = 0; round < boxes.size; round += 1) {
    let moved = false;
    for (const { from, to, node } of ways) {
      const column = boxes.get(from).column + step(node);
      if (boxes.get(to).column >= column) continue;
      boxes.get(to).column = Math.min(column, boxes.size);
      moved = true;
    }
    if (!moved) break;
  }
  const columns = Math.max(0, ...[...boxes.values()].map((box) => box.column + 1));
  return { boxes, ways, columns, top: tree.filter((own) => !own.again).map((own) => own.node.id) };
}

/** @param {DrawnStep | null} own @param {string} id */
function hasAncestor(own, id) {
  for (let at = own; at; at = at.parent) if (at.node.id === id) return true;
  return false;
}

export class TreePicture {
  /** @param {Model<TreeTraits>} model @param {AbortSignal} signal @param {() => void} moved */
  constructor(model, signal, moved) {
    this.model = model;
    this.lines = svg("svg", { class: "cw-tree-lines" });
    this.ground = h("div", { class: "cw-tree-ground", "aria-hidden": "true", dir: "ltr" }, this.lines);
    this.el = h("div", { class: "cw-tree-picture" }, this.ground);
    this.cards = new Map(); // id -> element
    this.next = buildPicture([]);
    /** @type {ReturnType<typeof buildPicture> | null} */
    this.shown = null;
    this.width = 0;
    // Sizes change with the window, the text size and a font that arrives: each moves the lines.
    this.watcher = new ResizeObserver(() => {
      if (this.el.clientWidth !== this.width) moved();
      else this.layOut();
    });
    this.watcher.observe(this.el);
    signal.addEventListener("abort", () => this.watcher.disconnect());
  }

  /**
   * Whether these steps can be drawn here so that one can read them. What does not fit stays a list.
   * @param {DrawnStep[]} tree
   */
  fits(tree) {
    this.width = this.el.clientWidth;
    this.next = buildPicture(tree);
    const { boxes, columns } = this.next;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    const least = columns * COLUMN_REM * rem + (columns - 1) * GAP_X[0];
    return boxes.size > 0 && boxes.size <= MAX_PICTURE_STEPS && least <= this.width;
  }

  /** @param {boolean} shown */
  draw(shown) {
    this.shown = shown ? this.next : null;
    this.ground.hidden = !shown;
    const boxes = this.shown?.boxes || new Map();
    for (const [id, card] of this.cards) {
      if (boxes.has(id)) continue;
      this.watcher.unobserve(card);
      card.remove();
      this.cards.delete(id);
    }
    for (const [id, { node }] of boxes) {
      let card = this.cards.get(id);
      if (!card) {
        card = h("div", {});
        card.dataset.id = id;
        this.cards.set(id, card);
        this.watcher.observe(card);
      }
      card.className = getStepClass(node);
      card.replaceChildren(...createStepContent(this.model, node).flat(Infinity).filter(Boolean));
      this.ground.append(card);
    }
    this.layOut();
  }

  // Where each card stands, from the sizes they have now, and then the lines between them.
  layOut() {
    if (!this.shown) return;
    const { boxes, ways, columns, top } = this.shown;
    const gap = columns > 1 ? Math.min(GAP_X[1], Math.max(GAP_X[0], this.width / columns / 4)) : 0;
    const room = this.width - gap * (columns - 1);
    const width = Math.min(MAX_BOX_WIDTH, room / columns, Math.max(MIN_COLUMN_PX, room / (columns - 1 + FIRST_SHARE)));
    const first = Math.min(MAX_BOX_WIDTH, room - width * (columns - 1));
    for (const box of boxes.values()) {
      box.width = box.column ? width : first;
      this.cards.get(box.node.id).style.width = `${box.width}px`;
      box.x = box.column ? first + gap + (box.column - 1) * (width + gap) : 0;
    }
    for (const box of boxes.values()) box.high = this.cards.get(box.node.id).offsetHeight;
    const free = Array(columns).fill(0); // how far each column is taken
    const settle = (id) => {
      const box = boxes.get(id);
      const under = (kid) => boxes.get(kid).column === box.column;
      const kids = box.kids.filter((kid) => !under(kid)).map(settle);
      const [first, last] = [kids[0], kids[kids.length - 1]];
      const span = kids.length ? last.y + last.high - first.y : 0;
      const beside = !kids.length ? 0 : span > MAX_CENTRED_HEIGHT ? first.y : first.y + (span - box.high) / 2;
      box.y = Math.max(free[box.column], beside);
      free[box.column] = box.y + box.high + GAP_Y;
      box.kids.filter(under).forEach(settle);
      return box;
    };
    top.forEach(settle);
    for (const [id, box] of boxes) this.cards.get(id).style.transform = `translate(${box.x}px, ${box.y}px)`;
    const high = Math.max(...free) - GAP_Y;
    this.ground.style.height = `${high}px`;
    this.lines.setAttribute("viewBox", `0 0 ${this.width} ${high}`);
    this.lines.replaceChildren(...ways.map((way) => this.createLine(way, gap)));
  }

  createLine({ from, to, node }, gap) {
    const boxes = this.shown?.boxes || this.next.boxes;
    const [start, end] = [boxes.get(from), boxes.get(to)];
    const [x1, y1, x2, y2] = [start.x + start.width, start.y + start.high / 2, end.x, end.y + end.high / 2];
    const bend = (x, y, toX, toY) => `C${(x + toX) / 2} ${y} ${(x + toX) / 2} ${toY} ${toX} ${toY}`;
    let d = `M${x1} ${y1} `;
    if (end.column === start.column) d = `M${start.x + start.width / 2} ${start.y + start.high} V${end.y}`;
    else if (end.column === start.column + 1) d += bend(x1, y1, x2, y2);
    else {
      const y = this.findFreeHeight(start.column, end.column, y1, y2);
      d += `${bend(x1, y1, x1 + gap, y)} H${x2 - gap} ${bend(x2 - gap, y, x2, y2)}`;
    }
    const open = node.state === "gap" || node.state === "unwritten";
    const kind = node.dashed ? "cw-line-differs" : open ? "cw-line-gap" : "";
    return svg("path", { d, class: `cw-line ${getWheelClass(node.wheel)} ${kind}`, "data-way": `${from} ${to}` });
  }

  // The height at which a line passes the columns on its way without running behind one of their cards.
  findFreeHeight(from, to, y1, y2) {
    const passed = [...(this.shown?.boxes.values() || [])].filter((box) => box.column > from && box.column < to);
    const clear = (y) => passed.every((box) => y < box.y - 2 || y > box.y + box.high + 2);
    const around = passed.flatMap((box) => [box.y - GAP_Y / 2, box.y + box.high + GAP_Y / 2]);
    const detour = (y) => Math.abs(y - y1) + Math.abs(y - y2);
    return [y1, y2, ...around].filter(clear).sort((a, b) => detour(a) - detour(b))[0] ?? y1;
  }
}
