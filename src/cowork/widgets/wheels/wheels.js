// The journey: a table of what was written, by how many and when, and the three wheels as its picture.
// The table is first in the page; the picture says nothing that the table does not, and holds no count.

const BIG = { engagement: [212, 470], alignment: [370, 180], agreement: [528, 470] };
const BIG_R = 112;
// Where the name of a wheel stands, and how much room it has to its side.
const BIG_NAME = { engagement: [76, 622, "start", 286], alignment: [480, 92, "start", 240], agreement: [664, 622, "end", 286] };

function bigHalf(part, x, y, top, go) {
  const kind = part.here ? "cw-here" : part.written ? "cw-some" : "cw-none";
  const group = svg("g", { class: `cw-halfpic ${kind} ${top ? "cw-up" : "cw-down"}`, onclick: (event) => part.href && go(part, event) });
  group.append(
    svg("path", { d: halfPath(x, y, BIG_R, top, 3) }),
    within(top ? 180 : 200, svg("text", { class: "cw-pic-name", x, y: top ? y - 44 : y + 34 }, part.name || "")),
    within(top ? 200 : 180, svg("text", { class: "cw-pic-plain", x, y: top ? y - 20 : y + 56 }, part.plain || "")),
  );
  return group;
}

function bigPicture(model, go) {
  const title = newId("wheels");
  const tip = newId("tip");
  const picture = svg(
    "svg",
    { viewBox: "0 0 740 660", role: "img", "aria-labelledby": title, class: "cw-wheels-big" },
    svg("title", { id: title }, say(model, "journey.wheels_alt")),
    arrowTip(tip, 6),
    svg("rect", { x: 8, y: 8, width: 724, height: 644, rx: 120, class: "cw-around" }),
  );
  // Text in a box of its own, which has lines; as high as there is room above the wheel beneath it.
  const context = [say(model, "journey.around"), ...(model.get("context") || [])].slice(0, 4);
  const lines = context.map((line, i) => h("p", { class: i ? null : "cw-strong", dir: "auto" }, oneLine(plainLine(line), 60)));
  const corner = { x: 56, y: 62, width: 186, height: 270, class: "cw-pic-context" };
  picture.append(svg("foreignObject", corner, h("div", {}, lines)));
  for (const wheel of model.get("wheels") || []) {
    if (!BIG[wheel.key]) continue;
    const [x, y] = BIG[wheel.key];
    const [nameX, nameY, anchor, most] = BIG_NAME[wheel.key];
    const group = svg("g", { class: wheelClass(wheel.key) }, ...turns(wheel.key, x, y, BIG_R + 13, tip));
    (wheel.parts || []).slice(0, 2).forEach((part, i) => group.append(bigHalf(part, x, y, i === 0, go)));
    const name = svg("text", { class: "cw-pic-wheel", x: nameX, y: nameY, "text-anchor": anchor }, wheel.name || "");
    group.append(within(most, name));
    picture.append(group);
  }
  return picture;
}

const COLUMNS = ["part", "wrote", "by", "last", "met"];

function journeyTable(model, go) {
  const nothing = model.get("nothing") || say(model, "journey.nothing");
  const label = (column) => say(model, `journey.col.${column}`);
  const cell = (column, row) => {
    const value = row[column] === 0 ? "0" : row[column];
    const text = value || (column === "wrote" ? nothing : "–");
    const attrs = { role: "cell", "data-label": label(column), class: value || column === "wrote" ? null : "cw-nil" };
    return h("td", attrs, h("span", {}, String(text)));
  };
  const rows = (model.get("rows") || []).map((row) => {
    const name = row.href
      ? h("a", { href: row.href, onclick: (event) => plainClick(event) && go(row, event) }, row.part)
      : row.part;
    const head = h("th", { scope: "row", role: "rowheader" }, name);
    return h("tr", { role: "row", class: wheelClass(row.wheel) }, head, COLUMNS.slice(1).map((c) => cell(c, row)));
  });
  const heads = COLUMNS.map((c) => h("th", { scope: "col", role: "columnheader" }, label(c)));
  // The roles are written out because the narrow layout makes blocks of the rows, which would take them away.
  return h(
    "table",
    { role: "table" },
    model.get("caption") ? h("caption", {}, model.get("caption")) : null,
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)),
    h("tbody", { role: "rowgroup" }, rows),
  );
}

