"""A made document: it goes to the browser and into no trait."""

from __future__ import annotations

from typing import Any

from cowork import text
from cowork.widgets import DocumentPreview, Rejected

PAGE = "<!doctype html><p>Åsa said: we listened.</p>".encode()


def bench() -> tuple[DocumentPreview, list[Any]]:
    paper = DocumentPreview()
    sent: list[Any] = []
    paper.send = lambda content, buffers=None: sent.append((content, list(buffers or ())))
    return paper, sent


def hear(paper: DocumentPreview, content: object) -> None:
    paper._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def test_a_document_goes_to_the_browser_as_bytes_and_stands_in_no_trait() -> None:
    paper, sent = bench()
    paper.show(PAGE, "ward-7.html")
    assert sent == [({"paper": "ward-7.html"}, [PAGE])]
    assert paper.made and paper.file == "ward-7.html"
    assert "listened" not in repr(paper.get_state())


def test_a_page_that_is_drawn_anew_gets_it_again() -> None:
    paper, sent = bench()
    hear(paper, {"do": "fetch"})
    assert sent == []
    paper.show(PAGE, "ward-7.html")
    hear(paper, {"do": "fetch"})
    assert sent == [({"paper": "ward-7.html"}, [PAGE])] * 2


def test_what_was_taken_away_is_not_to_be_had_again() -> None:
    paper, sent = bench()
    paper.show(PAGE, "ward-7.html")
    paper.clear()
    assert not paper.made and paper.file == ""
    sent.clear()
    hear(paper, {"do": "fetch"})
    assert sent == []


def test_its_button_is_heard_and_answered() -> None:
    paper, sent = bench()
    heard = []
    for name in ("read", "saved"):
        paper.on_message(name, lambda message: heard.append(message))
        hear(paper, {"do": name, "file": "/etc/passwd", "paper": "mine"})
    assert heard == [{"do": "read"}, {"do": "saved"}]
    assert [content for content, _ in sent] == [{"did": "read"}]


def test_what_cannot_be_made_is_said_in_words() -> None:
    paper, sent = bench()
    reasons = iter((Rejected("Nothing written here to show."), ZeroDivisionError()))

    def refuse(_message: object) -> None:
        raise next(reasons)

    paper.on_message("read", refuse)
    hear(paper, {"do": "read"})
    hear(paper, {"do": "read"})
    assert [content for content, _ in sent] == [
        {"done": "refused", "do": "read", "message": "Nothing written here to show."},
        {"did": "read"},
        {"done": "failed", "do": "read", "message": text.translate("error.not_saved", "en")},
        {"did": "read"},
    ]
