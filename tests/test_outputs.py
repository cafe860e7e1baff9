"""No output holds words that were taken back, hidden or erased: no page of another person, no trace, table or report.

The same random workshops as in `core/test_provenance.py`; what they must not hold any more a plain replay says.
"""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from support.page_sessions import Guest, at_device_of
from support.provenance_cases import Played, acts
from support.strategies import laws

import cowork
from cowork.analysis.trace import trace
from cowork.analysis.uses import uses_of
from cowork.core.access.disclosure import DisclosedView
from cowork.core.access.participant_view import ParticipantView
from cowork.pages.registry import pages
from cowork.store import export

few = settings(laws, max_examples=12)


def guest(played: Played, name: str) -> Guest:
    """One of the group at a device of theirs."""
    return at_device_of(played.group.record, played.group.workshop, played.group.ids[name], "KIND-742")


def shown(one: Guest, at: str = "") -> str:
    """Everything that reaches a browser on every page: all traits and all messages."""
    held = []
    for page in pages().values():
        if page.front or page.key in ("join", "people"):
            continue
        one.session.go(page.key, at)
        for part in (one.session.shell, *one.session.shell.parts):
            held.append(
                {name: value for name, value in part.get_state().items() if name not in ("_esm", "_css", "words")}
            )
    return json.dumps([held, one.said], ensure_ascii=False, default=str)


def found_in(text: str, tokens: set[str]) -> set[str]:
    return {token for token in tokens if token in text}


@few
@given(acts(30).map(Played))
def test_no_page_of_another_person_holds_words_that_went(played: Played) -> None:
    for name in ("fay", "ada", "bo"):
        # Their author keeps what they took back; the facilitator and the author see what is hidden.
        mine = {
            token
            for text in played.texts.values()
            for token in text.tokens
            if not text.erased and (text.author == name or (name == "fay" and not text.taken))
        }
        at = next(iter(played.texts), "")
        assert not found_in(shown(guest(played, name), at), played.gone_tokens() - mine)


@few
@given(acts(30).map(Played))
def test_no_trace_and_no_fate_holds_words_that_went(played: Played) -> None:
    for seen in (DisclosedView(played.group.state), ParticipantView(played.group.state, "")):
        for root in played.texts:
            way = trace(seen, root)
            words = [(step.text, [q.text for q in step.quotes]) for step in way.walk()] if way else []
            after = [f.contribution.text for f in uses_of(seen, root)]
            assert not found_in(json.dumps([words, after]), played.gone_tokens())


@few
@given(acts(30).map(Played))
def test_no_report_holds_words_that_went(played: Played) -> None:
    from cowork import reports

    for lang in ("en", "sv"):
        made = reports.report(played.group.state, lang) + reports.one_page(played.group.state, lang)
        assert not found_in(made.decode(), played.gone_tokens())


@settings(few, max_examples=5)
@given(acts(30).map(Played))
def test_no_copy_and_no_table_holds_words_that_went(played: Played) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.cowork"
        export.export_workshop(played.group.record, played.group.workshop, path)
        assert not found_in(path.read_bytes().decode("utf-8", "replace"), played.gone_tokens())
        workshop = cowork.open(path)
        tables = [workshop.contributions(research=False), workshop.links(), workshop.outcomes(), workshop.stances(),
                  workshop.positions(), workshop.checks()]  # fmt: skip
        said = " ".join(table.to_json(date_format="iso") for table in tables)
        said += json.dumps([workshop.trace(root) for root in workshop.contributions(research=False)["id"]], default=str)
        assert not found_in(said, played.gone_tokens())


def test_the_pages_do_hold_the_words_that_stand() -> None:
    """A page that showed nothing would hold no words either."""
    played = Played([("say", 1, 0, 0), ("rest", 2, 0, 0), ("rest", 1, 1, 1), ("rest", 2, 1, 2), ("rest", 0, 2, 3)])
    text = shown(guest(played, "bo"))
    assert found_in(text, played.here_tokens()) == played.here_tokens()
    assert len(played.here_tokens()) == 5
