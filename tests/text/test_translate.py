"""What `cowork.text` says when it is asked, and what it refuses to say."""

import subprocess
import sys

import pytest

from cowork.text import HTML_LANG, LANGS, catalogue_texts, keys, translate


def test_the_same_key_says_it_in_each_language():
    assert translate("intention.plain") == "Why are we here?"
    assert translate("intention.plain", "sv") == "Varför är vi här?"


@pytest.mark.parametrize(
    ("lang", "n", "said"),
    [
        ("en", 0, "0 people online"),
        ("en", 1, "1 person online"),
        ("en", 2, "2 people online"),
        ("sv", 0, "0 personer uppkopplade"),
        ("sv", 1, "1 person uppkopplad"),
        ("sv", 2, "2 personer uppkopplade"),
    ],
)
def test_a_count_takes_the_form_of_its_language(lang, n, said):
    assert translate("common.people_here", lang, n=n) == said


def test_a_number_may_also_fill_a_place_where_nothing_is_counted():
    assert translate("error.many_tries", n=5) == "Too many tries. Wait 5 minutes, or ask the facilitator."


def test_braces_in_a_persons_words_stay_as_they_were_written():
    assert translate("common.entered_for", name="{n} {name}") == "Entered for {n} {name}"


def test_a_value_that_the_sentence_does_not_name_does_no_harm():
    assert translate("common.shared", name="Ada") == "Shared"


@pytest.mark.parametrize("key", ["", "nothing.like.this", "common.people_here.one"])
def test_an_unknown_key_is_an_error_and_never_a_heading(key):
    with pytest.raises(KeyError, match="no words for"):
        translate(key)
    with pytest.raises(KeyError, match="no words for"):
        catalogue_texts([key])


def test_a_count_without_its_number_is_an_error():
    with pytest.raises(KeyError, match="give it n"):
        translate("common.people_here")


def test_a_place_left_open_is_an_error_that_names_it():
    with pytest.raises(KeyError, match=r"'common.entered_for' have a place \{name\}"):
        translate("common.entered_for")


def test_a_language_without_words_is_an_error_that_names_those_there_are():
    with pytest.raises(ValueError, match="'de'; the languages are en, sv"):
        translate("common.shared", "de")


def test_javascript_gets_open_places_and_both_forms():
    assert catalogue_texts(["common.shared", "common.code", "common.people_here"], "sv") == {
        "common.shared": "Delat",
        "common.code": "Kod {code}",
        "common.people_here": {"one": "{n} person uppkopplad", "other": "{n} personer uppkopplade"},
    }


def test_every_key_can_be_asked_for_in_every_language():
    for lang in LANGS:
        assert catalogue_texts(keys(), lang).keys() == keys()


def test_each_language_has_a_tag_for_the_page():
    assert set(HTML_LANG) == set(LANGS)


def test_a_key_that_only_ends_like_a_plural_is_an_ordinary_key():
    assert translate("trace.step.other") == "Written here"


def test_saying_something_needs_no_babel():
    code = "import sys, cowork.text as t; t.translate('common.shared', 'sv'); sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_role_named_by_its_code_is_said_in_words() -> None:
    assert translate("error.may_not", "en", who="facilitator").startswith("Only the facilitator")
    assert "samtalsledaren" in translate("error.may_not", "sv", who="facilitator")
