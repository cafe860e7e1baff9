"""Every word the code asks for exists, and the code says nothing by itself."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import cowork.text
from cowork.text import catalogue_texts, keys
from tools.i18n.uses import js_faults, js_literal_texts, python_faults

SOURCE = Path(cowork.text.__file__).parents[1]
MODULES = sorted(SOURCE.rglob("*.py"))
SCRIPTS = sorted([*SOURCE.glob("widgets/**/*.js"), *SOURCE.glob("frontend/*.js")])
SHOWN_ON_PURPOSE: set[tuple[str, str]] = set()
"""Script and literal: what looks like words for people in JavaScript and is none."""

KNOWN = {"a.h": "Who is {name}?", "a.b": "Go on", "a.n": {"one": "{n} word", "other": "{n} words"}}


def name(path):
    return path.relative_to(SOURCE).as_posix()


def widgets():
    """Every widget class; the same shared script serves several, each with its own WORDS."""
    component = pytest.importorskip("cowork.widgets.component")
    for module in pkgutil.walk_packages([str(SOURCE / "widgets")], "cowork.widgets."):
        importlib.import_module(module.name)
    found, left = [], [component.Component]
    while left:
        left += (more := left.pop().__subclasses__())
        found += more
    return [widget for widget in found if widget.__module__.startswith("cowork.")]


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_what_python_asks_for_exists_and_is_given_its_values(module):
    assert list(python_faults(module.read_text(encoding="utf-8"), catalogue_texts(keys()))) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_what_javascript_says_exists(script):
    assert list(js_faults(script.read_text(encoding="utf-8"), keys(), keys())) == []


def test_every_widget_is_sent_the_words_that_its_scripts_say():
    faults = []
    for widget in widgets():
        faults += [f"{widget.__name__}: {key} is no key" for key in widget.WORDS if key not in keys()]
        for script in widget.SCRIPTS:
            source = (SOURCE / "widgets" / script).read_text(encoding="utf-8")
            faults += [f"{widget.__name__}, {script}: {fault}" for fault in js_faults(source, keys(), widget.WORDS)]
    assert faults == []


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_javascript_holds_no_words_for_people(script):
    shown = js_literal_texts(script.read_text(encoding="utf-8"), keys())
    assert [text for text in shown if (script.name, text) not in SHOWN_ON_PURPOSE] == []


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ('say("a.h", lang, name=who)', []),
        ('say("a.h", lang, **values)', []),
        ('here.say("a.n", n=3)', []),
        ('say("a.n", lang, 3)', []),
        ('say(f"a.{which}")', []),
        ('open("c.h")', []),
        ('say("c.h")', ["line 1: c.h is no key"]),
        ('here.say("c.h" if late else "a.b")', ["line 1: c.h is no key"]),
        ('say(f"c.{which}")', ["line 1: c.… begins no key"]),
        ('say("c." + which)', ["line 1: c.… begins no key"]),
        ('say("a.h", lang)', ["line 1: a.h is given nothing for {name}"]),
        ('say("a.n", lang)', ["line 1: a.n counts something, and is given no n"]),
        ('raise NotAllowed("error.c")', ["line 1: error.c is no key"]),
    ],
)
def test_the_reader_of_python_sees_a_key_that_was_removed_and_a_place_left_open(code, faults):
    assert list(python_faults(code, KNOWN)) == faults


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ('t(model, "a.b")', []),
        ("t('a.b', {name: who})", []),
        ("t(model, `a.${which}`)", []),
        ('// t(model, "c.h")', []),
        ('t(model, "c.h")', ["c.h is no key"]),
        ('t(model, "a.h", {name})', ["a.h is not in the WORDS of its widget"]),
        ('t(model, many ? "a.n" : "a.b")', ["a.n is not in the WORDS of its widget"]),
    ],
)
def test_the_reader_of_javascript_sees_a_key_that_was_removed_or_not_sent(code, faults):
    assert list(js_faults(code, KNOWN, {"a.b"})) == faults


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ('el.textContent = "Nothing here";', ["Nothing here"]),
        ("el.textContent = 'Share';", ["Share"]),
        ("el.textContent = `${n} new words`;", ["${n} new words"]),
        ('el.append(icon, " by the way");', [" by the way"]),
        ('make("p", {text: "Try again"});', ["Try again"]),
        ('el.setAttribute("aria-label", "Close this");', ["Close this"]),
        ('make("button", {"aria-label": "Close this"});', ["Close this"]),
        ('el.textContent = t(model, "a.b");', []),
        ('setText(this.note, "Try again");', ["Try again"]),
        ('h("p", { class: "cw-a cw-b" }, "Try again");', ["Try again"]),
        ('el.append(" · ", make("p", "cw-a cw-b"));', []),
        ('el.textContent = ""; // Nothing here', []),
        ('if (el.textContent === "Some words") go();', []),
        ('const at = "https://example.org/a b";', []),
    ],
)
def test_the_reader_of_javascript_sees_words_for_people(code, shown):
    assert js_literal_texts(code, KNOWN) == shown
