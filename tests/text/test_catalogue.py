"""The catalogues on disk, and the checker that keeps them."""

import gettext
import io
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("babel")

from babel.messages.mofile import write_mo

from cowork.text import LANGS, catalogue_texts, keys
from tools.i18n import catalogue


@pytest.fixture(scope="module")
def said():
    return {lang: catalogue.catalog_texts(catalogue.read_catalog(lang)) for lang in LANGS}


def sample():
    en = {"a.h": ("Who is {name}?",), "a.n": ("{n} word", "{n} words")}
    sv = {"a.h": ("Vem är {name}?",), "a.n": ("{n} ord", "{n} ord")}
    return {"en": en, "sv": sv}


def test_nothing_is_wrong_with_the_catalogues():
    assert catalogue.check_catalogs() == []


def test_every_key_is_in_both_languages(said):
    assert said["en"].keys() == said["sv"].keys() == keys()


def test_the_report_says_in_plain_words_and_in_those_of_research_what_it_cannot_show(said):
    assert said["en"]["report.always"][0].endswith("It does not prove that our way of working made a difference.")
    assert said["en"]["report.always_plain"][0].endswith("does not show that a mechanism worked.")


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_read_at_run_time_is_in_step_with_what_is_edited(lang, said):
    shown = {
        key: (text,) if isinstance(text, str) else (text["one"], text["other"])
        for key, text in catalogue_texts(keys(), lang).items()
    }
    assert shown == said[lang], "run: python -m tools.i18n.catalogue compile"


@pytest.mark.parametrize("lang", LANGS)
def test_the_plural_rule_is_compiled_too(lang):
    made = io.BytesIO()
    write_mo(made, catalogue.read_catalog(lang))
    made.seek(0)
    with catalogue.po_path(lang).with_suffix(".mo").open("rb") as file:
        kept = gettext.GNUTranslations(file).info()
    assert kept["plural-forms"] == gettext.GNUTranslations(made).info()["plural-forms"]


@pytest.mark.parametrize("lang", LANGS)
def test_the_file_is_sorted_by_key_so_that_a_hand_finds_its_place(lang, said):
    assert list(said[lang]) == sorted(said[lang])


@pytest.mark.parametrize("lang", LANGS)
def test_no_mark_of_doubt_is_shown(lang):
    assert "[?]" not in str(catalogue_texts(keys(), lang))


def test_doubtful_swedish_keeps_its_note_for_a_practitioner():
    assert catalogue.REVIEW_COMMENT in catalogue.read_catalog("sv").get("intention.link").auto_comments


def test_a_sound_sample_has_no_faults():
    assert catalogue.catalog_faults(sample()) == []


@pytest.mark.parametrize(
    ("lang", "key", "forms", "fault"),
    [
        ("sv", "a.h", None, "a.h: no words in sv"),
        ("en", "a.h", None, "a.h: no words in en"),
        ("sv", "a.h", ("Vem är {namn}?",), "a.h: en and sv do not fill in the same places"),
        ("sv", "a.h", ("Vem är hon?",), "a.h: en and sv do not fill in the same places"),
        ("sv", "a.n", ("{n} ord",), "a.n: counts something in one of en and sv only"),
        ("sv", "a.h", ("Vem är {name} [?]",), "a.h (sv): shows its mark of doubt"),
        ("sv", "a.h", ("{name} {",), "a.h (sv): has a brace that opens or closes nothing"),
        ("sv", "a.h", ("",), "a.h (sv): says nothing"),
        ("en", "a.h", ("{name} is late",), "a.h (en): says 'late', which judges or mislabels"),
        ("en", "a.h", ("{name}" + " word" * 14,), "a.h (en): has a sentence of 15 words; at most 14"),
    ],
)
def test_the_checker_tells_each_fault(lang, key, forms, fault):
    made_up = sample()
    if forms is None:
        del made_up[lang][key]
    else:
        made_up[lang][key] = forms
    assert any(found.startswith(fault) for found in catalogue.catalog_faults(made_up))


def test_both_forms_fill_in_the_same_places_and_only_the_figure_may_be_left_out():
    made_up = sample()
    made_up["en"]["a.n"] = ("One word", "{n} words")
    assert catalogue.catalog_faults(made_up) == []
    made_up["en"]["a.n"] = ("{n} word by {name}", "{n} words")
    assert "a.n (en): its forms do not fill in the same places" in catalogue.catalog_faults(made_up)


def test_rows_of_a_table_become_keys_and_pairs_become_counts():
    table = """\
| key | English | Svenska |
|---|---|---|
| intention | Intention | Avsikt [?] |
| a.h | Who? | Vem? [?] |
| a.n.one | {n} word | {n} ord |
| a.n.other | {n} words | {n} ord |
| b.button.one | One page | En sida |
"""
    assert list(catalogue.markdown_rows(table)) == [
        ("a.h", ("Who?",), ("Vem? [?]",)),
        ("a.n", ("{n} word", "{n} words"), ("{n} ord", "{n} ord")),
        ("b.button.one", ("One page",), ("En sida",)),
    ]


def test_words_that_are_added_are_kept_in_both_languages_and_replace_what_stood_there(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    assert catalogue.main(["add", "b.h", "Where?", "Var?"]) == 0
    assert catalogue.main(["add", "a.n", "{n} word", "{n} words", "{n} ord", "{n} ord"]) == 0
    assert catalogue.main(["add", "b.h", "Where to?", "Vart? [?]"]) == 0
    sv = catalogue.read_catalog("sv")
    assert catalogue.catalog_texts(sv) == {"a.n": ("{n} ord", "{n} ord"), "b.h": ("Vart?",)}
    assert sv.get("b.h").auto_comments == [catalogue.REVIEW_COMMENT]
    with (tmp_path / "en" / "LC_MESSAGES" / "cowork.mo").open("rb") as file:
        book = gettext.GNUTranslations(file)
    assert [book.ngettext("a.n", "a.n", n) for n in (0, 1, 2)] == ["{n} words", "{n} word", "{n} words"]


def test_compiling_the_same_words_twice_gives_the_same_files(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    catalogue.main(["add", "a.h", "Who?", "Vem? [?]"])
    first = {path: path.read_bytes() for path in tmp_path.rglob("cowork.*")}
    catalogue.main(["compile"])
    assert len(first) == 4
    assert {path: path.read_bytes() for path in tmp_path.rglob("cowork.*")} == first


def test_the_tool_runs_from_the_root_of_the_repository():
    root = Path(__file__).resolve().parents[2]
    check = [sys.executable, "-m", "tools.i18n.catalogue", "check"]
    done = subprocess.run(check, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0 and "nothing wrong" in done.stdout, done.stdout + done.stderr


def test_a_command_that_is_not_known_shows_how(capsys):
    assert catalogue.main(["tidy"]) == 2
    assert "compile" in capsys.readouterr().out
