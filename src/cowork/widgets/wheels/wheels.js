// The journey: a table of what was written, by how many and when, and the three wheels as its picture.
// The table is first in the page; the picture says nothing that the table does not, and holds no count.

import {
  createHeading, createRoot, findFocused, getPlainText, h, needsRedraw, setChildren, setOrRemoveAttribute, setText, setTextOrHide, svg, watchTraits,
} from "../runtime/dom.js";
import { t } from "../runtime/i18n.js";
import { newId } from "../runtime/ids.js";
import { followLink, getQueryValue, isPlainClick, requestNavigation } from "../runtime/links.js";
import { deviceStorage } from "../runtime/storage.js";
import { toOneLine } from "../runtime/text.js";
import { getWheelClass } from "./wheel_marks.js";
import { createArrowTip, createTurnArrows, fitText, getHalfPath } from "./wheel_svg.js";

/** @import { GoTo, JourneyRow, Model, NavLink, Suggestion, View, WheelsTraits } from "../types.js" */

const LARGE_CENTRES = { engagement: [212, 470], alignment: [370, 180], agreement: [528, 470] };
const LARGE_RADIUS = 112;
// Where the name of a wheel stands, and how much room it has to its side.
const LARGE_NAMES = { engagement: [76, 622, "start", 286], alignment: [480, 92, "start", 240], agreement: [664, 622, "end", 286] };

/**
 * @param {NavLink} part
 * @param {number} x
 * @param {number} y
 * @param {boolean} top
 * @param {GoTo} go
 */
function createLargeHalf(part, x, y, top, go) {
  const kind = part.here ? "cw-here" : part.written ? "cw-some" : "cw-none";
  const group = svg("g", { class: `cw-halfpic ${kind} ${top ? "cw-up" : "cw-down"}`, onclick: (event) => part.href && go(part, event) });
  group.append(
    svg("path", { d: getHalfPath(x, y, LARGE_RADIUS, top, 3) }),
    fitText(top ? 180 : 200, svg("text", { class: "cw-pic-name", x, y: top ? y - 44 : y + 34 }, part.name || "")),
    fitText(top ? 200 : 180, svg("text", { class: "cw-pic-plain", x, y: top ? y - 20 : y + 56 }, part.plain || "")),
  );
  return group;
}

/** @param {Model<WheelsTraits>} model @param {GoTo} go */
function createLargeWheels(model, go) {
  const title = newId("wheels");
  const tip = newId("tip");
  const picture = svg(
    "svg",
    { viewBox: "0 0 740 660", role: "img", "aria-labelledby": title, class: "cw-wheels-big" },
    svg("title", { id: title }, t(model, "journey.wheels_alt")),
    createArrowTip(tip, 6),
    svg("rect", { x: 8, y: 8, width: 724, height: 644, rx: 120, class: "cw-around" }),
  );
  // Text in a box of its own, which has lines; as high as there is room above the wheel beneath it.
  const context = [t(model, "journey.around"), ...(model.get("context") || [])].slice(0, 4);
  const lines = context.map((line, i) => h("p", { class: i ? null : "cw-strong", dir: "auto" }, toOneLine(getPlainText(line), 60)));
  const corner = { x: 56, y: 62, width: 186, height: 270, class: "cw-pic-context" };
  picture.append(svg("foreignObject", corner, h("div", {}, lines)));
  for (const wheel of model.get("wheels") || []) {
    if (!LARGE_CENTRES[wheel.key]) continue;
    const [x, y] = LARGE_CENTRES[wheel.key];
    const [nameX, nameY, anchor, most] = LARGE_NAMES[wheel.key];
    const group = svg("g", { class: getWheelClass(wheel.key) }, ...createTurnArrows(wheel.key, x, y, LARGE_RADIUS + 13, tip));
    (wheel.parts || []).slice(0, 2).forEach((part, i) => group.append(createLargeHalf(part, x, y, i === 0, go)));
    const name = svg("text", { class: "cw-pic-wheel", x: nameX, y: nameY, "text-anchor": anchor }, wheel.name || "");
    group.append(fitText(most, name));
    picture.append(group);
  }
  return picture;
}

const JOURNEY_COLUMNS = ["part", "wrote", "by", "last", "met"];

