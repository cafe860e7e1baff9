"""The paper: templates that hold no words, ask for nothing unknown, and a footer in which no sign can end anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from golden.make_report import Making
from hypothesis import given
from hypothesis import strategies as st
from support.spreadsheets import Sheet, workshop

from cowork.reports import one_page, report
from cowork.reports.full_report import HEADINGS, layout_report, shared_values
from cowork.reports.reader import Reader
from cowork.reports.rendering import TEMPLATE_FOLDER, css_string, picture_url, render_page
from cowork.text import catalogue_texts, keys

TEMPLATES = sorted(TEMPLATE_FOLDER.glob("*.html.j2"))
ASKED = re.compile(r"""\b(?:say|empty)\(\s*"([^"]+)"(?:\s*~\s*([\w.]+))?([^)]*)""")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_word_a_template_asks_for_exists_and_is_given_its_values(template: Path) -> None:
    known = catalogue_texts(keys())
    for key, joined, rest in ASKED.findall(template.read_text("utf-8")):
        if joined:
            assert any(other.startswith(key) for other in known), key
            continue
        assert key in known, key
        forms = known[key]
        for form in [forms] if isinstance(forms, str) else forms.values():
            assert {place for place in re.findall(r"\{(\w+)\}", form)} <= set(re.findall(r"(\w+)\s*=", rest)), key


@pytest.mark.parametrize(
    "template", [t for t in TEMPLATES if "css" not in t.name and "style" not in t.name], ids=lambda path: path.name
)
def test_a_template_says_nothing_by_itself(template: Path) -> None:
    text = template.read_text("utf-8")
    for hidden in (r"<style>.*?</style>", r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<!doctype html>", r"<[^>]*>"):
        text = re.sub(hidden, " ", text, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]+", text) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_lets_anything_past_the_escaping(template: Path) -> None:
    assert not re.search(r"\|\s*safe|autoescape|Markup", template.read_text("utf-8"))


def test_a_name_that_is_not_given_is_an_error_and_no_empty_place() -> None:
    import jinja2

    reader = Reader(workshop(), "en")
    values = {**layout_report(reader), **shared_values(reader), "headings": HEADINGS}
    assert render_page("report.html.j2", **values)
    for name in ("practice", "footer", "left"):
        with pytest.raises(jinja2.UndefinedError):
            render_page("report.html.j2", **{key: value for key, value in values.items() if key != name})


@given(st.text())
def test_in_the_footer_every_sign_but_plain_letters_is_a_number(text: str) -> None:
    made = css_string(text)
    assert re.fullmatch(r"(?:[A-Za-z0-9 ]|\\[0-9A-F]{6} )*", made)
    back = re.sub(r"\\([0-9A-F]{6}) ", lambda m: chr(int(m[1], 16)), made)
    assert back == "".join(s for s in text if s.isprintable() or s.isspace())


def test_a_title_cannot_break_out_of_the_footer() -> None:
    made = Making()
    title = '"; } </style><script>alert(1)</script> \\" url(http://example.org) /* \n }'
    opened = made.state.opening_entry()
    assert opened is not None
    import json
    from dataclasses import replace

    from cowork.core.fold import fold

    body = json.dumps({**opened.data, "title": title})
    state = fold(
        made.state.workshop, [replace(e, body=body) if e.id == opened.id else e for e in made.state.entries.values()]
    )
    for make in (report, one_page):
        found = Sheet(make(state))
        assert "script" not in {tag for tag, _ in found.tags} and "example" in found.words
        assert "</style>" in found.words and "url(" not in found.style and "example.org" not in found.style


def test_a_picture_is_one_only_with_a_known_type_and_whole_data() -> None:
    assert picture_url({"type": "image/png", "data": ["iVBO", "Rw=="]}).startswith("data:image/png;base64,iVBORw==")
    for data in ({"type": "image/svg+xml", "data": ["AAAA"]}, {"type": "image/png", "data": "AAAA"},
                 {"type": "image/png", "data": ["A\"><script>"]}, {"type": "image/png", "data": []}, {}):  # fmt: skip
        assert picture_url(data) == ""
