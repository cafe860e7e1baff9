// The widgets' state in this page: what the kernel says of each widget, and what a widget's own script gets to see.

import { KernelConnection, newHexId } from "./connection.js";

/** @import { BufferPath, Buffers, KernelMessage, State } from "../widgets/types.js" */

const MODEL_TIMEOUT_MS = 10000;

// What anywidget gives a widget as its `model`.
export class WidgetModel {
  /** @param {ModelRegistry} registry @param {string} id @param {State} state */
  constructor(registry, id, state) {
    this.registry = registry;
    this.id = id;
    this.state = state;
    /** @type {Map<string, Set<Function>>} */
    this.listeners = new Map();
    /** @type {State} */
    this.unsaved = {};
    this.isClosed = false;
    this.widget_manager = { get_model: (ref) => registry.getModel(ref) };
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    const changes = typeof name === "object" ? name : { [name]: value };
    Object.assign(this.unsaved, changes);
    this.applyChanges(changes);
  }

  /** @param {State} changes */
  applyChanges(changes) {
    const other = Object.keys(changes).filter((name) => !isSame(this.state[name], changes[name]));
    Object.assign(this.state, changes);
    for (const name of other) this.emit(`change:${name}`, this, this.state[name]);
    if (other.length) this.emit("change", this);
  }

  save_changes() {
    const state = this.unsaved;
    this.unsaved = {};
    if (Object.keys(state).length) this.registry.sendMessage(this, { method: "update", state, buffer_paths: [] });
  }

  send(content, _callbacks, buffers) {
    // A ping that waits says nothing when it comes; everything else a person meant.
    this.registry.sendMessage(this, { method: "custom", content }, buffers || [], content?.do !== "ping");
  }

  on(names, act) {
    for (const name of names.split(/\s+/)) this.listeners.set(name, (this.listeners.get(name) || new Set()).add(act));
  }

  off(names, act) {
    for (const name of names ? names.split(/\s+/) : [...this.listeners.keys()]) {
      if (act) this.listeners.get(name)?.delete(act);
      else this.listeners.delete(name);
    }
  }

  emit(name, ...rest) {
    for (const act of [...(this.listeners.get(name) || [])]) {
      try {
        act(...rest);
      } catch (error) {
        console.error(`cowork: ${name}`, error);
      }
    }
  }

