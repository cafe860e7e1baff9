// Texts to pick from: the whole of one, or its exact words. What is chosen stands in a list above them, whatever
// the list below shows meanwhile. Words that are marked are chosen too, whether or not "Use these words" is pressed:
// what looks chosen goes along. The value is a list of "<version>" and "<version>:<start>:<end>".

const FIRST = 6; // texts drawn at first: the button that shares is not far below them
const DRAWN = 40; // texts that "more" brings
const FEW = 8; // up to so many are looked through without a search
const MOST = 50; // as many as one act can carry
const LONG = 500; // signs of a text before it is folded

class Picks extends Group {
  constructor(model, spec, changed, from) {
    super();
    Object.assign(this, { model, changed, from, key: spec.key });
    this.name = newId("picks");
    this.chosen = []; // {version, start, end}; start is undefined for a whole text
    this.known = new Map(); // version -> the item it was chosen from, which may have left the list
    this.rows = new Map(); // version -> PickRow
    this.limit = FIRST;
    this.touched = false;
    this.frame();
    this.update(spec);
  }

  frame() {
    this.legend = h("legend", {});
    this.hint = h("p", { id: `${this.name}-hint`, class: "cw-hint" });
    this.error = h("p", { id: `${this.name}-error`, class: "cw-error", role: "alert" });
    this.chosenList = new ChosenList(this);
    this.qLabel = h("label", { for: `${this.name}-find`, class: "cw-label" });
    this.q = h("input", {
      id: `${this.name}-find`,
      type: "search",
      autocomplete: "off",
      enterkeyhint: "search",
      oninput: () => this.typing(),
      onkeydown: (event) => this.findKey(event),
    });
    this.found = h("p", { role: "status", class: "cw-hint cw-found" });
    this.find = h("div", { class: "cw-pick-find" }, this.qLabel, this.q, this.found);
    this.empty = h("p", { class: "cw-hint" });
    this.list = h("ol", { class: "cw-pick-list" });
    this.more = h("button", { type: "button", class: "cw-second", onclick: () => this.showMore() });
    this.spoken = h("p", { class: "cw-vh", role: "status" });
    this.el = h("fieldset", { class: "cw-picks" }, this.legend, this.hint, this.error, this.chosenList.el);
    this.el.append(this.find, this.empty, this.list, this.more, this.spoken);
  }

  update(spec) {
    this.spec = spec;
    tell(this.legend, spec.legend || "");
    this.legend.hidden = !spec.legend;
    tell(this.hint, spec.hint || "");
    this.hint.hidden = !spec.hint;
    tell(this.qLabel, spec.label_find || say(this.model, "picks.find"));
    tell(this.empty, spec.empty || "");
    this.take([...(spec.known || []), ...(spec.items || [])]);
    const given = JSON.stringify(spec.value || []);
    if (given !== this.given && !this.touched) this.chosen = readPicks(JSON.parse(given));
    this.given = given;
    this.draw();
    this.describe();
  }

  take(items) {
    const before = this.items || new Map();
    this.items = new Map(items.map((item) => [item.id, item]));
    // Texts that came are news; texts that went are the page's answer to what is looked for.
    if (this.asked && [...before.keys()].some((id) => !this.items.has(id))) this.answered = true;
  }

  draw() {
    for (const { version } of this.chosen) if (this.items.has(version)) this.known.set(version, this.items.get(version));
    this.drawList();
    this.chosenList.draw();
    for (const row of this.rows.values()) row.show();
    this.askKnown();
  }

  // The list -------------------------------------------------------------------------------------------

  query() {
    return badSign(this.q.value) ? "" : firstPoints(this.q.value.trim(), 200);
  }

  // The page narrows the list by what is looked for; until it has, or where it does not, we do it here. It may
  // know more ways to find: where we find nothing in its answer, the answer stands.
  matching() {
    const items = this.spec.items || [];
    const wanted = plainLetters(this.query()).split(/\s+/).filter(Boolean);
    if (!wanted.length) return items;
    const inside = (item) => plainLetters([item.text, item.by, item.tag].join(" "));
    const found = items.filter((item) => wanted.every((word) => inside(item).includes(word)));
    return found.length || !this.answered ? found : items;
  }

