// Where somebody stands: the workshop's code, the page, a place in it. On a page of ours the browser's address holds it,
// so that a link, a bookmark and "back" work. JupyterLab's address belongs to JupyterLab: there the device keeps it, for
// each notebook apart, and it outlives a reload and a cell that is run again.

import { newUuid } from "../runtime/ids.js";
import { isOwnPage } from "../runtime/links.js";
import { deviceStorage } from "../runtime/storage.js";

/** @import { Model, ShellTraits } from "../types.js" */

export class Address {
  /** @param {Model<ShellTraits>} model */
  constructor(model) {
    this.key = `cowork:at:${model.get("notebook") || ""}`;
  }

  get search() {
    return isOwnPage() ? location.search : deviceStorage.get(this.key) || "";
  }

  get(name) {
    return new URLSearchParams(this.search).get(name) || "";
  }

  /**
   * This address with other values, as a link; "" takes one out.
   * @param {Record<string, string | undefined>} changes
   */
  getHref(changes) {
    const query = new URLSearchParams(this.search);
    for (const [key, value] of Object.entries(changes)) {
      if (value) query.set(key, value);
      else query.delete(key);
    }
    const text = query.toString();
    return `${isOwnPage() ? location.pathname : ""}${text ? `?${text}` : ""}` || "?";
  }

  /**
   * A step in the browser's history keeps its "back" truthful; `replace` makes none.
   * @param {string | null | undefined} href
   * @param {boolean} [replace]
   */
  go(href, replace) {
    if (!href) return;
    const to = new URL(href, location.href);
    if (!isOwnPage()) deviceStorage.set(this.key, to.search);
    // Where we stand already there is no step to make; making one would also undo a "back" just pressed.
    else if (to.href !== location.href) history[replace ? "replaceState" : "pushState"]({ cowork: true }, "", href);
  }

  // What others can open to come here; "" in JupyterLab, where no link leads into a cell.
  get origin() {
    return isOwnPage() ? location.origin + location.pathname : "";
  }
}

// One notebook is one Python, and shows one person. Whose browser this is, so that another that has opened the same
// notebook does not become them, or take the page from under them.
export function getBrowserId() {
  const kept = deviceStorage.get("cowork:browser");
  if (kept) return kept;
  const made = newUuid();
  deviceStorage.set("cowork:browser", made);
  return made;
}
