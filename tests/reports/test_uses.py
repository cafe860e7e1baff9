"""What people brought, met again beside what became of it; and what nobody built on, told with the same weight."""

from __future__ import annotations

from golden.make_report import Making
from support.spreadsheets import sheet, workshop

from cowork.reports.reader import Reader
from cowork.reports.uses import assets, intentions, needs, unused_contributions
from cowork.text import translate


def test_each_intention_asset_and_need_stands_beside_what_became_of_it() -> None:
    reader = Reader(workshop(), "en")
    (why,) = intentions(reader)
    lines = [f.line for f in why.fates]
    assert translate("fate.used") in lines and translate("dialogue.talked_mark", date="9 October 2025") in lines
    assert why.fates[lines.index(translate("fate.used"))].words.text.startswith("We say how long it takes, each time")
    offer, unused = assets(reader)
    assert [(f.line, f.words.text) for f in offer.fates] == [(translate("fate.meets"), "Somebody who reads it aloud")]
    assert (unused.fates, unused.none) == ((), translate("assets.unused"))
    (need,) = needs(reader)
    assert [f.line for f in need.fates] == [translate("assets.met_by")]


def test_an_asset_says_what_sort_it_is_and_one_seen_in_somebody_needs_their_yes() -> None:
    made = Making()
    asset = made.say("ada", "Cem bakes", ("sees-in", made.group.ids["cem"]), kind="asset")
    made.say("bo", "A quiet hour", kind="asset", scope="chance", sort="place")
    assert [b.item.versions[0].text for b in assets(Reader(made.state, "en"))] == ["A quiet hour"]
    made.add("cem", "check", {"result": "yes"}, ("checks", asset))
    labels = [b.item.label for b in assets(Reader(made.state, "en"))]
    chance = f"{translate('assets.label.chance')} · {translate('assets.kind.place')}"
    assert labels == [translate("assets.label.for_other"), chance]


def test_what_nobody_built_on_is_told_whatever_kind_it_is() -> None:
    part = sheet(workshop()).parts["left"]
    for words in (translate("report.not_taken_up_hint"), "Nobody has answered this", "gratitude", "Thank you, Cem"):
        assert words in part
    assert "🌊 The list is long" in part  # what it is about, though that was taken up


def test_talk_brought_in_stands_in_the_order_it_was_said() -> None:
    made = Making()
    voice = made.record.new_id()
    made.brought_in("participant", voice, {"voice": 1})
    for position in (2, 0, 1, 3):
        source = {"id": "talk", "name": "talk.vtt", "position": position}
        turn = made.brought_in("utterance", voice, {"text": f"Turn {position}", "lang": "en", "source": source})
        if position < 3:
            made.add("fay", "talked", {"note": ""}, ("talks-about", turn))
    made.say("ada", "Written afterwards")
    found, unused = unused_contributions(Reader(made.state, "en"))
    texts = [one.item.versions[0].text for one in found]
    assert texts == ["Turn 0", "Turn 1", "Turn 2", "Written afterwards"] and unused == 1


def test_talk_that_nobody_used_is_one_line_and_what_people_wrote_themselves_is_listed() -> None:
    made = Making()
    voice = made.record.new_id()
    made.brought_in("participant", voice, {"voice": 1})
    for position in range(447):
        source = {"id": "talk", "name": "talk.vtt", "position": position}
        made.brought_in("utterance", voice, {"text": f"David said turn {position}", "lang": "en", "source": source})
    made.say("ada", "Nobody took this up")
    for lang in ("en", "sv"):
        found = sheet(made.state, lang)
        assert translate("report.talk_unused", lang, n=447) in found.parts["left"]
        assert "Nobody took this up" in found.parts["left"] and "David" not in found.words
        assert translate("report.nothing", lang) not in found.parts["left"]


def test_words_that_only_somebody_kept_inside_built_on_are_not_lost() -> None:
    made = Making()
    said = made.say("ada", "Only Bo took this up")
    made.say("bo", "Bo's view", ("documents", said), kind="view", holder="me")
    made.group.consent("bo", "naming", "not")
    assert "Only Bo took this up" in sheet(made.state).parts["left"]
