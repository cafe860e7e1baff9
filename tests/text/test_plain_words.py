"""The words on screens: short sentences, and none of the words that people stumbled over, in either language.

What is read at a command line or by whoever writes code has its own words; each group that is left out has its reason.
"""

import re

import pytest

from cowork.text import LANGS, catalogue_texts, keys

MAX_WORDS = 15
"""As in Easy Read. The tool that keeps the catalogues holds new sentences to one word fewer."""

SENTENCE_END = re.compile(r"(?<=[.?!:…])\s+")

LONG_SENTENCES: dict[str, str] = {}
"""Key of a text with a longer sentence, and the reason. There is none."""

OTHER_READERS = {
    "cli.": "read at a command line by whoever runs the server: entry, chain and seal are words of its manual",
    "example.": "read by whoever writes a practice workshop as a file of entries",
    "tables.": "read by a researcher who writes Python",
    "error.record_": "read by whoever keeps the file of the record",
}

CHOSEN_WORDS = {
    "levels.": "the words that people answered with; a new wording would be put into their mouths",
    "position.": "the words that people answered with; a new wording would be put into their mouths",
    "rule.consent": "the name of that set of answers",
}

UNUSED_WORDS = {
    "en": {
        r"rest(s|ed|ing)? on": "the words behind it, comes from",
        r"(changed|on) ground": "the words behind this have changed",
        r"readings?\b(?! aloud)(?! it)": "what someone makes of it, one way to understand it",
        r"in its own right": "also a way to end",
        r"evens? (it |them )?out": "we do not mix them into one",
        r"(as good an|equal|good) endings?": "just as good a way to end",
        r"turn(s|ing)? on each other": "move each other",
        r"meetings of": "links between",
        r"organisers?": "facilitator",
        r"holders?": "the person whose view it is",
        r"who holds it": "the person whose view it is",
        r"(differs|differ) from": "different from",
        r"builds on": "adds to",
        r"stands? (above|alone|apart|below|here|in|then|there|under|without)": "is",
        r"beside the scale": "other answers",
        r"seals?": "a check that nobody reads about",
        r"own key": "this browser remembers that it is you",
        r"lived experience": "knows this from their own life",
        r"kept back": "left out, not shown",
        r"anew": "again",
        r"transcripts?": "talk that is written out",
        r"objections?": "what people have against it",
    },
    "sv": {
        r"vilar på": "orden bakom",
        r"grunden har ändrats": "orden bakom det här har ändrats",
        r"fullgott": "också ett sätt att sluta",
        r"jämnas? ut": "vi blandar inte ihop dem",
        r"gott slut": "ett bra sätt att sluta",
        r"möten mellan": "kopplingar mellan",
        r"arrangör(en|er|s)?": "samtalsledaren",
        r"sätt(et)? att se det": "synsätt",
        r"vid sidan av skalan": "andra svar",
        r"sigill": "a check that nobody reads about",
        r"egen nyckel": "den här webbläsaren minns att det är du",
        r"ej": "inte",
        r"hålls inne|hållits inne": "utelämnas",
        r"invändning(ar)?": "what people have against it",
        r"härmed|samtliga|erhålla|avseende|gällande|vänligen": "the language of offices",
    },
}
"""What stood on screens and made people stop, and what is said instead."""


def said(lang, *left_out):
    """Every text of the catalogue with its key, both forms of a count apart."""
    for key, text in sorted(catalogue_texts(keys(), lang).items()):
        if not key.startswith(left_out):
            for form in (text,) if isinstance(text, str) else (text["one"], text["other"]):
                yield key, form


def long_sentences(texts):
    """Key and sentence where a sentence is over the limit; a place to fill in counts as one word."""
    for key, text in texts:
        for sentence in SENTENCE_END.split(text):
            if len(sentence.split()) > MAX_WORDS and key not in LONG_SENTENCES:
                yield key, sentence


def stumbles(texts, lang):
    """Key and word where a text has a word that we do not use on screens, with what to say instead."""
    for key, text in texts:
        for word, instead in UNUSED_WORDS[lang].items():
            if found := re.search(rf"\b(?:{word})\b", text, re.IGNORECASE):
                yield f"{key}: {found[0]!r}; say: {instead}"


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_is_over_fifteen_words(lang):
    assert list(long_sentences(said(lang))) == []


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_has_a_word_that_people_stumbled_over(lang):
    assert list(stumbles(said(lang, *OTHER_READERS, *CHOSEN_WORDS), lang)) == []


def test_one_name_stands_for_the_person_who_helps_the_group():
    english, swedish = (dict(said(lang))["start.hint"] for lang in ("en", "sv"))
    assert english.startswith("The facilitator is the person who helps this group.")
    assert swedish.startswith("Samtalsledaren är den som hjälper gruppen.")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("intention.mean.5", "Engagement means"),
        ("assets.mean.4", "Engagement means"),
        ("assets.mean.1", "Assets are"),
        ("dialogue.mean.4", "Alignment means"),
        ("documentation.mean.3", "Alignment means"),
        ("interpretation.mean.5", "Agreement is"),
        ("agreement.mean.4", "A proposal is"),
        ("documentation.mean.1", "A view is"),
    ],
)
def test_a_name_of_the_framework_is_explained_on_the_page_that_shows_it(key, name):
    assert name in dict(said("en"))[key]


def test_a_long_sentence_and_a_word_of_the_list_are_found():
    long = "word " * 15 + "word."
    assert list(long_sentences([("a.h", f"Short. {long}")])) == [("a.h", long)]
    assert list(long_sentences([("a.h", "word " * 14 + "word. Short.")])) == []
    assert list(stumbles([("a.h", "What it Rests on"), ("b.h", "Read it aloud")], "en")) == [
        "a.h: 'Rests on'; say: the words behind it, comes from"
    ]


@pytest.mark.parametrize("prefix", [*OTHER_READERS, *CHOSEN_WORDS])
def test_what_is_left_out_is_there(prefix):
    assert any(key.startswith(prefix) for key in keys())
