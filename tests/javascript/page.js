// A page as our scripts see one: globals of its own with as little of a browser as they ask for, and a clock that the
// test moves. Scripts are put into it as a browser gets them: joined, each behind those that it imports.

import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../src/cowork/", import.meta.url));
const IMPORT = /^import \{[^}]*\} from "([^"]+)";\n/gm;
const EXPORT = /^export (?=(?:async function|function|class|const|let) ([\w$]+))/gm;

/** A store of the device; beyond `room` characters it refuses, as a browser's does. */
export class Store {
  #kept = new Map();
  room = Infinity;

  get length() {
    return this.#kept.size;
  }

  key(i) {
    return [...this.#kept.keys()][i] ?? null;
  }

  getItem(key) {
    return this.#kept.get(key) ?? null;
  }

  setItem(key, value) {
    let used = key.length + value.length;
    for (const [other, text] of this.#kept) if (other !== key) used += other.length + text.length;
    if (used > this.room) throw new Error("QuotaExceededError");
    this.#kept.set(key, value);
  }

  removeItem(key) {
    this.#kept.delete(key);
  }

  keys() {
    return [...this.#kept.keys()];
  }
}

/** An element: what is written into it, and nothing that is drawn. */
class Element extends EventTarget {
  attributes = {};
  children = [];
  classList = { toggle: () => {}, add: () => {}, remove: () => {} };
  #text = "";

  setAttribute(name, value) {
    this.attributes[name] = value;
    if (name === "id") this.id = value;
  }

  getAttribute(name) {
    return this.attributes[name] ?? null;
  }

  append(...kids) {
    this.children.push(...kids);
  }

  focus() {}

  get textContent() {
    return this.children.map((kid) => kid.textContent ?? kid).join("") || this.#text;
  }

  set textContent(text) {
    this.children = [];
    this.#text = text;
  }

  get nodeType() {
    return 1;
  }
}

/** One tab of a device: pages with one store are tabs of one device. */
export class Page {
  #timers = [];
  now = Date.UTC(2026, 0, 1);

  constructor(localStorage = new Store(), sessionStorage = new Store()) {
    const window = new EventTarget();
    const document = Object.assign(new EventTarget(), {
      visibilityState: "visible",
      createElement: () => new Element(),
      getSelection: () => null,
    });
    this.window = window;
    this.globals = {
      window,
      document,
      localStorage,
      sessionStorage,
      globalThis: {}, // what the scripts of one page have together
      Date: { now: () => this.now },
      setTimeout: (act, ms) => this.#timers.push({ act, at: this.now + ms }),
      clearTimeout: (id) => id && (this.#timers[id - 1].act = null),
    };
  }

  /** Run a script and all that it imports; give what it exports. */
  load(name) {
    const done = new Map(); // name -> the names it exports
    const texts = [];
    const visit = (script) => {
      if (done.has(script)) return;
      const text = readFileSync(join(SOURCE, script), "utf-8");
      for (const [, from] of text.matchAll(IMPORT)) visit(normalize(join(dirname(script), from)));
      done.set(script, [...text.matchAll(EXPORT)].map((found) => found[1]));
      texts.push(text.replace(IMPORT, "").replace(EXPORT, ""));
    };
    visit(name);
    const code = `${texts.join("\n")}\nreturn { ${done.get(name).join(", ")} };`;
    return new Function(...Object.keys(this.globals), code)(...Object.values(this.globals));
  }

  /** Let time pass: timers that are due run, in their order. */
  async pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = this.#timers.filter((timer) => timer.act && timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.now = Math.max(this.now, due.at);
      const { act } = due;
      due.act = null;
      act();
      await settle();
    }
    this.now = end;
  }
}

/** Let what was put off to the end of this turn happen. */
export function settle() {
  return new Promise((done) => setImmediate(done));
}

/** A widget's model; `sent` holds what the kernel would hear. It hears nothing while `deaf`. */
export class Model {
  sent = [];
  deaf = false;
  #listeners = [];

  constructor(traits = {}) {
    this.traits = { scope: "KIND-7", me: "p1", notebook: "", voice: "", lang: "en", words: {}, ...traits };
  }

  get(name) {
    return this.traits[name];
  }

  on(event, act) {
    if (event === "msg:custom") this.#listeners.push(act);
  }

  send(content) {
    if (this.deaf) throw new Error("not connected");
    this.sent.push(content);
  }

  /** What the kernel says. */
  answer(message) {
    for (const act of this.#listeners) act(message);
  }

  /** The submissions that were sent, in order. */
  get shared() {
    return this.sent.filter((message) => message.do === "share").map((message) => message.item);
  }
}
