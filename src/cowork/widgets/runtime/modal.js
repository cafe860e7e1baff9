// A <dialog> that opens as one also in browsers that do not know it (Safari before 15.4, Firefox before 98). There it
// is an element like any other: what a browser does for a dialog is done here, under the same names.

import { fill } from "./dom.js";

const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex]";

/** @param {HTMLDialogElement} box @returns {HTMLDialogElement} */
export function upgradeDialog(box) {
  return typeof box.showModal === "function" ? box : emulateDialog(box);
}

/** @param {HTMLDialogElement} box */
function emulateDialog(box) {
  let around = null; // what a modal dialog shuts off, to be undone
  const isOpen = () => box.hasAttribute("open");
  /** @returns {HTMLElement[]} */
  const inside = () => [...box.querySelectorAll(FOCUSABLE)].filter((one) => !one.hidden && one.tabIndex >= 0);

  // Everything outside is hidden from who listens, and does not take a press or the focus.
  function shut() {
    const stop = new AbortController();
    const options = { capture: true, signal: stop.signal };
    const hidden = [];
    for (let at = /** @type {HTMLElement} */ (box); at.parentElement; at = at.parentElement) {
      const others = [...at.parentElement.children].filter((one) => one !== at && !one.hasAttribute("aria-hidden"));
      for (const other of others) other.setAttribute("aria-hidden", "true");
      hidden.push(...others);
    }
    const outside = (event) => !box.contains(event.target);
    document.addEventListener("keydown", keys, options);
    document.addEventListener("focusin", (event) => outside(event) && inside()[0]?.focus(), options);
    for (const name of ["mousedown", "click"]) {
      document.addEventListener(name, (event) => outside(event) && (event.preventDefault(), event.stopPropagation()), options);
    }
    return () => {
      stop.abort();
      for (const other of hidden) other.removeAttribute("aria-hidden");
    };
  }

  function keys(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      box.close();
    } else if (event.key === "Tab") {
      const stops = inside();
      const at = stops.findIndex((one) => one === document.activeElement);
      event.preventDefault();
      stops[(at + (event.shiftKey ? -1 : 1) + stops.length) % stops.length]?.focus();
    }
  }

  fill(box, { role: "dialog", "aria-modal": "true", class: "cw-by-hand" }, []);
  Object.defineProperty(box, "open", { get: isOpen });
  box.showModal = () => {
    if (isOpen()) return;
    box.setAttribute("open", "");
    around = shut();
    inside()[0]?.focus();
  };
  box.close = () => {
    if (!isOpen()) return;
    box.removeAttribute("open");
    around();
    box.dispatchEvent(new Event("close"));
  };
  return box;
}