  drawList() {
    const items = this.matching();
    const before = [...this.rows.keys()].pop();
    // New texts come in at the top: what was drawn stays drawn, and a reader's place with it.
    if (!this.narrowed) this.limit = Math.max(this.limit, items.findIndex((item) => item.id === before) + 1);
    this.narrowed = false;
    const drawn = items.slice(0, this.limit);
    const ids = new Set(drawn.map((item) => item.id));
    for (const [id, row] of this.rows) {
      if (ids.has(id)) continue;
      this.keepMarked(row);
      if (row.el.contains(document.activeElement)) this.standBeside(row);
      row.end();
      row.el.remove();
      this.rows.delete(id);
    }
    const rows = new Map();
    for (const item of drawn) {
      const row = this.rows.get(item.id) || new PickRow(this, item);
      row.update(item);
      rows.set(item.id, row);
    }
    this.rows = rows;
    place(this.list, drawn.map((item) => rows.get(item.id).el));
    const rest = items.length - drawn.length;
    tell(this.more, say(this.model, "picks.more", { n: Math.min(rest, DRAWN) }));
    this.more.hidden = rest <= 0;
    this.list.hidden = !drawn.length;
    if ((this.spec.items || []).length > FEW) this.searched = true;
    this.find.hidden = !this.searched;
    this.empty.hidden = Boolean(drawn.length || this.query() || !this.spec.empty);
    if (!this.query()) tell(this.found, "");
    else if (!this.looker) this.tellFound(items.length);
  }

  tellFound(n) {
    tell(this.found, n ? say(this.model, "picks.found", { n }) : say(this.model, "empty.search"));
  }

  standBeside(row) {
    const next = row.el.nextElementSibling || row.el.previousElementSibling;
    if (next) standOn(next);
    else this.focus();
  }

  showMore() {
    const first = this.list.childElementCount;
    this.limit += DRAWN;
    this.drawList();
    const next = this.list.children[first];
    if (next) standOn(next);
  }

  typing() {
    clearTimeout(this.looker);
    this.looker = setTimeout(() => this.look(), 400);
    this.limit = FIRST;
    this.narrowed = true;
    this.asked = this.answered = false;
    this.drawList();
  }

  look() {
    clearTimeout(this.looker);
    this.looker = null;
    this.drawList();
    this.asked = true;
    this.send();
  }

  // After a reload the places are here and the words may not be: the page is asked once for those it may give.
  askKnown() {
    const wanted = this.unknown().join(" ");
    if (wanted && wanted !== this.wanted) this.send();
    this.wanted = wanted;
  }

  unknown() {
    const versions = new Set(this.chosen.map((pick) => pick.version));
    return [...versions].filter((version) => !this.known.has(version));
  }

  send() {
    try {
      this.model.send({ do: "look", key: this.key, q: this.query(), chosen: this.unknown(), ...this.from });
    } catch {
      // without a connection the texts that are here are looked through
    }
  }

