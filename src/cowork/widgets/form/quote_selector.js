// Choosing the exact words of a text: the first word and the last, by key, by tap, or by selecting with a mouse.
// Positions are code points, as in Python: JavaScript counts an emoji twice. Words stand between white space, so
// what is chosen is a slice of the text with all that lies inside it.

function splitWords(text) {
  const words = [];
  let point = 0;
  let unit = 0;
  for (const found of text.matchAll(/\S+/gu)) {
    point += countPoints(text.slice(unit, found.index));
    const start = point;
    point += countPoints(found[0]);
    unit = found.index + found[0].length;
    words.push({ text: found[0], at: found.index, start, end: point });
  }
  return words;
}

function slicePoints(text, start, end) {
  return Array.from(text).slice(start, end).join("");
}

class Quoting {
  // `use(start, end)` takes the marked words so that others can be marked too, `tellOf(key, vars)` says something
  // aloud, `marking()` hears that a mark was set or let go of, `close()` folds this away.
  constructor(model, item, { use, tellOf, marking, close }) {
    Object.assign(this, { model, item, use, tellOf, marking, close });
    this.words = splitWords(item.text);
    this.at = 0; // the word that has the focus, or would have it
    this.first = null; // the marked words, from first to last; last is null while only one end is chosen
    this.last = null;
    this.stop = new AbortController();
    this.hint = h("p", { id: newId("how"), class: "cw-hint" });
    this.list = h("div", {
      role: "listbox",
      class: "cw-word-list cw-typed",
      dir: "auto",
      lang: item.lang ?? null,
      translate: "no",
      "aria-multiselectable": "true",
      "aria-describedby": this.hint.id,
      onclick: (event) => this.click(event),
      onkeydown: (event) => this.key(event),
    });
    this.quote = h("blockquote", { class: "cw-quote cw-typed", dir: "auto", lang: item.lang ?? null, translate: "no" });
    this.useButton = h("button", { type: "button", class: "cw-second", onclick: () => this.take() });
    this.againButton = h("button", { type: "button", class: "cw-quiet", onclick: () => this.again() });
    this.along = h("p", { class: "cw-hint" });
    this.markedBox = h(
      "div",
      { class: "cw-marked" },
      this.quote,
      this.along,
      h("div", { class: "cw-row" }, this.useButton, this.againButton),
    );
    this.el = h("div", { class: "cw-quoting" }, this.hint, this.list, this.markedBox);
    this.draw();
    document.addEventListener("selectionchange", () => this.selecting(), { signal: this.stop.signal });
  }

  draw() {
    let unit = 0;
    this.nodes = this.words.map((word, i) =>
      h("span", { role: "option", class: "cw-word", tabindex: i ? -1 : 0, "aria-selected": "false", "data-i": i }, word.text),
    );
    const kids = this.words.flatMap((word, i) => {
      const between = this.item.text.slice(unit, word.at);
      unit = word.at + word.text.length;
      return [between, this.nodes[i]];
    });
    this.list.append(...kids);
    this.show();
  }

  // Words may be said anew while this is open.
  update(button) {
    this.button = button;
    this.list.setAttribute("aria-label", say(this.model, "picks.words_of"));
    tell(this.useButton, button);
    tell(this.againButton, say(this.model, "picks.again"));
    tell(this.along, say(this.model, "picks.along"));
    this.show();
  }

  // Which words have been taken before: underlined, so that nobody looks for them twice.
  keep(ranges) {
    this.words.forEach((word, i) => {
      const kept = ranges.some(([start, end]) => word.start < end && word.end > start);
      this.nodes[i].classList.toggle("cw-kept-word", kept);
    });
  }

  show() {
    const [from, to] = this.range();
    this.nodes.forEach((node, i) => {
      const inside = i >= from && i <= to;
      if (inside === (node.getAttribute("aria-selected") === "true")) return;
      node.setAttribute("aria-selected", String(inside));
    });
    const word = this.half();
    tell(this.hint, word ? say(this.model, "picks.first", { word }) : say(this.model, "picks.how"));
    this.markedBox.hidden = this.last === null;
    tell(this.quote, this.last === null ? "" : this.said());
  }

  range() {
    if (this.first === null) return [0, -1];
    const last = this.last ?? this.first;
    return [Math.min(this.first, last), Math.max(this.first, last)];
  }

