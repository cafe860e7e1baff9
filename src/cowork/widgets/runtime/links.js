// Links to our own pages, which the shell follows without loading a page.

/**
 * A link is followed by the shell around it: in JupyterLab several notebooks stand in one document. True where it was.
 * @param {EventTarget | null} node
 * @param {string} page
 * @param {string | null} [href]
 * @returns {boolean}
 */
export function requestNavigation(node, page, href) {
  const asked = new CustomEvent("cowork:go", { bubbles: true, cancelable: true, detail: { page, href } });
  if (node && !node.dispatchEvent(asked)) return true;
  globalThis.coworkGo?.(page, href);
  return Boolean(globalThis.coworkGo);
}

/**
 * A link to a page of ours is followed inside the page where there is a shell, and by the browser where not.
 * @param {MouseEvent} event
 * @param {string | null} href
 */
export function followLink(event, href) {
  const page = getQueryValue(href, "page");
  if (isPlainClick(event) && page && requestNavigation(event.currentTarget, page, href)) event.preventDefault();
}

/**
 * A click that asks for this page here: with a modifier it asks for a new tab, which is the browser's.
 * @param {MouseEvent} event
 */
export function isPlainClick(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

// In JupyterLab and Notebook the address bar, title and language belong to the application.
export function isOwnPage() {
  return !document.querySelector("#jp-main-dock-panel, body[data-notebook]");
}

/**
 * @param {string | null | undefined} href
 * @param {string} name
 * @returns {string} "" where the link does not have it
 */
export function getQueryValue(href, name) {
  return new URLSearchParams((href || "").split("?")[1] || "").get(name) || "";
}
