// The page's front end: hosts anywidgets on the kernel's websocket, without JupyterLab's.
//
// It begins while the kernel is still starting: the page is streamed, and this watches for what comes.
//   <meta name="cw-kernel" content="ID">   the kernel is there: open its websocket
//   <div class="page-app" data-model="ID"> show this widget here
// A page with a widget that is no anywidget asks for JupyterLab's front end instead (`wantLab`).

const host = {};
{
  const AGAIN_MS = [100, 250, 500, 1000]; // waits between tries to connect
  const SLOWER = 10; // after these, a tenth of the time that it has been cut: what is gone for good is asked for seldom
  const STUCK_MS = 4000; // a try that has not opened by then is given up; the next has twice as long
  const LONGEST_MS = 30000; // of a try, and of a wait
  const MOST_REFUSED = 10; // tries before the first that opens: then something stops them that will not go by itself
  const QUEUE = 200; // what was pressed while the connection was down; words have a safer place, the outbox
  const MODEL_MS = 10000;
  const LAB = "cowork-front=lab";

  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

  // The wire ------------------------------------------------------------------------------------------

  // Jupyter's messages (jupyter_server, "WebSocket kernel wire protocol" v1): the number of offsets, the offsets, then
  // channel, header, parent header, metadata, content and buffers behind each other. The older protocol, all in one
  // JSON text, is no choice: Voilà reads each binary message as one of this kind and would not come to an end.
  const PROTOCOL = "v1.kernel.websocket.jupyter.org";
  const read_ = new TextDecoder();
  const write_ = new TextEncoder();

  function read(data) {
    const view = new DataView(data);
    const number = (at) => Number(view.getBigUint64(at, true));
    const at = Array.from({ length: number(0) }, (_, i) => number(8 * (i + 1)));
    const part = (i) => JSON.parse(read_.decode(new Uint8Array(data, at[i], at[i + 1] - at[i])));
    const header = part(1);
    if (!header.msg_type.startsWith("comm_")) return { header }; // the kernel's other talk is not read further
    const buffers = at.slice(5, -1).map((from, i) => new DataView(data.slice(from, at[i + 6])));
    return { header, content: part(4), buffers };
  }

  function written(channel, header, metadata, content, buffers) {
    const bytes = (one) => (ArrayBuffer.isView(one) ? new Uint8Array(one.buffer, one.byteOffset, one.byteLength) : new Uint8Array(one));
    const texts = [channel, ...[header, {}, metadata, content].map((one) => JSON.stringify(one))];
    const all = [...texts.map((text) => write_.encode(text)), ...buffers.map(bytes)];
    let at = 8 * (all.length + 2);
    const whole = new Uint8Array(all.reduce((sum, part) => sum + part.length, at));
    const view = new DataView(whole.buffer);
    view.setBigUint64(0, BigInt(all.length + 1), true);
    all.forEach((part, i) => {
      view.setBigUint64(8 * (i + 1), BigInt(at), true);
      whole.set(part, at);
      at += part.length;
    });
    view.setBigUint64(8 * (all.length + 1), BigInt(at), true);
    return whole.buffer;
  }

  class Wire {
    constructor(url, heard, opened, refused) {
      Object.assign(this, { url, heard, opened, refused });
      this.queue = [];
      this.tries = 0;
      this.lastHeard = 0;
      this.patience = STUCK_MS;
      this.was = false; // open, ever
      this.downSince = Date.now();
      window.addEventListener("online", () => this.anew()); // the old socket may look open for minutes
      window.addEventListener("pageshow", () => this.again());
      document.addEventListener("visibilitychange", () => document.hidden || this.again());
      window.addEventListener("cowork:late", () => this.again()); // somebody waits for what they have shared
      this.open();
    }

    get up() {
      return this.socket?.readyState === WebSocket.OPEN;
    }

    open() {
      clearTimeout(this.timer);
      // A name for each try: of one name the server keeps the last, and a try that was given up may reach it last.
      this.session = newId();
      const socket = new WebSocket(`${this.url}?session_id=${this.session}&only=comm`, PROTOCOL);
      this.socket = socket;
      this.since = Date.now();
      socket.binaryType = "arraybuffer";
      const mine = (act) => (event) => this.socket === socket && act(event);
      socket.onopen = mine(() => {
        this.tries = 0;
        this.was = true;
        this.opened();
        for (const data of this.queue.splice(0)) socket.send(data);
        window.dispatchEvent(new Event("cowork:joined"));
      });
      socket.onmessage = mine((event) => this.take(event.data));
      socket.onclose = mine(() => {
        if (!this.tries) this.downSince = Date.now();
        window.dispatchEvent(new Event("cowork:cut"));
        this.later();
      });
      this.timer = setTimeout(mine(() => socket.readyState === WebSocket.CONNECTING && this.giveUp()), this.patience);
    }

    // A network may need longer for one handshake than this try was given: the next is given more.
    giveUp() {
      this.patience = Math.min(2 * this.patience, LONGEST_MS);
      this.tries += 1;
      if (this.stopped()) return;
      if (!this.was) document.getElementById("cw-slow")?.removeAttribute("hidden"); // they may wait, or try again
      this.replace();
    }

    // Whether to stop trying, and tell so. Whatever wakes the page up tries once more.
    stopped() {
      if (this.was || this.tries < MOST_REFUSED) return false;
      const old = this.socket;
      this.socket = null;
      old?.close();
      this.refused();
      return true;
    }

    take(data) {
      this.lastHeard = Date.now();
      try {
        this.heard(read(data));
      } catch (error) {
        console.error("cowork: a message could not be read", error); // one message is no reason to lose the others
      }
    }

    later() {
      const first = AGAIN_MS[Math.min(this.tries, AGAIN_MS.length - 1)];
      const wait = Math.max(first, Math.min((Date.now() - this.downSince) / SLOWER, LONGEST_MS));
      this.tries += 1;
      clearTimeout(this.timer);
      if (this.stopped()) return;
      // A whole room comes back in the same moment: not all on the same beat.
      this.timer = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
    }

    // Connect at once where the socket is closed, rather than when its turn comes.
    again() {
      if (!this.up) this.anew();
    }

    // For whoever is not answered: connect anew, unless something has come on this socket as lately as may be. A socket
    // that is known to be closed has its next try already.
    revive() {
      if (this.up && Date.now() - this.lastHeard >= this.patience) this.anew();
    }

    // Connect anew, whatever the old socket looks like.
    anew() {
      if (Date.now() - this.since < this.patience && this.socket?.readyState <= WebSocket.OPEN) return; // just begun
      this.replace();
    }

    replace() {
      const old = this.socket;
      this.socket = null; // what still comes of the old one is nobody's
      old?.close();
      this.open();
    }

    send(type, content, version, buffers = [], keep = true) {
      const header = { msg_id: newId(), msg_type: type, session: this.session, username: "", version: "5.3", date: new Date().toISOString() };
      const data = written("shell", header, { version }, content, buffers);
      if (this.up) this.socket.send(data);
      else if (keep && this.queue.length < QUEUE) this.queue.push(data);
      else throw new Error("not connected");
    }
  }

  // Models --------------------------------------------------------------------------------------------

  // What anywidget gives a widget as its `model`.
  class Model {
    constructor(models, id, state) {
      Object.assign(this, { models, id, state });
      this.told = new Map(); // event -> Set of functions
      this.changed = {};
      this.lives = true;
      this.widget_manager = { get_model: (ref) => models.found(ref) };
    }

    get(name) {
      return this.state[name];
    }

    set(name, value) {
      const changes = typeof name === "object" ? name : { [name]: value };
      Object.assign(this.changed, changes);
      this.take(changes);
    }

    take(changes) {
      const other = Object.keys(changes).filter((name) => !same(this.state[name], changes[name]));
      Object.assign(this.state, changes);
      for (const name of other) this.tell(`change:${name}`, this, this.state[name]);
      if (other.length) this.tell("change", this);
    }

    save_changes() {
      const state = this.changed;
      this.changed = {};
      if (Object.keys(state).length) this.models.message(this, { method: "update", state, buffer_paths: [] });
    }

    send(content, _callbacks, buffers) {
      // A ping that waits says nothing when it comes; everything else a person meant.
      this.models.message(this, { method: "custom", content }, buffers || [], content?.do !== "ping");
    }

    on(names, act) {
      for (const name of names.split(/\s+/)) this.told.set(name, (this.told.get(name) || new Set()).add(act));
    }

    off(names, act) {
      for (const name of names ? names.split(/\s+/) : [...this.told.keys()]) {
        if (act) this.told.get(name)?.delete(act);
        else this.told.delete(name);
      }
    }

    tell(name, ...rest) {
      for (const act of [...(this.told.get(name) || [])]) {
        try {
          act(...rest);
        } catch (error) {
          console.error(`cowork: ${name}`, error);
        }
      }
    }

    // The same model for one view: what the view listens to ends with it.
    seenBy(signal) {
      const mine = [];
      const on = (names, act) => {
        mine.push([names, act]);
        this.on(names, act);
      };
      signal.addEventListener("abort", () => mine.forEach(([names, act]) => this.off(names, act)));
      const { widget_manager } = this;
      const bound = ["get", "set", "save_changes", "send", "off"].map((name) => [name, this[name].bind(this)]);
      return { ...Object.fromEntries(bound), on, widget_manager };
    }
  }

  const same = (a, b) => a === b || (typeof a === "object" && typeof b === "object" && a && b && !ArrayBuffer.isView(a) && !ArrayBuffer.isView(b) && JSON.stringify(a) === JSON.stringify(b));

  function withBuffers(state, paths, buffers) {
    (paths || []).forEach((path, i) => {
      let at = state;
      for (const step of path.slice(0, -1)) at = at[step];
      at[path[path.length - 1]] = buffers[i];
    });
    return state;
  }

  class Models {
    constructor() {
      this.all = new Map();
      this.waiting = new Map(); // id -> [functions]
      this.connected = new Promise((found) => (this.isConnected = found)); // once, for the first time
      this.refusal = new Promise((_, lost) => (this.refuse = lost));
      this.refusal.catch(() => {}); // told by whoever waits for a model
      this.control = newId();
      this.asked = false;
    }

    connect(kernel) {
      const { baseUrl } = document.body.dataset;
      const url = new URL(`${baseUrl}api/kernels/${kernel}/channels`, location.href);
      url.protocol = url.protocol.replace("http", "ws");
      this.wire = new Wire(url.href, (message) => this.heard(message), () => this.askForAll(), () => this.refuse(new Error("no connection opens")));
    }

    // At the start and after each interruption: what was said meanwhile nobody kept, but the kernel knows what is.
    askForAll() {
      this.isConnected();
      if (!this.asked) this.wire.send("comm_open", { comm_id: this.control, target_name: "jupyter.widget.control", data: {} }, "1.0.0");
      this.asked = true;
      this.wire.send("comm_msg", { comm_id: this.control, data: { method: "request_states" } }, "1.0.0");
    }

    message(model, data, buffers = [], keep = true) {
      if (!model.lives) throw new Error("this widget is closed");
      this.wire.send("comm_msg", { comm_id: model.id, data }, "2.1.0", buffers, keep);
    }

    heard({ header, content, buffers }) {
      const { comm_id: id, data } = content || {};
      if (header.msg_type === "comm_open" && content.target_name === "jupyter.widget") {
        this.put(id, withBuffers(data.state || {}, data.buffer_paths, buffers));
      } else if (header.msg_type === "comm_close") this.drop(id);
      else if (header.msg_type !== "comm_msg") return;
      else if (id === this.control) this.takeAll(data, buffers || []);
      else if (data.method === "update") this.all.get(id)?.take(withBuffers(data.state, data.buffer_paths, buffers));
      else if (data.method === "custom") this.all.get(id)?.tell("msg:custom", data.content, buffers || []);
    }

    takeAll({ method, states, buffer_paths: paths }, buffers) {
      if (method !== "update_states") return;
      withBuffers(states, paths, buffers);
      for (const id of [...this.all.keys()]) if (!(id in states)) this.drop(id);
      for (const [id, { state }] of Object.entries(states)) this.put(id, state);
    }

    put(id, state) {
      const known = this.all.get(id);
      if (known) return known.take(state);
      const model = new Model(this, id, state);
      this.all.set(id, model);
      for (const found of this.waiting.get(id) || []) found(model);
      this.waiting.delete(id);
      return model;
    }

    drop(id) {
      const model = this.all.get(id);
      if (!model) return;
      model.lives = false;
      this.all.delete(id);
    }

    // The model, however late it comes.
    coming(ref) {
      const id = String(ref).replace(/^(IPY_MODEL_|anywidget:)/, "");
      if (this.all.has(id)) return Promise.resolve(this.all.get(id));
      return new Promise((found) => this.waiting.set(id, [...(this.waiting.get(id) || []), found]));
    }

    // The model, or a fault where it does not come in time. Time begins when there is a connection for it to come by.
    found(ref) {
      const late = async () => {
        await this.connected;
        await new Promise((over) => setTimeout(over, MODEL_MS));
        throw new Error(`no widget ${ref}`);
      };
      return Promise.race([this.coming(ref), late(), this.refusal]);
    }
  }

  // Views ---------------------------------------------------------------------------------------------

  const models = new Models();
  const drawers = new WeakMap(); // model -> promise of what draws it

  async function load(model) {
    if (model.get("_model_module") !== "anywidget") {
      wantLab();
      throw new Error(`a page of this kind cannot show a ${model.get("_model_name")}`);
    }
    const ours = parts[model.get("drawn")];
    if (ours) return ours;
    const url = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
    const found = await import(url).finally(() => URL.revokeObjectURL(url));
    const css = document.createElement("style"); // not a sheet by itself, which Safari has since 16.4
    css.textContent = model.get("_css") || "";
    document.head.append(css);
    const shown = found.default ?? found;
    const drawer = typeof shown === "function" ? await shown() : shown;
    const signal = new AbortController().signal;
    await drawer.initialize?.({ model: model.seenBy(signal), host: offers(signal), signal, experimental: {} });
    return drawer;
  }

  function drawerOf(model) {
    if (!drawers.has(model)) drawers.set(model, load(model));
    return drawers.get(model);
  }

  async function show(model, el, signal) {
    const drawer = await drawerOf(model);
    if (signal.aborted) return;
    const end = await drawer.render?.({ model: model.seenBy(signal), el, signal, host: offers(signal), experimental: {} });
    if (typeof end === "function") signal.addEventListener("abort", end);
  }

  // What anywidget gives a widget as its `host`.
  function offers(signal) {
    return {
      getModel: async (ref) => (await models.found(ref)).seenBy(signal),
      getWidget: async (ref) => {
        const model = await models.found(ref);
        await drawerOf(model);
        return { exports: undefined, render: ({ el, signal: own }) => show(model, el, own ?? signal) };
      },
    };
  }

  // JupyterLab's front end can show what this one cannot. Asked for once: a page that has it stands in `page.js`.
  function wantLab() {
    try {
      if (sessionStorage.getItem(LAB) === location.pathname) return;
      sessionStorage.setItem(LAB, location.pathname);
    } catch {
      return; // without memory it could go round for ever
    }
    document.cookie = `${LAB};path=${location.pathname};SameSite=Lax`;
    location.reload();
  }

  async function mount(el) {
    const model = models.coming(el.dataset.model);
    models.found(el.dataset.model).catch((error) => tellFault(el, error));
    try {
      await model;
      el.textContent = ""; // late: it stands in the place of the fault
      await show(await model, el, new AbortController().signal);
    } catch (error) {
      tellFault(el, error);
    }
  }

  function tellFault(el, error) {
    console.error("cowork: this page could not be shown", error);
    const stopped = navigator.cookieEnabled ? "cw-fault-line" : "cw-fault-cookies";
    const words = document.getElementById(models.wire && !models.wire.was ? stopped : "cw-fault");
    el.textContent = ""; // not `replaceChildren`: a fault is told in the oldest browsers too
    el.appendChild(words.content.cloneNode(true));
  }

  // The page ------------------------------------------------------------------------------------------

  function leave(kernel) {
    const form = new FormData();
    form.append("_xsrf", (document.cookie.match("\\b_xsrf=([^;]*)") || ["", ""])[1]);
    navigator.sendBeacon(`${document.body.dataset.baseUrl}voila/api/shutdown/${kernel}`, form);
  }

  function start() {
    const done = new Set();
    const look = () => {
      const kernel = document.querySelector("meta[name=cw-kernel]")?.content;
      if (kernel && !done.has("kernel")) {
        done.add("kernel");
        models.connect(kernel);
        // Kept by the browser it may come back; the server lets go of it in time.
        window.addEventListener("pagehide", (event) => event.persisted || leave(kernel));
      }
      for (const el of document.querySelectorAll(".page-app[data-model]")) {
        if (done.has(el)) continue;
        done.add(el);
        mount(el);
      }
      // "Opening the workshop" stays until something stands in its place. Not `innerText`, for which all is laid out.
      const there = [...document.querySelectorAll(".page-app > *")].some((part) => part.textContent.trim() || part.querySelector("input,canvas,img,svg"));
      if (there || document.querySelector("[data-cw-fault]")) document.getElementById("cw-opening")?.remove();
      if (document.querySelector("meta[name=cw-slow]")) document.getElementById("cw-slow")?.removeAttribute("hidden");
      if (there && document.readyState !== "loading") watch.disconnect();
    };
    const watch = new MutationObserver(look);
    watch.observe(document, { childList: true, subtree: true });
    document.addEventListener("readystatechange", look);
    look();
  }

  host.hosts = "cwHost" in document.documentElement.dataset;
  // For whoever finds out that nothing arrives though the socket looks open.
  host.revive = () => models.wire?.revive();
  host.connected = () => Boolean(models.wire?.up);
  globalThis.coworkHost = host;
  if (host.hosts) start();
}
