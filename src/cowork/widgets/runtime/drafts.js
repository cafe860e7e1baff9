// Drafts: words not yet given to the outbox, per box and tab. Kept while typing, and at once when the page goes.
// Hazard: with one key for a box, two tabs of one person would write over each other's words.

import { newUuid } from "./ids.js";
import { deviceStorage } from "./storage.js";

/** @import { Draft, Model, Submission } from "../types.js" */

/** @param {Model} model */
export function getOwner(model) {
  return `${model.get("scope")}:${model.get("me")}`;
}

// A tab keeps its name over a reload. It is put by only while no page shows: a tab that is doubled has a copy of what
// lies there, and two tabs of one name would be one again.
function createTabName() {
  const take = () => {
    try {
      const kept = sessionStorage.getItem("cowork:tab");
      sessionStorage.removeItem("cowork:tab");
      return kept;
    } catch {
      return null;
    }
  };
  const name = take() || newUuid().slice(-12);
  window.addEventListener("pagehide", () => {
    try {
      sessionStorage.setItem("cowork:tab", name);
    } catch {
      // its drafts are taken over like those of a tab that was closed
    }
  });
  window.addEventListener("pageshow", (event) => event.persisted && take());
  return name;
}

const tabName = (globalThis.coworkTab ??= createTabName());
const adoptedDrafts = new Map(); // key of a draft of ours -> [[key, value]] of other tabs' that were read into it

/** @param {Model} model @param {string} box */
function getBoxKey(model, box) {
  return `cowork:draft:${getOwner(model)}:${box}`;
}

/** @param {Model} model @param {string} box */
export function getDraftKey(model, box) {
  return `${getBoxKey(model, box)}@${tabName}`;
}

/**
 * This tab's own draft; where it has none, all that other tabs left, one below the other.
 * @param {Model} model
 * @param {string} box
 * @returns {Draft | null}
 */
export function readDraft(model, box) {
  const own = deviceStorage.readJson(getDraftKey(model, box));
  if (own && typeof own === "object") return own;
  const start = getBoxKey(model, box);
  // Behind the box stands the name of a tab alone: a box with a person's name behind it is what a scribe writes for them.
  const keys = deviceStorage.keys(start).filter((key) => /^(@[^@]*)?$/.test(key.slice(start.length))).sort();
  const found = keys.map((key) => [key, deviceStorage.get(key), deviceStorage.readJson(key)]).filter(([, , draft]) => draft && typeof draft === "object");
  if (!found.length) return null;
  adoptedDrafts.set(getDraftKey(model, box), found.map(([key, value]) => [key, value]));
  const drafts = found.map(([, , draft]) => draft);
  return drafts.length === 1 ? drafts[0] : drafts.reduceRight((below, draft) => mergeDrafts(draft, below));
}

/**
 * What was read into this tab's draft stands there now; what its own tab has changed meanwhile stays that tab's.
 * @param {string} key
 */
function removeAdoptedDrafts(key) {
  for (const [other, value] of adoptedDrafts.get(key) || []) if (deviceStorage.get(other) === value) deviceStorage.remove(other);
  adoptedDrafts.delete(key);
}

/** @param {Model} model @param {string} box @param {Draft} draft */
export function saveDraft(model, box, draft) {
  const some = Object.values(draft.fields || {}).some(Boolean) || Object.keys(draft.choices || {}).length;
  if (some || draft.id) deviceStorage.set(getDraftKey(model, box), JSON.stringify(draft));
  else deviceStorage.remove(getDraftKey(model, box));
  removeAdoptedDrafts(getDraftKey(model, box));
}

/** @param {Model} model @param {string} box */
export function removeDraft(model, box) {
  deviceStorage.remove(getDraftKey(model, box));
  removeAdoptedDrafts(getDraftKey(model, box));
}

/**
 * The words of two drafts, those of `upper` above.
 * @param {Draft} upper
 * @param {Draft} below
 * @returns {Draft}
 */
function mergeDrafts(upper, below) {
  const fields = { ...below.fields };
  for (const [key, text] of Object.entries(upper.fields || {})) {
    const newer = fields[key];
    fields[key] = text && newer && newer !== text ? `${text}\n\n${newer}` : text || newer;
  }
  return { fields, choices: { ...upper.choices, ...below.choices } };
}

/**
 * Refused words go back into the draft of their box; what was typed meanwhile stays below them.
 * @param {Model} model
 * @param {Submission} item
 */
export function restoreToDraft(model, item) {
  saveDraft(model, item.box, mergeDrafts(item, readDraft(model, item.box) || {}));
}

/**
 * Call `save` soon after typing, and at once before the page is left, hidden or reloaded.
 * @param {AbortSignal} signal
 * @param {() => void} save
 */
export function createAutosave(signal, save) {
  let timer = null;
  let owed = false;
  const now = () => {
    clearTimeout(timer);
    if (owed) save();
    owed = false;
  };
  const hidden = () => document.visibilityState === "hidden" && now();
  window.addEventListener("pagehide", now, { signal });
  window.addEventListener("cowork:save", now, { signal });
  document.addEventListener("visibilitychange", hidden, { signal });
  signal.addEventListener("abort", now);
  return {
    schedule() {
      owed = true;
      clearTimeout(timer);
      timer = setTimeout(now, 300);
    },
    cancel() {
      owed = false;
      clearTimeout(timer);
    },
  };
}
