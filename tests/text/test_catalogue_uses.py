"""Every key of the catalogue has a use: what nobody asks for is deleted, and two translators stop keeping it."""

import ast
import importlib
import inspect
import json
from itertools import product
from pathlib import Path

import pytest

import cowork.text
from cowork.analysis.checks import CONTRIBUTOR_RESULTS, EVERYONE_RESULTS
from cowork.core import elements, provenance
from cowork.core.access import disclosure
from cowork.core.proposals import OUTCOME_KEYS
from cowork.imports import encoding
from cowork.pages.elements import assets_in_others
from cowork.pages.facilitation import meeting_blocks
from cowork.pages.kit import forms, on_behalf
from cowork.pages.overview import suggestions
from cowork.pages.registry import pages
from cowork.reports import one_page
from cowork.serve.cli import commands
from cowork.store import check, merge
from cowork.text import LANGS, keys
from tools.i18n.uses import keys_without_use, python_uses, script_uses, template_uses

SOURCE = Path(cowork.text.__file__).parents[1]
NOTEBOOKS = SOURCE.parents[1] / "notebooks"


def strings(code) -> set[str]:
    """Every text that stands in a module or a function: a code that a key is made of is one of them."""
    nodes = ast.walk(ast.parse(inspect.getsource(code)))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def made(shape: str, *places) -> set[str]:
    """The keys of a shape, whose places are filled in with these values."""
    return {shape.format(*(str(value).replace("-", "_") for value in values)) for values in product(*places)}


def calls() -> list[ast.Call]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py"))
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


CALLS = calls()


def whom() -> set[str]:
    """The roles that an error names: `NotAllowed("error.may_not", who="facilitator")`."""
    named = (word.value for call in CALLS for word in call.keywords if word.arg == "who")
    return {value.value for value in named if isinstance(value, ast.Constant)}


def headed(by: str) -> set[str]:
    """The pages that a constructor is called for: `page_head(here, "trace")`."""
    called = (call for call in CALLS if isinstance(call.func, ast.Name) and call.func.id == by)
    return {call.args[1].value for call in called if isinstance(call.args[1], ast.Constant)}


def options(command) -> set[str]:
    """The help of a command and of each of its options."""
    own = {f"cli.help.{option.name}" for option in command.params} | {"cli.help.help"}
    its = {f"cli.help.{command.name}.{option.name}" for option in command.params}
    return {f"cli.help.{command.name}"} | own | its


HEADED = headed("element_form") | headed("page_head")
COMMANDS = [commands.cli, *commands.cli.commands.values()]
NAMINGS = ("name", "perspective", "pseudonym", "not")
BUILT = {
    "assets.for_other_{}": made("assets.for_other_{}", strings(assets_in_others)),
    "check.{}.hint": made("check.{}.hint", ("said", "all")),
    "check.{}.{}": made("check.said.{}", CONTRIBUTOR_RESULTS) | made("check.all.{}", EVERYONE_RESULTS),
    "cli.code_{}": made("cli.code_{}", range(7)),
    "cli.aside.{}": made("cli.aside.{}", strings(merge)),
    "cli.help.{}": {key for command in COMMANDS for key in options(command)},
    "cli.help.{}.{}": {key for command in COMMANDS for key in options(command)},
    "cli.kept.{}": made("cli.kept.{}", strings(disclosure)),
    "cli.why.{}": made("cli.why.{}", strings(merge)),
    "cli.{}": made("cli.{}", strings(check)),
    "date.month.{}": made("date.month.{}", range(1, 13)),
    "ending.{}_by": made("ending.{}_by", OUTCOME_KEYS.values()),
    "ending.{}_label": made("ending.{}_label", OUTCOME_KEYS.values()),
    "ground.{}": made("ground.{}", strings(provenance.changes)),
    "import.letters.{}": made("import.letters.{}", encoding.OFFERED_ENCODINGS),
    "join.named.{}": made("join.named.{}", NAMINGS),
    "journey.col.{}": made("journey.col.{}", ("part", "wrote", "by", "last", "met")),
    "journey.nudge.{}": made("journey.nudge.{}", strings(suggestions)),
    "journey.wheel.{}": made("journey.wheel.{}", elements.WHEELS),
    "language.{}": made("language.{}", LANGS),
    "onepage.h.{}": made("onepage.h.{}", strings(one_page)),
    "report.changed.{}": made("report.changed.{}", strings(provenance.changes)),
    "scribe.entered_{}": made("scribe.entered_{}", (*on_behalf.GROUPS, "unnamed")),
    "scribe.for.{}": made("scribe.for.{}", (*on_behalf.GROUPS, "unnamed")),
    "setting.we_will.{}": made("setting.we_will.{}", strings(meeting_blocks)),
    "who.{}": made("who.{}", whom()),
    "{}.h": made("{}.h", HEADED),
    "{}.hint": made("{}.hint", HEADED),
    "{}.link": made("{}.link", pages()),
    "{}.cowork": set(),
    "{}.mean.h": made("{}.mean.h", HEADED),
    "{}.mean.{}": {f"{key}.mean.{n}" for key, lines in forms.MEANING_LINES.items() for n in range(1, lines + 1)},
    "{}.outcome": made("{}.outcome", HEADED),
    "{}.plain": made("{}.plain", pages()),
}
"""The shapes of keys that only a run fills in, and the set in the code that each is made from."""


