// The second script of the bundle: what draws the widgets that few pages have. It comes when one of them is first shown.

const TRIES = 6;
const FIRST_WAIT_MS = 500;

/** @import { Drawer } from "../types.js" */
/** @typedef {(shared: object) => Record<string, Drawer>} MakeParts */

/** @type {Promise<Record<string, Drawer>> | null} */
let deferredParts = null;

/**
 * @param {string} url relative to the first script
 * @param {() => object} getShared what the second script uses of the first, by name
 */
export function loadDeferredParts(url, getShared) {
  deferredParts ??= importInTime(url).then((make) => make(getShared()));
  deferredParts.catch(() => (deferredParts = null)); // the next page that needs it asks again
  return deferredParts;
}

/**
 * The line may be away for a moment. A browser may keep a module that did not come as one that never will: each try has
 * an address of its own.
 * @param {string} url
 * @returns {Promise<MakeParts>}
 */
async function importInTime(url) {
  for (let n = 1; ; n += 1) {
    try {
      return (await import(n > 1 ? `${url}?try=${n}` : url)).default;
    } catch (error) {
      if (n === TRIES) throw error;
    }
    await new Promise((over) => setTimeout(over, FIRST_WAIT_MS * 2 ** (n - 1)));
  }
}
