// The outbox: nothing is "Shared" before the kernel has said so, nothing is lost, nothing arrives twice.
//
// Each act of a person is an item with an id of its own, written to the device before the first attempt and
// taken away only by an answer. It is sent again every few seconds, after a reconnection and after a reload;
// the id makes that harmless. One storage key per item: two tabs that rewrote one list would lose an item
// whenever they wrote at the same moment.

import { getOwner, restoreToDraft } from "./drafts.js";
import { t } from "./i18n.js";
import { newUuid } from "./ids.js";
import { trySend } from "./send.js";
import { deviceStorage } from "./storage.js";
import { countCodePoints } from "./text.js";

/** @import { Answer, Model, OutboxChannel, OutboxEvent, Submission, SubmissionParts } from "../types.js" */

export const RESEND_MS = 5000;
const LATE_MS = 3000;
// Code points of one item; submission.py refuses by the same number. What is far larger would never reach it: the server
// closes the connection of such a message, and the item would be sent again for ever.
const BODY_LIMIT = 200000;

export function createOutbox() {
  /** @type {Set<OutboxChannel>} */
  const channels = new Set();
  const sentAt = new Map(); // id -> when it was last sent from this page
  const reportedLate = new Set(); // ids whose lateness was told
  // In JupyterLab several notebooks stand in one document, each with a Python of its own: one that has stopped must not
  // hold up the others. A page of ours is one notebook.
  const disconnected = new Set(); // notebooks whose Python does not answer
  const origins = new Map(); // id -> the notebook it was written in
  let timer = null;

  const getNotebook = (model) => model.get("notebook") || "";
  const getItemKey = (owner, id) => `cowork:out:${owner}:${id}`;

  /** @param {Model} model @returns {Submission[]} */
  function listWaiting(model) {
    const prefix = getItemKey(getOwner(model), "");
    const items = deviceStorage.keys(prefix).map((key) => deviceStorage.readJson(key));
    // uuid7 sorts by the time it was made: a reply never overtakes the words it followed.
    return items.filter((item) => item && item.id).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  function owners() {
    return new Map([...channels].map((channel) => [getOwner(channel.model), channel.model]));
  }

  /**
   * Who shows this box to the person whose item it is, in the notebook it was written in where that is open. Items of
   * somebody else are nobody's here.
   * @param {Submission} item
   * @param {string} owner
   * @param {boolean} reached
   * @returns {OutboxChannel | null}
   */
  function findChannel(item, owner, reached) {
    const own = [...channels].filter(({ model }) => getOwner(model) === owner && !(reached && disconnected.has(getNotebook(model))));
    const near = own.filter(({ model }) => getNotebook(model) === origins.get(item.id));
    const owns = (channel) => !channel.shell && channel.ownsBox(item.box);
    const shell = (channel) => channel.shell;
    return near.find(owns) || near.find(shell) || own.find(owns) || own.find(shell) || null;
  }

  /** @param {Submission} item */
  function measureSubmission(item) {
    const texts = [...Object.values(item.fields || {}), ...Object.values(item.choices || {})].flat();
    return texts.reduce((sum, text) => sum + countCodePoints(String(text)), 0);
  }

  /** @param {OutboxEvent} what @param {Submission} item @param {string} owner @param {Answer | null} message */
  function notifyChannels(what, item, owner, message) {
    const channel = findChannel(item, owner, false);
    const answer = /** @type {Answer} */ (message);
    if (channel) channel.onEvent(what, item, answer);
    for (const other of channels) if (other.shell && other !== channel) other.onEvent("else", item, answer);
  }

  /** @param {Submission} item @param {string} owner */
  function send(item, owner) {
    const channel = findChannel(item, owner, true);
    if (!channel) return;
    sentAt.set(item.id, Date.now());
    const over = measureSubmission(item) - BODY_LIMIT;
    if (over > 0) {
      const message = t(channel.model, "error.too_long", { n: over });
      // Afterwards, as the kernel's answer would come: whoever shares it still empties the boxes.
      queueMicrotask(() => handleAnswer(channel.model, { done: "refused", id: item.id, message }));
      return;
    }
    trySend(channel.model, { do: "share", item }); // the item stays until it is answered
  }

  /**
   * While the connection is known to be lost nothing is sent: the kernel's socket would queue every attempt
   * and deliver them all at once when it comes back.
   * @param {boolean} [force]
   */
  function flush(force) {
    const now = Date.now();
    let left = 0;
    for (const [owner, model] of owners()) {
      for (const item of listWaiting(model)) {
        left += 1;
        const last = sentAt.get(item.id) || 0;
        if (force || now - last >= RESEND_MS) send(item, owner);
        if (!reportedLate.has(item.id) && now - (item.at || 0) >= LATE_MS) {
          reportedLate.add(item.id);
          window.dispatchEvent(new Event("cowork:late")); // is the kernel there at all? (connection_monitor.js)
          notifyChannels("late", item, owner, null);
        }
      }
    }
    clearTimeout(timer);
    timer = left ? setTimeout(flush, 1000) : null;
  }

  /** @param {Model} model @param {Submission} item */
  function enqueue(model, item) {
    const owner = getOwner(model);
    deviceStorage.set(getItemKey(owner, item.id), JSON.stringify(item));
    origins.set(item.id, getNotebook(model));
    window.dispatchEvent(new CustomEvent("cowork:submitted", { detail: item })); // its writer is brought to it (sent_words.js)
    send(item, owner);
    clearTimeout(timer);
    timer = setTimeout(flush, 1000);
  }

  /**
   * An answer that came by `model`. An item already answered is not there any more: answered once, told once.
   * @param {Model} model
   * @param {Answer} message
   */
  function handleAnswer(model, message) {
    const owner = getOwner(model);
    const key = getItemKey(owner, message.id);
    const item = deviceStorage.readJson(key);
    if (!item) return false;
    if (message.done === "failed") {
      notifyChannels("failed", item, owner, message);
      return true;
    }
    if (message.done !== "shared" && message.done !== "refused") return false;
    if (message.done === "refused") restoreToDraft(model, item); // before removal: words are always in one of both
    deviceStorage.remove(key);
    sentAt.delete(item.id);
    reportedLate.delete(item.id);
    notifyChannels(message.done, item, owner, message);
    origins.delete(item.id);
    return true;
  }

  /** @param {OutboxChannel} channel */
  function subscribe(channel) {
    channels.add(channel);
    queueMicrotask(() => flush());
    return () => channels.delete(channel);
  }

  /** @param {Model} model @param {boolean} now */
  function setConnected(model, now) {
    const back = now && disconnected.delete(getNotebook(model));
    if (!now) disconnected.add(getNotebook(model));
    if (back) flush(true);
  }

  const isConnected = (model) => !disconnected.has(getNotebook(model));

  return { listWaiting, flush, enqueue, handleAnswer, subscribe, setConnected, isConnected };
}

export const outbox = (globalThis.coworkOutbox ??= createOutbox());

/**
 * Join the outbox for as long as the view lives, and hear the kernel's answers on the way.
 * @param {Model} model
 * @param {AbortSignal} signal
 * @param {Partial<OutboxChannel>} channel
 */
export function subscribeToOutbox(model, signal, channel) {
  const leave = outbox.subscribe({ model, shell: false, ownsBox: () => false, onEvent: () => {}, ...channel });
  signal.addEventListener("abort", leave);
  model.on("msg:custom", (message) => {
    if (message && message.done && message.id) outbox.handleAnswer(model, /** @type {Answer} */ (message));
  });
}

/** @param {Model} model @param {SubmissionParts & {box: string}} parts @returns {Submission} */
export function createSubmission(model, { box, kind, about, fields, choices }) {
  // For whom a scribe writes goes with the words: they may be sent when the page shows somebody else.
  const voice = model.get("voice");
  return {
    id: newUuid(),
    box,
    kind: kind || "",
    about: about || [],
    fields: fields || {},
    choices: voice ? { ...choices, for: voice } : choices || {},
    lang: model.get("lang"),
    at: Date.now(),
  };
}
