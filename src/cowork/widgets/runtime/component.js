// Shared by every widget: nodes, words, what the device keeps. No import and no export here: Python puts
// the files of a widget one after the other into one module, so every widget has functions of its own.
// What must be one per page (outbox, memory, speech) hangs on globalThis.

const SVG = "http://www.w3.org/2000/svg";
const TAGS = { en: "en-GB", sv: "sv" };
const MODULE = Math.random().toString(36).slice(2, 8);
let lastId = 0;

// Ids tie labels to boxes; each module counts for itself, so its own random part keeps them apart.
function newId(prefix) {
  lastId += 1;
  return `cw-${prefix}-${MODULE}-${lastId}`;
}

function fill(element, attrs, kids) {
  for (const [name, value] of Object.entries(attrs || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  // append() makes text nodes of strings: nothing a person typed is ever read as markup.
  for (const kid of kids.flat(Infinity)) {
    if (kid === null || kid === undefined || kid === false) continue;
    element.append(typeof kid === "object" && !kid.nodeType ? typedPart(kid) : kid);
  }
  return element;
}

// Typed words inside a line of ours: {text, lang}, as `typed` in pages/kit/typed_text.py makes them. A line is a string or a list
// of strings and such parts. lang="" says that nobody knows the language: else a voice of the page's would read it.
function typedPart({ text, lang }) {
  return h("span", { dir: "auto", lang: lang ?? null }, text);
}

function plainLine(line) {
  return [line ?? ""].flat(Infinity).map((part) => part.text ?? part).join("");
}

function h(tag, attrs, ...kids) {
  return fill(document.createElement(tag), attrs, kids);
}

function svg(tag, attrs, ...kids) {
  return fill(document.createElementNS(SVG, tag), attrs, kids);
}

function tagOf(lang) {
  return TAGS[lang] || lang || "en";
}

// What the browser knows of numbers in a language. Its first use costs a page thirty milliseconds and more, and a page
// begins with "1 person here": so the little that English and Swedish have in common is known here.
const ofNumbers = {
  kept: {},
  of(kind, tag) {
    return (this.kept[kind + tag] ||= new Intl[kind](tag));
  },
  written(tag, n) {
    return Number.isInteger(n) && n >= 0 && n < 1000 ? String(n) : this.of("NumberFormat", tag).format(n);
  },
  plural(tag, n) {
    if (/^(en|sv)/.test(tag)) return Math.abs(n) === 1 ? "one" : "other";
    return this.of("PluralRules", tag).select(n);
  },
};

// The catalogue's text for a key, filled in. Plurals come as {one, other}.
function say(model, key, vars = {}) {
  let words = (model.get("words") || {})[key];
  const tag = tagOf(model.get("lang"));
  if (words && typeof words === "object") words = words[ofNumbers.plural(tag, vars.n)] ?? words.other;
  if (typeof words !== "string") return key;
  return words.replace(/\{(\w+)\}/g, (_, name) => {
    const value = vars[name];
    if (typeof value === "number") return ofNumbers.written(tag, value);
    return value ?? "";
  });
}

// The widget's own root. `cw` carries the tokens; every rule of the style sheets begins with it.
function root(el, model, name) {
  const own = h("div", { class: `cw-${name}`, lang: tagOf(model.get("lang")) });
  el.classList.add("cw");
  el.replaceChildren(own);
  return own;
}

// One redraw for several traits that change in one message (a language brings its words along).
function watch(model, names, redraw) {
  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      redraw();
    });
  };
  for (const name of names) model.on(`change:${name}`, soon);
}

function heading(level, text, attrs = {}) {
  const n = Math.min(Math.max(Number(level) || 2, 1), 4);
  return h(`h${n}`, n === 1 ? { tabindex: "-1", ...attrs } : attrs, text);
}

const WHEELS = { engagement: "eng", alignment: "ali", agreement: "agr" };

// The colours of a wheel, for everything inside.
function wheelClass(wheel) {
  return WHEELS[wheel] ? `cw-${WHEELS[wheel]}` : "";
}

// A wheel in two halves, one of them filled: which of the pair we are in. Only a twin of the words beside it.
function halfSign(half) {
  const top = half !== "bottom";
  const arc = (d, full) => svg("path", { d, fill: full ? "currentColor" : "none", stroke: "currentColor", "stroke-width": 2 });
  return svg(
    "svg",
    { viewBox: "0 0 24 26", width: 22, height: 24, "aria-hidden": "true", class: "cw-half" },
    arc("M2 11 A10 10 0 0 1 22 11 Z", top),
    arc("M2 15 A10 10 0 0 0 22 15 Z", !top),
  );
}

function eyebrow(text, wheel, half) {
  if (!text) return null;
  return h("p", { class: `cw-eyebrow ${wheelClass(wheel)}` }, wheel ? halfSign(half) : null, h("span", {}, text));
}

function folded(summary, ...kids) {
  return h("details", {}, h("summary", {}, summary), ...kids);
}

function paragraphs(lines, cls) {
  return (lines || []).map((line) => h("p", { class: cls || null }, line));
}

// Put children in this order without moving those that stand right: moving a node drops its focus.
function place(parent, children) {
  children.forEach((child, i) => {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] || null);
  });
}