  findKey(event) {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault(); // it would share the whole form
      this.look();
    }
    if (event.key === "Escape" && this.q.value) {
      event.preventDefault();
      this.q.value = "";
      this.typing();
    }
  }

  // What is chosen ---------------------------------------------------------------------------------------

  wordsOf({ version, start, end }) {
    const text = this.known.get(version)?.text || "";
    return start === undefined ? text : slicePoints(text, start, end);
  }

  has(version, start, end) {
    const key = writePick({ version, start, end });
    return this.chosen.some((pick) => writePick(pick) === key);
  }

  rangesOf(version) {
    return this.chosen.filter((p) => p.version === version && p.start !== undefined).map((p) => [p.start, p.end]);
  }

  countOf(version) {
    return this.chosen.filter((pick) => pick.version === version).length;
  }

  add(version, start, end) {
    const pick = { version, start, end };
    const full = this.spec.many && this.chosen.length >= MOST && !this.has(version, start, end);
    this.chosen = full ? this.chosen : this.with([pick]);
    if (full) this.fail(say(this.model, "picks.full", { n: MOST }));
    else this.changedBy("picks.added", pick);
  }

  // What is chosen and `picks` too, each once; where only one may be chosen, the last of them.
  with(picks) {
    const all = new Map([...this.chosen, ...picks].map((pick) => [writePick(pick), pick]));
    return this.spec.many ? [...all.values()] : picks.slice(-1).concat(this.chosen).slice(0, 1);
  }

  marked() {
    return [...this.rows.values()].flatMap((row) => row.marked());
  }

  // Marked words that go out of sight stay chosen.
  keepMarked(row) {
    const marked = row.marked();
    if (!marked.length) return;
    this.known.set(row.item.id, row.item);
    this.chosen = this.with(marked);
    row.unmark();
    this.chosenList.draw();
  }

  // A reader has marked words, or let go of them: the draft holds them, and the form knows that it was used.
  marking() {
    this.touched = true;
    this.fail("");
    this.changed(this);
  }

  remove(version, start, end) {
    const pick = { version, start, end };
    const key = writePick(pick);
    this.chosen = this.chosen.filter((other) => writePick(other) !== key);
    this.changedBy("picks.removed", pick);
  }

  changedBy(key, pick) {
    this.touched = true;
    this.fail("");
    this.draw();
    this.tellOf(key, { words: oneLine(this.wordsOf(pick)) });
    this.changed(this);
  }

  // The same words twice are said twice: a status says nothing when its text stays as it is.
  tellOf(key, vars) {
    const text = say(this.model, key, vars);
    tell(this.spoken, this.spoken.textContent === text ? `${text}\u00a0` : text);
  }

  // As every box of a form -------------------------------------------------------------------------------

  picked() {
    return this.with(this.marked()).map(writePick);
  }

  get value() {
    return this.picked();
  }

  set value(strings) {
    this.unmark();
    this.chosen = readPicks(strings);
    this.touched = true;
    this.draw();
  }

  unmark() {
    for (const row of this.rows.values()) row.unmark();
  }

  clear() {
    this.unmark();
    this.touched = false;
    this.chosen = readPicks(JSON.parse(this.given));
    this.fail("");
    this.draw();
  }

  // One end of some words says nothing of the other: the reader is asked, and nothing is guessed.
  fault() {
    const half = [...this.rows.values()].map((row) => row.halfMarked()).find(Boolean);
    const picked = this.picked();
    if (half) return say(this.model, "picks.half", { word: half });
    if (picked.length > MOST) return say(this.model, "picks.full", { n: MOST });
    return this.spec.required && !picked.length ? say(this.model, "picks.none") : "";
  }

  focus() {
    this.el.closest("details")?.setAttribute("open", "");
    const half = [...this.rows.values()].find((row) => row.halfMarked());
    if (half) {
      half.open.focus();
      return;
    }
    const first = this.find.hidden ? this.list.querySelector("input, button") : this.q;
    if (first) first.focus();
    else standOn(this.el);
  }

  end() {
    clearTimeout(this.looker);
    for (const row of this.rows.values()) row.end();
  }
}

// From here to strings and back. What is none of ours (a draft of another day, a changed value) is left aside.
function readPicks(strings) {
  const read = (Array.isArray(strings) ? strings : []).map((one) => /^([0-9a-f-]{36})(?::(\d+):(\d+))?$/.exec(one));
  return read
    .filter((found) => found && (found[2] === undefined || Number(found[2]) < Number(found[3])))
    .map(([, version, start, end]) => (start === undefined ? { version } : { version, start: Number(start), end: Number(end) }));
}

function writePick({ version, start, end }) {
  return start === undefined ? version : `${version}:${start}:${end}`;
}

function plainLetters(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

// Something that takes no focus by itself can be stood on for once.
function standOn(element) {
  element.tabIndex = -1;
  element.focus();
}
