// The page's front end: hosts anywidgets on the kernel's websocket, without JupyterLab's.
//
// It begins while the kernel is still starting: the page is streamed, and this watches for what comes.
//   <meta name="cw-kernel" content="ID">   the kernel is there: open its websocket
//   <div class="page-app" data-model="ID"> show this widget here
// A page with a widget that is no anywidget asks for JupyterLab's front end instead (`requestLab`).

import { ModelRegistry } from "./models.js";

/** @import { WidgetModel } from "./models.js" */
/** @import { Drawer } from "../widgets/types.js" */

const LAB = "cowork-front=lab";

// Views ---------------------------------------------------------------------------------------------

const registry = new ModelRegistry();
/** @type {Record<string, Drawer | (() => Promise<Drawer>)>} */
let components = {}; // what draws each of our own widgets, by name; for some it has to come first
const drawers = new WeakMap(); // model -> promise of what draws it

/** @param {WidgetModel} model @returns {Promise<Drawer>} */
async function loadDrawer(model) {
  if (model.get("_model_module") !== "anywidget") {
    requestLab();
    throw new Error(`a page of this kind cannot show a ${model.get("_model_name")}`);
  }
  const ours = components[model.get("drawn")];
  if (ours) return typeof ours === "function" ? ours() : ours;
  const url = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
  const found = await import(url).finally(() => URL.revokeObjectURL(url));
  const css = document.createElement("style"); // not a sheet by itself, which Safari has since 16.4
  css.textContent = model.get("_css") || "";
  document.head.append(css);
  const shown = found.default ?? found;
  const drawer = typeof shown === "function" ? await shown() : shown;
  const signal = new AbortController().signal;
  await drawer.initialize?.({ model: model.bindToView(signal), host: createHost(signal), signal, experimental: {} });
  return drawer;
}

/** @param {WidgetModel} model @returns {Promise<Drawer>} */
function getDrawer(model) {
  if (!drawers.has(model)) drawers.set(model, loadDrawer(model));
  return drawers.get(model);
}

/** @param {WidgetModel} model @param {HTMLElement} el @param {AbortSignal} signal */
async function renderModel(model, el, signal) {
  const drawer = await getDrawer(model);
  if (signal.aborted) return;
  const end = await drawer.render?.({ model: model.bindToView(signal), el, signal, host: createHost(signal), experimental: {} });
  if (typeof end === "function") signal.addEventListener("abort", end);
}

/**
 * What anywidget gives a widget as its `host`.
 * @param {AbortSignal} signal
 */
function createHost(signal) {
  return {
    getModel: async (ref) => (await registry.getModel(ref)).bindToView(signal),
    getWidget: async (ref) => {
      const model = await registry.getModel(ref);
      await getDrawer(model);
      return { exports: undefined, render: ({ el, signal: own }) => renderModel(model, el, own ?? signal) };
    },
  };
}

// JupyterLab's front end can show what this one cannot. Asked for once: a page that has it stands in `page.js`.
function requestLab() {
  try {
    if (sessionStorage.getItem(LAB) === location.pathname) return;
    sessionStorage.setItem(LAB, location.pathname);
  } catch {
    return; // without memory it could go round for ever
  }
  document.cookie = `${LAB};path=${location.pathname};SameSite=Lax`;
  location.reload();
}

/** @param {HTMLElement} el */
async function mountModel(el) {
  const id = el.dataset.model || "";
  const model = registry.waitForModel(id);
  registry.getModel(id).catch((error) => showFault(el, error));
  try {
    await model;
    el.textContent = ""; // late: it stands in the place of the fault
    await renderModel(await model, el, new AbortController().signal);
  } catch (error) {
    showFault(el, error);
  }
}

/** @param {HTMLElement} el @param {unknown} error */
function showFault(el, error) {
  console.error("cowork: this page could not be shown", error);
  const stopped = navigator.cookieEnabled ? "cw-fault-line" : "cw-fault-cookies";
  const id = registry.connection && !registry.connection.hasOpened ? stopped : "cw-fault";
  const words = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  el.textContent = ""; // not `replaceChildren`: a fault is told in the oldest browsers too
  el.appendChild(words.content.cloneNode(true));
}

// The page ------------------------------------------------------------------------------------------

/** @param {string} kernel */
function shutDownKernel(kernel) {
  const form = new FormData();
  form.append("_xsrf", (document.cookie.match("\\b_xsrf=([^;]*)") || ["", ""])[1]);
  navigator.sendBeacon(`${document.body.dataset.baseUrl}voila/api/shutdown/${kernel}`, form);
}

function watchPage() {
  const done = new Set();
  const update = () => {
    const kernel = document.querySelector("meta[name=cw-kernel]")?.getAttribute("content");
    if (kernel && !done.has("kernel")) {
      done.add("kernel");
      registry.connect(kernel);
      // Kept by the browser it may come back; the server lets go of it in time.
      window.addEventListener("pagehide", (event) => event.persisted || shutDownKernel(kernel));
    }
    for (const el of document.querySelectorAll(".page-app[data-model]")) {
      if (done.has(el)) continue;
      done.add(el);
      mountModel(el);
    }
    // "Opening the workshop" stays until something stands in its place. Not `innerText`, for which all is laid out.
    const there = [...document.querySelectorAll(".page-app > *")].some((part) => part.textContent.trim() || part.querySelector("input,canvas,img,svg"));
    if (there || document.querySelector("[data-cw-fault]")) document.getElementById("cw-opening")?.remove();
    if (document.querySelector("meta[name=cw-slow]")) document.getElementById("cw-slow")?.removeAttribute("hidden");
    if (there && document.readyState !== "loading") watch.disconnect();
  };
  const watch = new MutationObserver(update);
  watch.observe(document, { childList: true, subtree: true });
  document.addEventListener("readystatechange", update);
  update();
}

/**
 * Host the widgets of this page. What draws our own, or asks for what does, stands in the same script.
 * @param {Record<string, Drawer | (() => Promise<Drawer>)>} parts
 */
export function startWidgetManager(parts) {
  components = parts;
  globalThis.coworkHost = {
    hosts: "cwHost" in document.documentElement.dataset,
    // For whoever finds out that nothing arrives though the socket looks open.
    revive: () => registry.connection?.reconnectIfSilent(),
    connected: () => Boolean(registry.connection?.isOpen),
  };
  if (globalThis.coworkHost.hosts) watchPage();
}
