// Who this device is in each workshop. The secret goes to the kernel in a message and nowhere else: not into
// a trait, an address or a log. A code is looked up as people type it: without spaces, in capitals.

const MINE = "cowork:mine";
const MINE_LIMIT = 8;

function codeKey(code) {
  return code ? `cowork:key:${code.trim().toUpperCase()}` : "cowork:fresh";
}

function keyFor(code) {
  const found = device.read(codeKey(code));
  if (found?.participant && found?.secret) return found;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const secret = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const made = { participant: newUuid(), secret };
  // Stored before it is used: a reload is the same person. Where it cannot be stored, the shell says so.
  device.set(codeKey(code), JSON.stringify(made));
  return made;
}

// The key made before the workshop had a code now belongs to that code. `key` is what this page came with: another tab
// may have opened a workshop of its own meanwhile, and the storage then holds it no longer.
function keepFreshAs(code, key) {
  device.remove(codeKey("")); // first: a full storage has room for one of them
  if (key && !device.get(codeKey(code))) device.set(codeKey(code), JSON.stringify(key));
}

function mineList() {
  const list = device.read(MINE);
  return Array.isArray(list) ? list.filter((one) => one && typeof one.code === "string").slice(0, MINE_LIMIT) : [];
}

function rememberMine(code, title) {
  const others = mineList().filter((one) => one.code !== code);
  device.set(MINE, JSON.stringify([{ code, title: String(title || "") }, ...others].slice(0, MINE_LIMIT)));
}

// Everything this device holds of one workshop: key, drafts, words not sent, private answers, the list.
function forgetAll(code) {
  const scope = code.trim().toUpperCase();
  for (const kind of ["draft", "out", "keep"]) {
    for (const key of device.keys(`cowork:${kind}:${scope}:`)) device.remove(key);
  }
  device.remove(codeKey(code));
  device.remove(`cowork:invite:${scope}`);
  const others = mineList().filter((one) => one.code !== code);
  device.remove(MINE); // first: where a shorter list cannot be written, the old one must not come back
  device.set(MINE, JSON.stringify(others));
}

function chosenLang() {
  const kept = device.get("cowork:lang");
  if (kept === "en" || kept === "sv") return kept;
  return (navigator.language || "").toLowerCase().startsWith("sv") ? "sv" : "en";
}
