// What the device keeps, and what the page holds where the device keeps nothing.

// What the device keeps. Storage can be missing, full or forbidden: then the page's memory holds it, which
// outlives a lost connection though not a reload. Whoever tells people that something is kept asks `set`, `isStored` or
// `isPersistent` first: a promise made without asking is how words are lost.
const pageMemory = (globalThis.coworkMemory ??= new Map());
export const deviceStorage = {
  get(key) {
    if (pageMemory.has(key)) return pageMemory.get(key);
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
      pageMemory.delete(key);
      return true;
    } catch {
      pageMemory.set(key, value);
      window.dispatchEvent(new Event("cowork:keeping"));
      return false;
    }
  },
  remove(key) {
    pageMemory.delete(key);
    try {
      localStorage.removeItem(key);
      // A full storage has room again: what waits in the page is kept now.
      for (const [other, value] of pageMemory) {
        localStorage.setItem(other, value);
        pageMemory.delete(other);
        if (!pageMemory.size) window.dispatchEvent(new Event("cowork:keeping"));
      }
    } catch {
      // nothing was kept there, or there is still no room
    }
  },
  // Whether what was set under this key outlives the page.
  isStored(key) {
    return !pageMemory.has(key);
  },
  // Whether all of it does, and what comes next. Found out by trying: some browsers have a storage that takes nothing.
  isPersistent() {
    try {
      localStorage.setItem("cowork:try", "1");
      localStorage.removeItem("cowork:try");
      return pageMemory.size === 0;
    } catch {
      return false;
    }
  },
  // Whether somebody's own words would go with the page. A draft with an id is that of a form already handed in.
  wouldLoseWords() {
    const words = (key) => Object.values(this.readJson(key)?.fields || {}).some(Boolean) && !this.readJson(key).id;
    return [...pageMemory.keys()].some((key) => key.startsWith("cowork:out:") || (key.startsWith("cowork:draft:") && words(key)));
  },
  keys(prefix) {
    const found = new Set([...pageMemory.keys()].filter((key) => key.startsWith(prefix)));
    try {
      for (let i = 0; i < localStorage.length; i += 1) {
        const key = localStorage.key(i);
        if (key?.startsWith(prefix)) found.add(key);
      }
    } catch {
      // memory only
    }
    return [...found];
  },
  readJson(key) {
    try {
      return JSON.parse(this.get(key));
    } catch {
      return null; // not ours or damaged: left where it is, never deleted
    }
  },
};
