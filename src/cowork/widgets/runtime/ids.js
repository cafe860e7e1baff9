// Ids: of nodes in this page, and of what people share.

const MODULE_ID = Math.random().toString(36).slice(2, 8);
let lastId = 0;

/**
 * Ids tie labels to boxes; each module counts for itself, so its own random part keeps them apart.
 * @param {string} prefix
 */
export function newId(prefix) {
  lastId += 1;
  return `cw-${prefix}-${MODULE_ID}-${lastId}`;
}

// UUIDv7 without crypto.randomUUID, which a room's plain http does not have. The time in it orders nothing.
export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = now % 256;
    now = Math.floor(now / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
