"""What the scripts know of numbers by themselves is what the browser knows of them."""

from __future__ import annotations

from typing import Any

import pytest

from cowork.widgets.manifest import join_files, list_scripts

pytestmark = pytest.mark.browser

COMPARE = """(() => {{ {part}
  const said = (tag, n) => [numberFormats.selectPlural(tag, n), numberFormats.format(tag, n)];
  const known = (tag, n) => [new Intl.PluralRules(tag).select(n), new Intl.NumberFormat(tag).format(n)];
  const other = [];
  for (const tag of ["en-GB", "sv", "en", "fr"]) {{
    for (const n of [...Array(1200).keys(), 1.0, 0.5, 1.5, -1, -1000, 12345, 1e6, 1234567.891]) {{
      const [mine, theirs] = [said(tag, n), known(tag, n)].map((one) => one.join(" "));
      if (mine !== theirs) other.push(`${{tag}} ${{n}}: ${{mine}}, not ${{theirs}}`);
    }}
  }}
  return other;
}})()"""


def test_plurals_and_digits_are_those_of_the_language(visit: Any) -> None:
    assert visit().evaluate(COMPARE.format(part=join_files(list_scripts("runtime/i18n.js")))) == []


def test_a_page_begins_without_asking_the_browser_about_numbers(visit: Any) -> None:
    """The first time costs thirty milliseconds and more, on a phone many times that."""
    counted = (
        COMPARE.split("const said")[0]
        + """
  let asked = 0;
  for (const kind of ["PluralRules", "NumberFormat"]) Intl[kind] = function () {{ asked += 1; return {{}}; }};
  const model = {{ get: (name) => (name === "lang" ? "sv" : {{ here: {{ one: "{{n}} a", other: "{{n}} b" }} }}) }};
  return [t(model, "here", {{ n: 1 }}), t(model, "here", {{ n: 40 }}), asked];
}})()"""
    )
    assert visit().evaluate(counted.format(part=join_files(list_scripts("runtime/i18n.js")))) == ["1 a", "40 b", 0]
