"""Reading for a report: people as they may be named, texts in the language they were written in, words escaped."""

from __future__ import annotations

from golden.make_report import Making
from support.spreadsheets import workshop

from cowork.reports.reader import Reader, Who
from cowork.text import keys, translate
from cowork.text.labels import PRINTED_GAP_SENTENCES


def test_people_are_named_as_they_chose_for_outside() -> None:
    made = Making()
    made.add("cem", "participant", {"perspectives": ["lived", "a baker"]})
    texts = {}
    for name, answer in (("fay", "pseudonym"), ("ada", "named"), ("cem", "perspective")):
        made.group.consent(name, "naming", answer)
        texts[name] = made.say(name, f"{name} says")
    reader = Reader(made.state, "en")
    by = {name: reader.item(c).by for name, root in texts.items() if (c := reader.view.of_id(root))}
    assert by == {
        "fay": Who("Fay"),
        "ada": Who("Ada"),
        "cem": Who("someone who knows this from their own life, a baker", typed=True),
    }


def test_who_wishes_no_name_for_one_text_has_none_beside_it() -> None:
    made = Making()
    made.group.consent("ada", "naming", "named")
    roots = [made.say("ada", "a", shown="none"), made.say("ada", "b"), made.say("ada", "c", shown="perspective")]
    made.group.consent("ada", "quote", "not", ("about", roots[1]))
    reader = Reader(made.state, "en")
    assert [c and reader.item(c).by.text for c in map(reader.view.of_id, roots)] == [
        translate("common.no_name"), None, translate("common.no_name")
    ]  # fmt: skip


def test_of_who_keeps_their_words_inside_nothing_is_told_but_somebody() -> None:
    made = Making()
    made.add("bo", "participant", {"perspectives": ["staff"]})
    made.group.consent("bo", "naming", "not")
    reader = Reader(made.state, "en")
    assert reader.person_name(made.group.ids["bo"]) == Who(translate("common.other_person"))
    assert reader.person_name("00000000-0000-7000-8000-000000000000") == Who(translate("common.other_person"))
    assert reader.person_name("the desk") == Who("the desk", typed=True)


def test_in_a_report_for_research_who_did_not_say_yes_has_no_name() -> None:
    made = Making()
    made.group.consent("ada", "naming", "named")
    ada = made.group.ids["ada"]
    assert Reader(made.state, "en").person_name(ada) == Who("Ada")
    assert Reader(made.state, "en", research=True).person_name(ada) == Who(translate("common.other_person"))
    made.group.consent("ada", "research", "yes")
    assert Reader(made.state, "en", research=True).person_name(ada) == Who("Ada")


def test_two_versions_written_at_once_are_both_printed() -> None:
    made = Making()
    root = made.say("ada", "The stops")
    for words in ("The bus stops", "The tram stops"):
        made.add("ada", "edit", {"text": words, "lang": "en"}, ("replaces", root))
    reader = Reader(made.state, "en")
    found = reader.view.of_id(root)
    assert found is not None
    item = reader.item(found)
    assert [w.text for w in item.versions] == ["The bus stops", "The tram stops"]
    assert item.notes[0] == translate("common.two_versions")


def test_further_fields_have_their_names_and_the_order_of_their_question() -> None:
    made = Making()
    root = made.say("ada", "We paint", more={"when": "Friday", "who": made.group.ids["cem"], "colour": "blue"})
    reader = Reader(made.state, "en")
    found = reader.view.of_id(root)
    assert found is not None
    told = [(label, words.text) for label, words in reader.item(found).more]
    assert told == [
        (translate("action.who"), translate("common.other_person")),
        (translate("action.when"), "Friday"),
        ("colour", "blue"),
    ]


def test_an_address_is_given_once_and_leads_only_where_something_stands() -> None:
    reader = Reader(workshop(), "en")
    assert reader.new_anchor("a") == "w1" and reader.new_anchor("a") == "" and reader.new_anchor("b") == "w2"
    assert reader.href("a") == "#w1" and reader.href("c") == ""


def test_every_gap_has_a_sentence_and_an_unknown_one_says_no_more_than_kept_back() -> None:
    reader = Reader(workshop(), "sv")
    assert set(PRINTED_GAP_SENTENCES.values()) <= keys()
    assert reader.gap("something new") == translate("trace.kept_back", "sv")
