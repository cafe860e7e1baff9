// The outbox: nothing is "Shared" before the kernel has said so, nothing is lost, nothing arrives twice.
//
// Each act of a person is an item with an id of its own, written to the device before the first attempt and
// taken away only by an answer. It is sent again every few seconds, after a reconnection and after a reload;
// the id makes that harmless. One storage key per item: two tabs that rewrote one list would lose an item
// whenever they wrote at the same moment.

const AGAIN_MS = 5000;
const LATE_MS = 3000;
// Code points of one item; sent.py refuses by the same number. What is far larger would never reach it: the server
// closes the connection of such a message, and the item would be sent again for ever.
const BODY_LIMIT = 200000;

function ownerOf(model) {
  return `${model.get("scope")}:${model.get("me")}`;
}

function makeOutbox() {
  const channels = new Set(); // {model, shell, owns(box), heard(what, item, message)}
  const tried = new Map(); // id -> when it was last sent from this page
  const late = new Set(); // ids whose lateness was told
  // In JupyterLab several notebooks stand in one document, each with a Python of its own: one that has stopped must not
  // hold up the others. A page of ours is one notebook.
  const cut = new Set(); // notebooks whose Python does not answer
  const from = new Map(); // id -> the notebook it was written in
  let timer = null;

  const bookOf = (model) => model.get("notebook") || "";
  const keyOf = (owner, id) => `cowork:out:${owner}:${id}`;

  function waiting(model) {
    const prefix = keyOf(ownerOf(model), "");
    const items = device.keys(prefix).map((key) => device.read(key));
    // uuid7 sorts by the time it was made: a reply never overtakes the words it followed.
    return items.filter((item) => item && item.id).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  function owners() {
    return new Map([...channels].map((channel) => [ownerOf(channel.model), channel.model]));
  }

  // Who shows this box to the person whose item it is, in the notebook it was written in where that is open. Items of
  // somebody else are nobody's here.
  function channelOf(item, owner, reached) {
    const own = [...channels].filter(({ model }) => ownerOf(model) === owner && !(reached && cut.has(bookOf(model))));
    const near = own.filter(({ model }) => bookOf(model) === from.get(item.id));
    const owns = (channel) => !channel.shell && channel.owns(item.box);
    const shell = (channel) => channel.shell;
    return near.find(owns) || near.find(shell) || own.find(owns) || own.find(shell) || null;
  }

  function pointsOf(item) {
    const texts = [...Object.values(item.fields || {}), ...Object.values(item.choices || {})].flat();
    return texts.reduce((sum, text) => sum + countPoints(String(text)), 0);
  }

  function tellOf(what, item, owner, message) {
    const channel = channelOf(item, owner, false);
    if (channel) channel.heard(what, item, message);
    for (const other of channels) if (other.shell && other !== channel) other.heard("else", item, message);
  }

  function send(item, owner) {
    const channel = channelOf(item, owner, true);
    if (!channel) return;
    tried.set(item.id, Date.now());
    const over = pointsOf(item) - BODY_LIMIT;
    if (over > 0) {
      const message = say(channel.model, "error.too_long", { n: over });
      // Afterwards, as the kernel's answer would come: whoever shares it still empties the boxes.
      queueMicrotask(() => answer(channel.model, { done: "refused", id: item.id, message }));
      return;
    }
    try {
      channel.model.send({ do: "share", item });
    } catch {
      // a closed comm or no kernel: the item stays and is tried again
    }
  }

  // While the connection is known to be lost nothing is sent: the kernel's socket would queue every attempt
  // and deliver them all at once when it comes back.
  function flush(force) {
    const now = Date.now();
    let left = 0;
    for (const [owner, model] of owners()) {
      for (const item of waiting(model)) {
        left += 1;
        const last = tried.get(item.id) || 0;
        if (force || now - last >= AGAIN_MS) send(item, owner);
        if (!late.has(item.id) && now - (item.at || 0) >= LATE_MS) {
          late.add(item.id);
          window.dispatchEvent(new Event("cowork:late")); // is the kernel there at all? (beat.js)
          tellOf("late", item, owner, null);
        }
      }
    }
    clearTimeout(timer);
    timer = left ? setTimeout(flush, 1000) : null;
  }

  function put(model, item) {
    const owner = ownerOf(model);
    device.set(keyOf(owner, item.id), JSON.stringify(item));
    from.set(item.id, bookOf(model));
    send(item, owner);
    clearTimeout(timer);
    timer = setTimeout(flush, 1000);
  }

  // An answer that came by `model`. An item already answered is not there any more: answered once, told once.
  function answer(model, message) {
    const owner = ownerOf(model);
    const key = keyOf(owner, message.id);
    const item = device.read(key);
    if (!item) return false;
    if (message.done === "failed") {
      tellOf("failed", item, owner, message);
      return true;
    }
    if (message.done !== "shared" && message.done !== "refused") return false;
    if (message.done === "refused") putBack(model, item); // before removal: words are always in one of both
    device.remove(key);
    tried.delete(item.id);
    late.delete(item.id);
    tellOf(message.done, item, owner, message);
    from.delete(item.id);
    return true;
  }

  function join(channel) {
    channels.add(channel);
    queueMicrotask(() => flush());
    return () => channels.delete(channel);
  }

  function setConnected(model, now) {
    const back = now && cut.delete(bookOf(model));
    if (!now) cut.add(bookOf(model));
    if (back) flush(true);
  }

  const isConnected = (model) => !cut.has(bookOf(model));

  return { waiting, flush, put, answer, join, setConnected, isConnected };
}

const outbox = (globalThis.coworkOutbox ??= makeOutbox());

// Join the outbox for as long as the view lives, and hear the kernel's answers on the way.
function joinOutbox(model, signal, channel) {
  const leave = outbox.join({ model, shell: false, owns: () => false, heard: () => {}, ...channel });
  signal.addEventListener("abort", leave);
  model.on("msg:custom", (message) => {
    if (message && message.done && message.id) outbox.answer(model, message);
  });
}

function newItem(model, { box, kind, about, fields, choices }) {
  // For whom a scribe writes goes with the words: they may be sent when the page shows somebody else.
  const voice = model.get("voice");
  return {
    id: newUuid(),
    box,
    kind,
    about: about || [],
    fields: fields || {},
    choices: voice ? { ...choices, for: voice } : choices || {},
    lang: model.get("lang"),
    at: Date.now(),
  };
}

// Drafts: words not yet given to the outbox, per box and tab. Kept while typing, and at once when the page goes.
// Hazard: with one key for a box, two tabs of one person would write over each other's words.

// A tab keeps its name over a reload. It is put by only while no page shows: a tab that is doubled has a copy of what
// lies there, and two tabs of one name would be one again.
function makeTab() {
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

const tabName = (globalThis.coworkTab ??= makeTab());
const takenOver = new Map(); // key of a draft of ours -> [[key, value]] of other tabs' that were read into it

function boxKey(model, box) {
  return `cowork:draft:${ownerOf(model)}:${box}`;
}

function draftKey(model, box) {
  return `${boxKey(model, box)}@${tabName}`;
}

// This tab's own draft; where it has none, all that other tabs left, one below the other.
function readDraft(model, box) {
  const own = device.read(draftKey(model, box));
  if (own && typeof own === "object") return own;
  const start = boxKey(model, box);
  // Behind the box stands the name of a tab alone: a box with a person's name behind it is what a scribe writes for them.
  const keys = device.keys(start).filter((key) => /^(@[^@]*)?$/.test(key.slice(start.length))).sort();
  const found = keys.map((key) => [key, device.get(key), device.read(key)]).filter(([, , draft]) => draft && typeof draft === "object");
  if (!found.length) return null;
  takenOver.set(draftKey(model, box), found.map(([key, value]) => [key, value]));
  const drafts = found.map(([, , draft]) => draft);
  return drafts.length === 1 ? drafts[0] : drafts.reduceRight((below, draft) => withDraft(draft, below));
}

// What was read into this tab's draft stands there now; what its own tab has changed meanwhile stays that tab's.
function endTakenOver(key) {
  for (const [other, value] of takenOver.get(key) || []) if (device.get(other) === value) device.remove(other);
  takenOver.delete(key);
}

function saveDraft(model, box, draft) {
  const some = Object.values(draft.fields || {}).some(Boolean) || Object.keys(draft.choices || {}).length;
  if (some || draft.id) device.set(draftKey(model, box), JSON.stringify(draft));
  else device.remove(draftKey(model, box));
  endTakenOver(draftKey(model, box));
}

function dropDraft(model, box) {
  device.remove(draftKey(model, box));
  endTakenOver(draftKey(model, box));
}

// The words of two drafts, those of `upper` above.
function withDraft(upper, below) {
  const fields = { ...below.fields };
  for (const [key, text] of Object.entries(upper.fields || {})) {
    const newer = fields[key];
    fields[key] = text && newer && newer !== text ? `${text}\n\n${newer}` : text || newer;
  }
  return { fields, choices: { ...upper.choices, ...below.choices } };
}

// Refused words go back into the draft of their box; what was typed meanwhile stays below them.
function putBack(model, item) {
  saveDraft(model, item.box, withDraft(item, readDraft(model, item.box) || {}));
}

// Call `save` soon after typing, and at once before the page is left, hidden or reloaded.
function autosave(signal, save) {
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
    soon() {
      owed = true;
      clearTimeout(timer);
      timer = setTimeout(now, 300);
    },
    forget() {
      owed = false;
      clearTimeout(timer);
    },
  };
}