  // The word that is chosen while the other end is not, or "".
  half() {
    return this.first !== null && this.last === null ? this.words[this.first].text : "";
  }

  // [start, end] of the marked words, or null.
  marked() {
    if (this.last === null) return null;
    const [from, to] = this.range();
    return [this.words[from].start, this.words[to].end];
  }

  said() {
    return slicePoints(this.item.text, ...this.marked());
  }

  // `quietly`: what was marked has been shared, or is chosen elsewhere now.
  mark(first, last, quietly) {
    this.first = first;
    this.last = last;
    this.show();
    if (quietly) return;
    this.marking();
    if (last !== null) this.tellOf("picks.marked", { words: this.said() });
    else if (first !== null) this.tellOf("picks.first", { word: this.words[first].text });
  }

  choose(i) {
    this.stand(i);
    if (this.first === null || this.last !== null) this.mark(i, null);
    else this.mark(this.first, i);
  }

  take() {
    const [start, end] = this.marked();
    this.again();
    this.use(start, end);
  }

  again() {
    document.getSelection()?.removeAllRanges();
    this.mark(null, null);
    this.focus();
  }

  // Moving ---------------------------------------------------------------------------------------------

  focus() {
    this.nodes[this.at]?.focus();
  }

  stand(i) {
    this.nodes[this.at]?.setAttribute("tabindex", "-1");
    this.at = Math.max(0, Math.min(i, this.nodes.length - 1));
    this.nodes[this.at]?.setAttribute("tabindex", "0");
    this.focus();
  }

  // The word above or below, nearest to where this one stands.
  overLine(step) {
    const middle = (node) => {
      const box = node.getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2, box.height];
    };
    const [x, y, height] = middle(this.nodes[this.at]);
    let best = null;
    for (let i = this.at + step; i >= 0 && i < this.nodes.length; i += step) {
      const [left, top] = middle(this.nodes[i]);
      if (Math.abs(top - y) < height / 2) continue;
      if (best && Math.abs(top - best.top) > height / 2) break;
      const off = Math.abs(left - x);
      if (!best || off < best.off) best = { i, off, top };
    }
    return best ? best.i : this.at;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const ahead = getComputedStyle(this.list).direction === "rtl" ? -1 : 1;
    const moves = {
      ArrowRight: () => this.at + ahead,
      ArrowLeft: () => this.at - ahead,
      ArrowDown: () => this.overLine(1),
      ArrowUp: () => this.overLine(-1),
      Home: () => 0,
      End: () => this.nodes.length - 1,
    };
    if (hasOwn(moves, event.key)) {
      const from = this.first ?? this.at;
      this.stand(moves[event.key]());
      if (event.shiftKey) this.mark(from, this.at);
    } else if (event.key === "Enter" || event.key === " ") {
      this.choose(this.at);
    } else if (event.key === "Escape") {
      // First what is marked goes, then the words fold away; a form around them sees that it was used, and stays.
      if (this.first !== null) this.again();
      else this.close();
    } else {
      return;
    }
    event.preventDefault();
  }

  click(event) {
    const node = event.target.closest("[data-i]");
    if (node && !this.selection()) this.choose(Number(node.dataset.i));
  }

  // Selecting with a mouse, or with the handles of a phone -----------------------------------------------

  selection() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    return this.list.contains(selection.anchorNode) ? selection.getRangeAt(0) : null;
  }

  selecting() {
    clearTimeout(this.timer);
    if (this.selection()) this.timer = setTimeout(() => this.selected(), 200);
  }

  // Whole words: those of which at least one sign is selected.
  selected() {
    const range = this.selection();
    if (!range) return;
    const whole = document.createRange();
    const touched = this.nodes.flatMap((node, i) => {
      whole.selectNodeContents(node);
      const begins = range.compareBoundaryPoints(Range.END_TO_START, whole) < 0; // it begins before the word ends
      const ends = range.compareBoundaryPoints(Range.START_TO_END, whole) > 0; // it ends after the word begins
      return begins && ends ? [i] : [];
    });
    if (!touched.length) return;
    const [from, to] = [touched[0], touched[touched.length - 1]];
    if (this.first === from && this.last === to) return;
    this.nodes[this.at].setAttribute("tabindex", "-1");
    this.at = from;
    this.nodes[from].setAttribute("tabindex", "0");
    this.mark(from, to);
  }

  end() {
    clearTimeout(this.timer);
    this.stop.abort();
  }
}