def uses():
    for path in sorted(SOURCE.rglob("*.py")):
        module = ".".join(("cowork", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
        if not module.endswith("__main__"):
            names = vars(importlib.import_module(module))
            yield from python_uses(path.read_text(encoding="utf-8"), names)
    for path in sorted(SOURCE.rglob("*.js")):
        yield from script_uses(path.read_text(encoding="utf-8"))
    for path in sorted([*SOURCE.rglob("*.j2"), *SOURCE.rglob("*.html")]):
        yield from template_uses(path.read_text(encoding="utf-8"))
    for path in sorted(NOTEBOOKS.rglob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield from python_uses("".join(cell["source"]), {})


def test_every_key_of_the_catalogue_has_a_use():
    assert keys_without_use(keys(), uses(), BUILT) == []


KNOWN = {"a.h", "a.1", "a.2", "a.b", "c.h"}
KINDS = ("1", "2")


@pytest.mark.parametrize(
    ("code", "unused"),
    [
        ('say("a.h")', ["a.1", "a.2", "a.b", "c.h"]),
        ('HEADINGS = {"x": "a.h"}', ["a.1", "a.2", "a.b", "c.h"]),
        ('# say("a.h")', ["a.1", "a.2", "a.b", "a.h", "c.h"]),
        ('def f():\n    """Says "a.h"."""', ["a.1", "a.2", "a.b", "a.h", "c.h"]),
        ('def f():\n    "a.h"', ["a.1", "a.2", "a.b", "a.h", "c.h"]),
        ('class W:\n    WORDS = ("a.h", "a.b")', ["a.1", "a.2", "a.b", "a.h", "c.h"]),
        ('[say(f"a.{n}") for n in range(1, 3)]', ["a.b", "a.h", "c.h"]),
        ('[say("a." + n) for n in ("1", "b")]', ["a.2", "a.h", "c.h"]),
        ('for n in KINDS:\n    say(f"a.{n}")', ["a.b", "a.h", "c.h"]),
        ('[say(f"a.{n}") for n, it in (("b", it.came), (1, it.had))]', ["a.2", "a.h", "c.h"]),
        ('[say(f"{x}.{n}") for x in ("a", "c") for n in ("h",)]', ["a.1", "a.2", "a.b"]),
    ],
)
def test_a_key_is_used_where_code_asks_for_it_and_not_where_a_comment_names_it(code, unused):
    assert keys_without_use(KNOWN, python_uses(code, {"KINDS": KINDS}), {}) == unused


@pytest.mark.parametrize(
    "code",
    [
        'say(f"a.{n}")',
        'say("a." + n)',
        "say(x + y)",
        'say(f"{x}.{y}")',
        'KEY = f"a.{n}"',
        'def f(KINDS):\n    return [say(f"a.{n}") for n in kinds(KINDS)]',
        'for n in range(1, 3):\n    g = lambda n: say(f"a.{n}")',
        'for n in range(1, 3):\n    def g(n):\n        say(f"a.{n}")',
    ],
)
def test_a_key_that_only_the_run_makes_wants_its_set_named(code):
    uses = list(python_uses(code, {"KINDS": KINDS}))
    with pytest.raises(ValueError, match="name the set that these keys are made from"):
        keys_without_use(KNOWN, uses, {})
    shape = next(use.shape for use in uses if use.keys is None)
    assert keys_without_use(KNOWN, uses, {shape: {"a.1", "a.2"}}) == ["a.b", "a.h", "c.h"]


@pytest.mark.parametrize(
    ("reader", "code", "used"),
    [
        (script_uses, 'say(model, "a.h")', {"a.h"}),
        (script_uses, '`${say(model, "a.h")} ${say(model, "a.b")}`', {"a.h", "a.b"}),
        (script_uses, '// say(model, "a.h")', set()),
        (script_uses, '/* say(model, "a.h") */', set()),
        (script_uses, "say(model, `a.${n}`)", {"a.1", "a.2"}),
        (script_uses, "say(model, `a.${n({})}`)", {"a.1", "a.2"}),
        (script_uses, 'say(model, "a." + n)', {"a.1", "a.2"}),
        (template_uses, '{{ say("a.h") }}', {"a.h"}),
        (template_uses, '{{ say("a." ~ part.key) }}', {"a.1", "a.2"}),
        (template_uses, '{# say("a.h") #}', set()),
        (template_uses, '<!-- say("a.h") -->', set()),
    ],
)
def test_scripts_and_templates_are_read_the_same_way(reader, code, used):
    uses = list(reader(code))
    built = {use.shape: {"a.1", "a.2"} for use in uses if use.keys is None}
    assert set(keys_without_use(KNOWN, uses, built)) == KNOWN - used


def test_no_set_is_named_without_which_every_key_has_a_use():
    found = list(uses())
    left = keys().difference(*(use.keys or () for use in found))
    needed = {use.shape for use in found if use.keys is None and any(map(use.may_be, left))}
    assert sorted(BUILT.keys() - needed) == []


def test_a_page_says_as_many_lines_of_what_it_means_as_the_catalogue_holds():
    lines = {key: sum(f"{key}.mean.{n}" in keys() for n in range(1, 10)) for key in HEADED | headed("meaning_lines")}
    assert lines == forms.MEANING_LINES
