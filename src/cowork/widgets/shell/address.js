// Where somebody stands: the workshop's code, the page, a place in it. On a page of ours the browser's address holds it,
// so that a link, a bookmark and "back" work. JupyterLab's address belongs to JupyterLab: there the device keeps it, for
// each notebook apart, and it outlives a reload and a cell that is run again.

class Address {
  constructor(model) {
    this.key = `cowork:at:${model.get("notebook") || ""}`;
  }

  get search() {
    return ownPage() ? location.search : device.get(this.key) || "";
  }

  get(name) {
    return new URLSearchParams(this.search).get(name) || "";
  }

  // This address with other values, as a link; "" takes one out.
  changed(changes) {
    const query = new URLSearchParams(this.search);
    for (const [key, value] of Object.entries(changes)) {
      if (value) query.set(key, value);
      else query.delete(key);
    }
    const text = query.toString();
    return `${ownPage() ? location.pathname : ""}${text ? `?${text}` : ""}` || "?";
  }

  // A step in the browser's history keeps its "back" truthful; `replace` makes none.
  go(href, replace) {
    if (!href) return;
    const to = new URL(href, location.href);
    if (!ownPage()) device.set(this.key, to.search);
    // Where we stand already there is no step to make; making one would also undo a "back" just pressed.
    else if (to.href !== location.href) history[replace ? "replaceState" : "pushState"]({ cowork: true }, "", href);
  }

  // What others can open to come here; "" in JupyterLab, where no link leads into a cell.
  get origin() {
    return ownPage() ? location.origin + location.pathname : "";
  }
}

// One notebook is one Python, and shows one person. Whose browser this is, so that another that has opened the same
// notebook does not become them, or take the page from under them.
function browserMark() {
  const kept = device.get("cowork:browser");
  if (kept) return kept;
  const made = newUuid();
  device.set("cowork:browser", made);
  return made;
}
