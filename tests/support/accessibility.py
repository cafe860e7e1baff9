"""What is asked of every page as it looks and as a keyboard goes through it: rules, widths, targets, rings."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

WIDER = """() => {
  const most = document.documentElement.clientWidth + 1;
  const wide = [...document.body.querySelectorAll('*')].filter(e => {
    const r = e.getBoundingClientRect();
    return r.width > 0 && r.right > most && !e.closest('svg, .cw-vh') && e.checkVisibility({visibilityProperty: true});
  });
  const over = document.documentElement.scrollWidth > most;
  const found = wide.slice(0, 3).map(e => e.outerHTML.slice(0, 120));
  return over || found.length ? [document.documentElement.scrollWidth, ...found] : [];
}"""

SMALL = """() => {
  const targets = 'a[href], button, summary, select, textarea, input, label[for]';
  return [...document.querySelectorAll(targets)].filter(e => {
  if (!e.checkVisibility({visibilityProperty: true}) || e.closest('svg, .page-skip, noscript')) return false;
  if (e.matches('label') && !document.getElementById(e.htmlFor)?.matches('[type=radio], [type=checkbox]')) return false;
  if (e.matches('[type=radio], [type=checkbox]')) return false;  // its label is the target
  return e.getBoundingClientRect().height < 44;
}).map(e => `${Math.round(e.getBoundingClientRect().height)} px: ${e.outerHTML.slice(0, 140)}`);
}"""


SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def measured(page: Page, what: str) -> list[str]:
    """What a script finds once the page has taken its new size: what is drawn anew for it comes a frame later."""
    page.evaluate(SETTLED)
    found: list[str] = page.evaluate(what)
    return found


FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  const label = e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText || '';
  const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 3;
  return {tag: e.localName, name: label.trim().split('\\n')[0], ring,
          seen: r.height > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth};
}"""


def stop(page: Page) -> str:
    """The name of what has the focus, which must be on the screen and have its ring."""
    at = page.evaluate(FOCUSED)
    assert at["ring"], f"no ring on {at}"
    assert at["seen"], f"the focus is out of sight on {at}"
    return str(at["name"])


def axe(page: Page, where: str, rules: list[str] | None = None) -> list[str]:
    """What breaks a rule on the page as it stands, as lines that say where; of those for everybody, or of these."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "rule" if rules else "tag", "values": rules or TAGS}, "resultTypes": ["violations"]}
    found = page.evaluate("o => axe.run(document, o).then(r => r.violations)", options)
    return [f"{where}: {v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


def fits(page: Page, where: str) -> list[str]:
    """What is wider than the screen or too small for a finger: on a small phone, a phone and a desk; at the latter two
    also with text twice as large."""
    found = []
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        found += [f"{where} at {width}: {fault}" for fault in measured(page, WIDER) + measured(page, SMALL)]
        if width > 320:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            found += [f"{where} at {width}, text twice as large: {wide}" for wide in measured(page, WIDER)]
            page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(DESK)
    return found