/** @param {Model<WheelsTraits>} model @param {GoTo} go */
function createJourneyTable(model, go) {
  const nothing = model.get("nothing") || t(model, "journey.nothing");
  const label = (column) => t(model, `journey.col.${column}`);
  const cell = (column, row) => {
    const value = row[column] === 0 ? "0" : row[column];
    const text = value || (column === "wrote" ? nothing : "–");
    const attrs = { role: "cell", "data-label": label(column), class: value || column === "wrote" ? null : "cw-nil" };
    return h("td", attrs, h("span", {}, String(text)));
  };
  const rows = (model.get("rows") || []).map((row) => {
    const name = row.href
      ? h("a", { href: row.href, onclick: (event) => isPlainClick(event) && go(row, event) }, row.part)
      : row.part;
    const head = h("th", { scope: "row", role: "rowheader" }, name);
    return h("tr", { role: "row", class: getWheelClass(row.wheel) }, head, JOURNEY_COLUMNS.slice(1).map((c) => cell(c, row)));
  });
  const heads = JOURNEY_COLUMNS.map((c) => h("th", { scope: "col", role: "columnheader" }, label(c)));
  // The roles are written out because the narrow layout makes blocks of the rows, which would take them away.
  return h(
    "table",
    { role: "table" },
    model.get("caption") ? h("caption", {}, model.get("caption")) : null,
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
    h("tbody", { role: "rowgroup" }, rows),
  );
}

/** @param {NavLink | JourneyRow} place_ @param {MouseEvent} event */
function goToPlace(place_, event) {
  const page = place_.key || getQueryValue(place_.href, "page");
  if (page && requestNavigation(event.currentTarget, page, place_.href)) event.preventDefault();
}

// One thing to ask oneselves, and never two. What is left is kept on this device, and does not come back that day.
class SuggestionBox {
  /** @param {Model<WheelsTraits>} model @param {() => void} stand */
  constructor(model, stand) {
    this.model = model;
    this.stand = stand;
    this.left = false;
    this.title = h("p", { class: "cw-first-h" });
    this.text = h("p", {});
    this.note = h("p", { class: "cw-hint" });
    this.link = h("a", { onclick: (event) => followLink(event, this.link.getAttribute("href")) });
    this.leave = h("button", { type: "button", class: "cw-quiet", onclick: () => this.dismiss() });
    this.el = h("div", { class: "cw-nudge" }, this.title, this.text, this.note, h("div", { class: "cw-row" }, this.link, this.leave));
  }

  draw() {
    const all = this.model.get("nudges") || [];
    // The same one stays while it holds: a question that changes under one's eyes is two.
    const still = all.find((one) => one.key === this.one?.key);
    this.one = this.left ? null : still || all.find((one) => deviceStorage.get(this.getKey(one)) !== getToday());
    this.el.hidden = !this.one;
    if (!this.one) return;
    setText(this.title, t(this.model, "journey.nudge.h"));
    setText(this.text, this.one.text || "");
    setTextOrHide(this.note, this.one.note);
    this.link.hidden = !this.one.href;
    setOrRemoveAttribute(this.link, "href", /^[?#/]/.test(this.one.href || "") ? this.one.href : "");
    setText(this.link, this.one.href_text || "");
    setText(this.leave, t(this.model, "journey.nudge.leave"));
  }

  /** @param {Suggestion} one */
  getKey(one) {
    return `cowork:keep:${this.model.get("scope")}:${this.model.get("me")}:nudge:${one.key}`;
  }

  dismiss() {
    deviceStorage.set(this.getKey(this.one), getToday());
    this.left = true;
    this.draw();
    this.stand(); // the button that had the focus is gone
  }
}

function getToday() {
  const now = new Date();
  return `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;
}

const DRAWN_TRAITS = ["lang", "words", "context", "wheels", "rows", "meetings", "meetings_h", "nothing", "truth", "caption"];

export default {
  /** @param {View<WheelsTraits>} view */
  render({ model, el }) {
    const own = createRoot(el, model, "wheels");
    const words = h("div", { class: "cw-wheels-words", tabindex: "-1" });
    const nudge = new SuggestionBox(model, () => words.focus());
    const list = h("div", { class: "cw-wheels-list" }, nudge.el, words);
    const picture = h("div", { class: "cw-wheels-picture" });
    own.append(list, picture);

    function draw() {
      nudge.draw();
      if (!needsRedraw(words, DRAWN_TRAITS.map((name) => model.get(/** @type {keyof WheelsTraits} */ (name))))) return;
      const focused = findFocused(words)?.getAttribute("href");
      const meetings = model.get("meetings") || [];
      const longs = (model.get("wheels") || []).filter((wheel) => wheel.long);
      setChildren(
        words,
        createJourneyTable(model, goToPlace),
        model.get("truth") ? h("p", { class: "cw-hint" }, model.get("truth")) : null,
        meetings.length && model.get("meetings_h") ? createHeading(2, model.get("meetings_h")) : null,
        meetings.length ? h("ul", {}, meetings.map((line) => h("li", {}, line))) : null,
        longs.length ? h("ul", { class: "cw-wheels-long" }, longs.map((w) => h("li", { class: getWheelClass(w.key) }, w.long))) : null,
      );
      picture.replaceChildren(createLargeWheels(model, goToPlace));
      if (focused) words.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    }

    watchTraits(model, [...DRAWN_TRAITS, "nudges"], draw);
    draw();
  },
};
