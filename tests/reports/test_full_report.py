"""The report: the same bytes for the same state, everything that may leave in it, and nothing else."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
from golden.make_report import BAD, LANGS, MAKERS, SECRETS, path, steady
from hypothesis import given, settings
from support.random_workshops import WORD, Weave, weaves
from support.spreadsheets import Sheet, one_line, sheet, workshop
from support.strategies import laws

from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.core.fold import State, fold
from cowork.reports.full_report import HEADINGS, report
from cowork.reports.reader import DisclosedState
from cowork.text import translate

ROOT = Path(__file__).resolve().parents[2]
few = settings(laws, max_examples=60)
RENEW = "PYTHONPATH=src:tests python tests/golden/make_report.py"


# ---- the same state, the same bytes


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", MAKERS)
def test_the_golden_workshop_gives_the_golden_file(name: str, lang: str) -> None:
    made, golden = steady(MAKERS[name](workshop(), lang)), path(name, lang).read_bytes()
    if made != golden:
        here = next(
            (n for n, (a, b) in enumerate(zip(made, golden, strict=False)) if a != b), min(len(made), len(golden))
        )
        around = slice(max(0, here - 60), here + 60)
        pytest.fail(
            f"{path(name, lang).name} differs from byte {here}:\n  file: {golden[around]!r}\n  made: {made[around]!r}\n"
            f"If that is meant: {RENEW}\nand read `git diff` before you commit.",
            pytrace=False,
        )


def test_entries_in_any_order_give_the_same_bytes() -> None:
    state = workshop()
    for seed in range(3):
        shuffled = list(state.entries.values())
        random.Random(seed).shuffle(shuffled)
        again = fold(state.workshop, shuffled)
        for make in MAKERS.values():
            assert make(again, "sv") == make(state, "sv"), seed


def test_no_hash_seed_and_no_time_zone_changes_a_byte() -> None:
    code = (
        "import hashlib; from golden.make_report import LANGS, MAKERS, make; state = make()\n"
        "print(*[hashlib.sha256(m(state, lang)).hexdigest() for m in MAKERS.values() for lang in LANGS])"
    )
    told = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Kathmandu"), ("77", "America/St_Johns")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        environment["PYTHONPATH"] = os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests")))
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        told.add(done.stdout)
    assert len(told) == 1


# ---- what is in it, and what is not


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", MAKERS)
def test_words_that_may_not_leave_are_in_no_byte(name: str, lang: str) -> None:
    data = MAKERS[name](workshop(), lang)
    held = {why: text for why, text in SECRETS.items() if text.encode() in data}
    assert held == {}


def test_the_words_that_may_not_leave_are_there_to_be_found() -> None:
    """Else the test before this one would look for nothing."""
    bodies = " ".join(e.body or "" for e in workshop().entries.values())
    assert [why for why, text in SECRETS.items() if text not in bodies] == ["erased"]


def test_everything_that_may_leave_is_in_the_report() -> None:
    state = workshop()
    words, seen = sheet(state).words, DisclosedState(state)
    wanted = [c for c in seen.contributions() if c.is_active and c.has_text]
    assert len(wanted) > 25
    quoted = one_line(seen.of_id(next(c.id for c in wanted if "nobody says how long" in c.text)).text)  # type: ignore[union-attr]
    lost = [c.text for c in wanted if one_line(c.text) not in words and one_line(c.text) != quoted]
    assert [text for text in lost if "rang" not in text] == []  # of two texts the exact words stand that were quoted


@few
@given(weaves())
def test_any_thread_prints_what_may_leave_and_nothing_else(weave: Weave) -> None:
    state = weave.state
    made = Sheet(report(state, "sv"))
    may = {
        word
        for c in ParticipantView(state, "").contributions()
        for v in (*c.earlier, *c.versions)
        for word in _words(v.data)
    }
    must = {
        word for c in DisclosedState(state).contributions() if c.has_text for v in c.versions for word in _words(v.data)
    }
    printed = set(WORD.findall(made.words))
    assert printed <= may
    assert must - printed == set()


@few
@given(weaves())
def test_of_who_keeps_their_words_inside_no_word_leaves_with_any_thread(weave: Weave) -> None:
    weave.group.consent("bo", "naming", "not")
    state = weave.state
    his = {word for e in state.entries.values() if e.header.by == weave.group.ids["bo"] for word in _words(e.data)}
    for make in MAKERS.values():
        assert set(WORD.findall(Sheet(make(state, "en")).words)) & his == set()


@few
@given(weaves())
def test_any_thread_gives_the_same_bytes_in_any_order(weave: Weave) -> None:
    state = weave.state
    again = fold(state.workshop, reversed(list(state.entries.values())))
    for make in MAKERS.values():
        assert make(again, "en") == make(state, "en")


def _words(data: object) -> set[str]:
    return set(WORD.findall(str(data.get("text", "")))) if isinstance(data, dict) else set()


def test_for_research_only_the_words_of_those_who_said_yes_are_printed() -> None:
    made = sheet(workshop(), research=True)
    assert "Nobody has answered this" not in made.words  # Cem has not said
    assert "Tell people how long it takes" in made.words
    assert translate("report.for_research", "en") in made.words
    kept = DisclosedView(workshop(), research=True).withheld_counts()["research"]
    assert translate("report.no_research", "en", n=kept) in made.parts["gaps"]
    # Answers are counted apart as well: of four, two gave theirs to research.
    assert translate("report.answers_kept", "en", n=2) in made.parts["agreement"]


# ---- its form


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_person_typed_is_never_markup(lang: str) -> None:
    for make in MAKERS.values():
        data = make(workshop(), lang)
        assert b"<script" not in data.lower()
        found = Sheet(data)
        assert not {tag for tag, _ in found.tags} & {"script", "iframe", "object", "embed", "form", "base", "link"}
        assert not [name for _, attrs in found.tags for name in attrs if name.startswith("on")]
    shown = sheet(workshop(), lang).words
    # Everywhere a person can type, a script was typed; each is read as the letters it is made of.
    typed = set(
        re.findall(r"<script>alert\('(\w+)'\)</script>", " ".join(e.body or "" for e in workshop().entries.values()))
    )
    assert len(typed) > 25
    assert [place for place in sorted(typed) if BAD.format(place) not in shown and place not in ("said", "voice")] == []


def test_nothing_is_asked_of_another_host() -> None:
    for lang in LANGS:
        for make in MAKERS.values():
            data = make(workshop(), lang)
            found = Sheet(data)
            assert all(href.startswith("#") for href in found.hrefs)
            assert all(a["src"].startswith("data:image/") for _, a in found.tags if "src" in a)
            assert "url(" not in found.style and "@import" not in found.style
            assert b"http://" not in data and b"https://" not in data
            assert "default-src 'none'" in {a.get("content", "")[:18] for _, a in found.tags}


def test_the_parts_stand_in_their_order_with_the_group_s_own_words_first() -> None:
    made = sheet(workshop())
    assert list(made.parts)[2:] == list(HEADINGS)  # after what stands above, and the contents
    assert list(HEADINGS)[:2] == ["words", "why"]
    assert "We make the list together" in made.parts["words"]
    assert translate("report.always", "en") in made.parts[""]


def test_every_address_is_one_place_and_every_link_leads_to_one() -> None:
    for lang in LANGS:
        made = sheet(workshop(), lang)
        assert len(made.ids) == len(set(made.ids))
        assert {href[1:] for href in made.hrefs} <= set(made.ids)
        assert set(HEADINGS) <= {href[1:] for href in made.hrefs}


@pytest.mark.parametrize("lang", LANGS)
def test_headings_nest_and_tables_name_their_rows_and_columns(lang: str) -> None:
    for make in MAKERS.values():
        found = Sheet(make(workshop(), lang))
        assert not found.open, "a tag is left open"
        assert [level for level, _ in found.headings].count(1) == 1
        steps = [b - a for (a, _), (b, _) in zip(found.headings, found.headings[1:], strict=False)]
        assert max(steps) <= 1, found.headings
        tables = sum(tag == "table" for tag, _ in found.tags)
        scopes = {a.get("scope") for tag, a in found.tags if tag == "th"}
        assert not tables or {"col", "row"} <= scopes
        assert all(a.get("scope") for tag, a in found.tags if tag == "th")


def test_each_text_says_its_language_and_finds_its_own_direction() -> None:
    found = sheet(workshop(), "sv")
    assert ("html", {"lang": "sv"}) in found.tags
    texts = [attrs for tag, attrs in found.tags if tag == "p" and attrs.get("class") == "words"]
    assert {"en-GB", "sv", "ar"} <= {attrs.get("lang") for attrs in texts}
    assert all(attrs.get("dir") == "auto" for attrs in texts if attrs.get("lang"))


def test_a_language_that_is_no_language_is_not_said() -> None:
    from cowork.reports.reader import Reader

    reader = Reader(workshop(), "en")
    assert reader.typed("x", 'en" onload="').lang == "" and reader.typed("x", {"a": 1}).lang == ""
    assert reader.typed("x", "zh-Hant").lang == "zh-Hant" and reader.typed("x", "en").lang == "en-GB"


def test_an_empty_workshop_prints_its_empty_headings() -> None:
    state = workshop()
    opening = fold(state.workshop, [e for e in state.entries.values() if e.kind == "workshop"])
    for lang in LANGS:
        made = sheet(opening, lang)
        assert list(made.parts)[2:] == list(HEADINGS)
        nothing = (translate("report.nothing", lang), translate("report.not_said", lang),
                   translate("differ.empty", lang),
                   translate("report.small", lang))  # fmt: skip
        named = ("who", "left", "met", "heard", "gaps", "check", "sources")
        for key, words in made.parts.items():
            if key in HEADINGS and key not in named:
                assert any(one in words for one in nothing), key
    assert State("nothing").entries == {}
    assert report(State("nothing"))  # and no workshop at all is no error


def test_no_report_has_an_average_a_percentage_or_an_index() -> None:
    never = re.compile(
        r"%|\b(average|mean|median|percent\w*|index|score|genomsnitt\w*|medel\w*|procent\w*)\b", re.IGNORECASE
    )
    for lang in LANGS:
        for make in MAKERS.values():
            assert not never.findall(Sheet(make(workshop(), lang)).words)


def test_the_report_says_how_it_can_be_checked() -> None:
    state, made = workshop(), sheet(workshop())
    assert state.anchor() in made.parts["check"] and str(len(state.entries)) in made.parts["check"]
    assert state.anchor()[:12] in made.words.rsplit(translate("report.h.sources", "en"), 1)[1]
    for doi in ("10.1186/s40900-024-00638-3", "10.1111/hex.13470"):
        assert doi in made.parts["sources"]
