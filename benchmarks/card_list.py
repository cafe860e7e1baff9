"""Measures a list of cards in a browser: `python benchmarks/card_list.py [CARDS ...]`; without numbers, 200.

Every card has two quotations, four points, three answers and seven acts, of which five are behind More. Needs
Playwright and a Chromium (`CHROMIUM` names it). Prints milliseconds in that browser, the best of TIMES: `drawn` for the
list as a page opens it, `one more` when a card arrives, `more` for a press on More of the last card and `talk` for a
press on its "3 answers"; and how many nodes the page holds.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright

from cowork.widgets import CardList

TIMES = 5
ADDRESS = "http://list.test/"
MODEL = """
const { state, one } = await (await fetch("/state.json")).json();
const heard = {};
const model = {
  get: (name) => state[name], set: (name, value) => (state[name] = value), save_changes() {}, send() {},
  on: (event, call) => (heard[event] ??= []).push(call), off() {},
};
const { default: widget } = await import("/list.js");
const measure = async (act) => {
  const begun = performance.now();
  await act();
  document.body.getBoundingClientRect();
  return performance.now() - begun;
};
const el = document.body.appendChild(document.createElement("div"));
const found = { drawn: await measure(() => widget.render({ model, el, signal: new AbortController().signal })) };
found["one more"] = await measure(async () => {
  state.items = [one, ...state.items];
  heard["change:items"].forEach((call) => call());
  await Promise.resolve();
});
const card = el.querySelector("ol").lastElementChild;
found.more = await measure(() => card.querySelector(".cw-more-button").click());
found.talk = await measure(() => card.querySelector(".cw-thread").click());
window.found = { ...found, nodes: document.querySelectorAll("*").length };
"""


def card(number: int) -> dict[str, Any]:
    when = f"2026-10-23T10:{number // 60:02}:{number % 60:02}"
    quotes = [{"text": f"Exact words {number}.{n}", "by": "Bo", "href": "?page=dialogue"} for n in range(2)]
    points = [{"label": "Different from", "text": f"View {n} " * 8, "href": "?page=differ"} for n in range(4)]
    answers = [{"id": f"{number}.{n}", "kind": "utterance", "text": "An answer", "acts": ["talk"]} for n in range(3)]
    acts = ["talk", "talked", "change", "take", "erase", "hide", {"name": "use", "label": "Use", "href": "?page=x"}]
    whole = {"id": str(number), "kind": "view", "text": f"A way of seeing it, number {number}. " * 4, "when": when}
    return {**whole, "quotes": quotes, "points": points, "answers": answers, "acts": acts, "near": ["talk", "use"]}


def measure(page: Page, cards: int) -> dict[str, float]:
    """Draw so many cards in a page of their own."""
    made = CardList(heading="What people wrote", items=[card(number) for number in range(cards)])
    state = {name: value for name, value in made.get_state().items() if not name.startswith("_")}
    html = f"<!doctype html><style>{made._css}</style><body><script type=module src=/measure.js></script>"
    files = {
        "": ("text/html", html),
        "measure.js": ("text/javascript", MODEL),
        "list.js": ("text/javascript", str(made._esm)),
        "state.json": ("application/json", json.dumps({"state": state, "one": card(cards)})),
    }

    def answer(route: Any) -> None:
        kind, body = files[route.request.url.removeprefix(ADDRESS)]
        route.fulfill(body=body, content_type=kind)

    page.route(f"{ADDRESS}**", answer)
    page.goto(ADDRESS)
    page.wait_for_function("window.found")
    return dict(page.evaluate("window.found"))


def main(arguments: list[str]) -> int:
    columns = ("drawn", "one more", "more", "talk", "nodes")
    print(f"{'cards':>6}", *(f"{column:>9}" for column in columns))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"])
        for cards in [int(one) for one in arguments] or [200]:
            runs = [measure(browser.new_page(), cards) for _ in range(TIMES)]
            print(f"{cards:6}", *(f"{min(run[column] for run in runs):9.1f}" for column in columns))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
