// Who this device is in each workshop. The secret goes to the kernel in a message and nowhere else: not into
// a trait, an address or a log. A code is looked up as people type it: without spaces, in capitals.

import { newUuid } from "../runtime/ids.js";
import { deviceStorage } from "../runtime/storage.js";

/** @import { DeviceKey } from "../types.js" */

const WORKSHOPS_KEY = "cowork:mine";
const MAX_WORKSHOPS = 8;

/** @param {string} code */
function getKeyName(code) {
  return code ? `cowork:key:${code.trim().toUpperCase()}` : "cowork:fresh";
}

/** @param {string} code @returns {DeviceKey} */
export function getDeviceKey(code) {
  const found = deviceStorage.readJson(getKeyName(code));
  if (found?.participant && found?.secret) return found;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const secret = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const made = { participant: newUuid(), secret };
  // Stored before it is used: a reload is the same person. Where it cannot be stored, the shell says so.
  deviceStorage.set(getKeyName(code), JSON.stringify(made));
  return made;
}

/**
 * The key made before the workshop had a code now belongs to that code. `key` is what this page came with: another tab
 * may have opened a workshop of its own meanwhile, and the storage then holds it no longer.
 * @param {string} code
 * @param {DeviceKey | undefined} key
 */
export function assignFreshKey(code, key) {
  deviceStorage.remove(getKeyName("")); // first: a full storage has room for one of them
  if (key && !deviceStorage.get(getKeyName(code))) deviceStorage.set(getKeyName(code), JSON.stringify(key));
}

/** @returns {{code: string, title: string}[]} */
export function listWorkshops() {
  const list = deviceStorage.readJson(WORKSHOPS_KEY);
  return Array.isArray(list) ? list.filter((one) => one && typeof one.code === "string").slice(0, MAX_WORKSHOPS) : [];
}

/** @param {string} code @param {string} [title] */
export function rememberWorkshop(code, title) {
  const others = listWorkshops().filter((one) => one.code !== code);
  deviceStorage.set(WORKSHOPS_KEY, JSON.stringify([{ code, title: String(title || "") }, ...others].slice(0, MAX_WORKSHOPS)));
}

/**
 * Everything this device holds of one workshop: key, drafts, words not sent, private answers, the list.
 * @param {string} code
 */
export function forgetWorkshop(code) {
  const scope = code.trim().toUpperCase();
  for (const kind of ["draft", "out", "keep"]) {
    for (const key of deviceStorage.keys(`cowork:${kind}:${scope}:`)) deviceStorage.remove(key);
  }
  deviceStorage.remove(getKeyName(code));
  deviceStorage.remove(`cowork:invite:${scope}`);
  const others = listWorkshops().filter((one) => one.code !== code);
  deviceStorage.remove(WORKSHOPS_KEY); // first: where a shorter list cannot be written, the old one must not come back
  deviceStorage.set(WORKSHOPS_KEY, JSON.stringify(others));
}

export function getLanguage() {
  const kept = deviceStorage.get("cowork:lang");
  if (kept === "en" || kept === "sv") return kept;
  return (navigator.language || "").toLowerCase().startsWith("sv") ? "sv" : "en";
}