// A status people hear: text is changed only when it differs, or a screen reader says it twice.
function tell(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// The same for a line that may hold typed words.
const linesOf = new WeakMap(); // element -> the line it shows
function tellLine(element, line) {
  const shape = JSON.stringify(line);
  if (linesOf.get(element) === shape) return;
  linesOf.set(element, shape);
  element.replaceChildren();
  fill(element, {}, [line]);
}

// Lengths are code points, as in Python: "🙂".length is 2.
function countPoints(text) {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}

function firstPoints(text, n) {
  return Array.from(text.slice(0, n * 2)).slice(0, n).join("");
}

const NAME_MOST = 80;

// Words on one line, cut between two of them.
function oneLine(words, most = NAME_MOST) {
  const line = words.replace(/\s+/g, " ").trim();
  if (countPoints(line) <= most) return line;
  const cut = firstPoints(line, most - 1);
  const space = cut.lastIndexOf(" ");
  return `${(space > cut.length / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

// Ten cards have ten buttons of one name: the words of each say which is which. A control is named by the words where
// they stand, for a copy in an attribute would be read as if it were in the language of the page. Of long words there
// is a copy, cut short and in no one's sight, to be put beside them.
function nameOf(words, id) {
  const whole = words.textContent;
  const long = countPoints(whole) > NAME_MOST;
  const copy = long ? h("span", { class: "cw-words-copy", hidden: true, dir: "auto", lang: words.getAttribute("lang") }, oneLine(whole)) : null;
  (copy || words).id = id;
  return copy;
}

function nameBy(control, id) {
  control.id ||= newId("control");
  setOrDrop(control, "aria-labelledby", id ? `${control.id} ${id}` : "");
  // Around its own word, for a pause between that and theirs; in the control itself, a flex box, it would be a word.
  if (id && !control.querySelector(".cw-of")) control.append(h("span", { class: "cw-of" }, [...control.childNodes]));
}

// A sign that no record can keep (NUL, half of a surrogate pair), as U+XXXX, or "".
function badSign(text) {
  for (const sign of text) {
    const code = sign.codePointAt(0);
    if (code === 0 || (code >= 0xd800 && code <= 0xdfff)) {
      return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
    }
  }
  return "";
}

const HARD_LIMIT = 100000;

// What is wrong with these words, as a sentence, or "".
function faultOf(model, text, limit) {
  const sign = badSign(text);
  if (sign) return say(model, "error.letters", { sign });
  const over = countPoints(text) - Math.min(limit || HARD_LIMIT, HARD_LIMIT);
  return over > 0 ? say(model, "error.too_long", { n: over }) : "";
}

// UUIDv7 without crypto.randomUUID, which a room's plain http does not have. The time in it orders nothing.
function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = now % 256;
    now = Math.floor(now / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// What the device keeps. Storage can be missing, full or forbidden: then the page's memory holds it, which
// outlives a lost connection though not a reload. Whoever tells people that something is kept asks `set`, `has` or
// `keeps` first: a promise made without asking is how words are lost.
const memory = (globalThis.coworkMemory ??= new Map());
const device = {
  get(key) {
    if (memory.has(key)) return memory.get(key);
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
      memory.delete(key);
      return true;
    } catch {
      memory.set(key, value);
      window.dispatchEvent(new Event("cowork:keeping"));
      return false;
    }
  },
  remove(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(key);
      // A full storage has room again: what waits in the page is kept now.
      for (const [other, value] of memory) {
        localStorage.setItem(other, value);
        memory.delete(other);
        if (!memory.size) window.dispatchEvent(new Event("cowork:keeping"));
      }
    } catch {
      // nothing was kept there, or there is still no room
    }
  },
  // Whether what was set under this key outlives the page.
  has(key) {
    return !memory.has(key);
  },
  // Whether all of it does, and what comes next. Found out by trying: some browsers have a storage that takes nothing.
  keeps() {
    try {
      localStorage.setItem("cowork:try", "1");
      localStorage.removeItem("cowork:try");
      return memory.size === 0;
    } catch {
      return false;
    }
  },
  // Whether somebody's own words would go with the page. A draft with an id is that of a form already handed in.
  risks() {
    const words = (key) => Object.values(this.read(key)?.fields || {}).some(Boolean) && !this.read(key).id;
    return [...memory.keys()].some((key) => key.startsWith("cowork:out:") || (key.startsWith("cowork:draft:") && words(key)));
  },
  keys(prefix) {
    const found = new Set([...memory.keys()].filter((key) => key.startsWith(prefix)));
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const key = localStorage.key(i);
        if (key.startsWith(prefix)) found.add(key);
      }
    } catch {
      // memory only
    }
    return [...found];
  },
  read(key) {
    try {
      return JSON.parse(this.get(key));
    } catch {
      return null; // not ours or damaged: left where it is, never deleted
    }
  },
};

// `Object.hasOwn`, which browsers have since 2022.
function hasOwn(object, key) {
  return Object.prototype.hasOwnProperty.call(object, key);
}

function setOrDrop(element, name, value) {
  if (value) element.setAttribute(name, value);
  else element.removeAttribute(name);
}

// A link is followed by the shell around it: in JupyterLab several notebooks stand in one document. True where it was.
function goFrom(node, page, href) {
  const asked = new CustomEvent("cowork:go", { bubbles: true, cancelable: true, detail: { page, href } });
  if (!node.dispatchEvent(asked)) return true;
  globalThis.coworkGo?.(page, href);
  return Boolean(globalThis.coworkGo);
}

// A link to a page of ours is followed inside the page where there is a shell, and by the browser where not.
function follow(event, href) {
  const page = new URLSearchParams((href || "").split("?")[1] || "").get("page");
  if (plainClick(event) && page && goFrom(event.currentTarget, page, href)) event.preventDefault();
}

// A click that asks for this page here: with a modifier it asks for a new tab, which is the browser's.
function plainClick(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

// In JupyterLab and Notebook the address bar, title and language belong to the application.
function ownPage() {
  return !document.querySelector("#jp-main-dock-panel, body[data-notebook]");
}
