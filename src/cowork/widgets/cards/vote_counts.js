// Answers shown together: a list of what could be answered, with its count in words, and beside each count as many
// dots. One dot is one person; dots hold no name and are a twin of the words.

function tallyOf(item) {
  const { h: title, rows, apart, apart_h: apartH, none, none_n: noneN, read, read_h: readH } = item.tally || {};
  if (!(rows || []).length) return null;
  const most = Math.max(...[...rows, ...(apart || [])].map((row) => row.n || 0));
  return h(
    "div",
    { class: `cw-tally ${most > 16 ? "cw-many" : ""}` },
    title ? h("p", { class: "cw-tally-h" }, title) : null,
    h("ol", { class: "cw-tally-rows" }, rows.map(tallyRow)),
    (apart || []).length ? [apartH ? h("p", { class: "cw-tally-apart" }, apartH) : null, h("ul", { class: "cw-tally-rows cw-apart" }, apart.map(tallyRow))] : null,
    none ? h("div", { class: "cw-tally-none" }, h("p", {}, none), dots(noneN, "cw-dot cw-dot-open")) : null,
    (read || []).length ? h("div", { class: "cw-tally-read" }, readH ? h("p", { class: "cw-tally-h" }, readH) : null, paragraphs(read)) : null,
  );
}

function tallyRow({ label, n, text }) {
  return h(
    "li",
    {},
    h("p", { class: "cw-tally-label" }, label || ""),
    h("p", { class: "cw-tally-n" }, text || String(n || 0)),
    dots(n, "cw-dot"),
  );
}

function dots(n, cls) {
  const count = Math.max(0, Math.min(Number(n) || 0, 500));
  return h("div", { class: "cw-dots", "aria-hidden": "true" }, Array.from({ length: count }, () => h("span", { class: cls })));
}