function goTo(place_, event) {
  const page = place_.key || new URLSearchParams((place_.href || "").split("?")[1] || "").get("page");
  if (page && goFrom(event.currentTarget, page, place_.href)) event.preventDefault();
}

// One thing to ask oneselves, and never two. What is left is kept on this device, and does not come back that day.
class Nudge {
  constructor(model, stand) {
    Object.assign(this, { model, stand, left: false });
    this.title = h("p", { class: "cw-first-h" });
    this.text = h("p", {});
    this.note = h("p", { class: "cw-hint" });
    this.link = h("a", { onclick: (event) => follow(event, this.link.getAttribute("href")) });
    this.leave = h("button", { type: "button", class: "cw-quiet", onclick: () => this.put() });
    this.el = h("div", { class: "cw-nudge" }, this.title, this.text, this.note, h("div", { class: "cw-row" }, this.link, this.leave));
  }

  draw() {
    const all = this.model.get("nudges") || [];
    // The same one stays while it holds: a question that changes under one's eyes is two.
    const still = all.find((one) => one.key === this.one?.key);
    this.one = this.left ? null : still || all.find((one) => device.get(this.keyOf(one)) !== today());
    this.el.hidden = !this.one;
    if (!this.one) return;
    tell(this.title, say(this.model, "journey.nudge.h"));
    tell(this.text, this.one.text || "");
    tell(this.note, this.one.note || "");
    this.note.hidden = !this.one.note;
    this.link.hidden = !this.one.href;
    setOrDrop(this.link, "href", /^[?#/]/.test(this.one.href || "") ? this.one.href : "");
    tell(this.link, this.one.href_text || "");
    tell(this.leave, say(this.model, "journey.nudge.leave"));
  }

  keyOf(one) {
    return `cowork:keep:${this.model.get("scope")}:${this.model.get("me")}:nudge:${one.key}`;
  }

  put() {
    device.set(this.keyOf(this.one), today());
    this.left = true;
    this.draw();
    this.stand(); // the button that had the focus is gone
  }
}

function today() {
  const now = new Date();
  return `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;
}

export default {
  render({ model, el }) {
    const own = root(el, model, "wheels");
    const words = h("div", { class: "cw-wheels-words", tabindex: "-1" });
    const nudge = new Nudge(model, () => words.focus());
    const list = h("div", { class: "cw-wheels-list" }, nudge.el, words);
    const picture = h("div", { class: "cw-wheels-picture" });
    own.append(list, picture);
    let shape = "";

    function draw() {
      own.lang = tagOf(model.get("lang"));
      nudge.draw();
      const names = ["words", "context", "wheels", "rows", "meetings", "meetings_h", "nothing", "truth", "caption"];
      const now = JSON.stringify([own.lang, ...names.map((name) => model.get(name))]);
      if (now === shape) return;
      shape = now;
      const focused = words.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      const meetings = model.get("meetings") || [];
      const longs = (model.get("wheels") || []).filter((wheel) => wheel.long);
      const parts = [
        journeyTable(model, goTo),
        model.get("truth") ? h("p", { class: "cw-hint" }, model.get("truth")) : null,
        meetings.length && model.get("meetings_h") ? heading(2, model.get("meetings_h")) : null,
        meetings.length ? h("ul", {}, meetings.map((line) => h("li", {}, line))) : null,
        longs.length ? h("ul", { class: "cw-wheels-long" }, longs.map((w) => h("li", { class: wheelClass(w.key) }, w.long))) : null,
      ];
      words.replaceChildren(...parts.filter(Boolean));
      picture.replaceChildren(bigPicture(model, goTo));
      if (focused) words.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    }

    watch(model, ["lang", "words", "context", "wheels", "rows", "meetings", "meetings_h", "nudges", "nothing", "truth", "caption"], draw);
    draw();
  },
};