  /**
   * The same model for one view: what the view listens to ends with it.
   * @param {AbortSignal} signal
   */
  bindToView(signal) {
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

function isSame(a, b) {
  if (a === b) return true;
  const plain = (one) => one && typeof one === "object" && !ArrayBuffer.isView(one);
  return Boolean(plain(a) && plain(b) && JSON.stringify(a) === JSON.stringify(b));
}

/**
 * Put what came as bytes where it belongs in the state.
 * @param {State} state
 * @param {BufferPath[] | undefined} paths
 * @param {DataView[]} buffers
 */
function insertBuffers(state, paths, buffers) {
  (paths || []).forEach((path, i) => {
    let at = state;
    for (const step of path.slice(0, -1)) at = at[step];
    at[path[path.length - 1]] = buffers[i];
  });
  return state;
}

export class ModelRegistry {
  constructor() {
    /** @type {Map<string, WidgetModel>} */
    this.models = new Map();
    /** @type {Map<string, ((model: WidgetModel) => void)[]>} */
    this.waiting = new Map();
    /** @type {() => void} */
    this.setConnected = () => {};
    /** @type {(error: Error) => void} */
    this.refuse = () => {};
    this.connected = new Promise((found) => (this.setConnected = () => found(true))); // once, for the first time
    this.refusal = new Promise((_, lost) => (this.refuse = lost));
    this.refusal.catch(() => {}); // told by whoever waits for a model
    this.controlId = newHexId();
    this.controlOpened = false;
    /** @type {KernelConnection | null} */
    this.connection = null;
  }

  /** @param {string} kernel */
  connect(kernel) {
    const { baseUrl } = document.body.dataset;
    const url = new URL(`${baseUrl}api/kernels/${kernel}/channels`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    this.connection = new KernelConnection(url.href, {
      onMessage: (message) => this.handleMessage(message),
      onOpen: () => this.requestStates(),
      onRefused: () => this.refuse(new Error("no connection opens")),
    });
  }

  // At the start and after each interruption: what was said meanwhile nobody kept, but the kernel knows what is.
  requestStates() {
    this.setConnected();
    const { controlId: comm_id } = this;
    const connection = /** @type {KernelConnection} */ (this.connection); // it says that it is open
    if (!this.controlOpened) connection.send("comm_open", { comm_id, target_name: "jupyter.widget.control", data: {} }, "1.0.0");
    this.controlOpened = true;
    connection.send("comm_msg", { comm_id, data: { method: "request_states" } }, "1.0.0");
  }

  /** @param {WidgetModel} model @param {object} data @param {Buffers} [buffers] @param {boolean} [keep] */
  sendMessage(model, data, buffers = [], keep = true) {
    if (model.isClosed) throw new Error("this widget is closed");
    if (!this.connection) throw new Error("not connected");
    this.connection.send("comm_msg", { comm_id: model.id, data }, "2.1.0", buffers, keep);
  }

  /** @param {KernelMessage} message */
  handleMessage({ header, content, buffers = [] }) {
    const { comm_id: id, data } = content || {};
    if (header.msg_type === "comm_open" && content.target_name === "jupyter.widget") {
      this.addOrUpdate(id, insertBuffers(data.state || {}, data.buffer_paths, buffers));
    } else if (header.msg_type === "comm_close") this.remove(id);
    else if (header.msg_type !== "comm_msg") return;
    else if (id === this.controlId) this.applyStates(data, buffers);
    else if (data.method === "update") this.models.get(id)?.applyChanges(insertBuffers(data.state, data.buffer_paths, buffers));
    else if (data.method === "custom") this.models.get(id)?.emit("msg:custom", data.content, buffers);
  }

  applyStates({ method, states, buffer_paths: paths }, buffers) {
    if (method !== "update_states") return;
    insertBuffers(states, paths, buffers);
    for (const id of [...this.models.keys()]) if (!(id in states)) this.remove(id);
    for (const [id, { state }] of Object.entries(states)) this.addOrUpdate(id, state);
  }

  /** @param {string} id @param {State} state */
  addOrUpdate(id, state) {
    const known = this.models.get(id);
    if (known) {
      known.applyChanges(state);
      return;
    }
    const model = new WidgetModel(this, id, state);
    this.models.set(id, model);
    for (const found of this.waiting.get(id) || []) found(model);
    this.waiting.delete(id);
  }

  /** @param {string} id */
  remove(id) {
    const model = this.models.get(id);
    if (!model) return;
    model.isClosed = true;
    this.models.delete(id);
  }

  /**
   * The model, however late it comes.
   * @param {string} ref
   * @returns {Promise<WidgetModel>}
   */
  waitForModel(ref) {
    const id = String(ref).replace(/^(IPY_MODEL_|anywidget:)/, "");
    const known = this.models.get(id);
    if (known) return Promise.resolve(known);
    return new Promise((found) => this.waiting.set(id, [...(this.waiting.get(id) || []), found]));
  }

  /**
   * The model, or a fault where it does not come in time. Time begins when there is a connection for it to come by.
   * @param {string} ref
   * @returns {Promise<WidgetModel>}
   */
  getModel(ref) {
    const late = async () => {
      await this.connected;
      await new Promise((over) => setTimeout(over, MODEL_TIMEOUT_MS));
      throw new Error(`no widget ${ref}`);
    };
    return Promise.race([this.waitForModel(ref), late(), this.refusal]);
  }
}
