"""A file from a device: as it is, in pieces, or refused in words; a photo without its place."""

from __future__ import annotations

import hashlib
import io
import os
import signal
from typing import Any

import pytest
from playwright.sync_api import Page
from support.browsers import Server, expect

WORDS = b"WEBVTT\n\n" + bytes(range(32, 127)) * 9000  # four pieces


def give(page: Page, name: str, data: bytes, kind: str = "text/plain", label: str = "The transcript") -> None:
    page.get_by_label(label).set_input_files({"name": name, "mimeType": kind, "buffer": data})


def line(name: str, data: bytes) -> str:
    return f"{name}: {len(data)} bytes, {hashlib.sha256(data).hexdigest()[:16]}"


def alert(page: Page, words: str) -> None:
    expect(page.locator(".cw-upload").get_by_role("alert")).to_have_text(words)


def test_a_file_arrives_as_it_is_and_that_is_said(bench: Any, page: Page) -> None:
    bench.go("file")
    give(page, "talk <script>.vtt", WORDS)
    expect(page.get_by_text("talk <script>.vtt has arrived.")).to_be_visible()
    expect(page.get_by_text(line("talk <script>.vtt", WORDS))).to_be_visible()
    give(page, "told.vtt", b"short")
    expect(page.get_by_text("It holds three turns.")).to_be_visible()
    expect(page.get_by_text(line("told.vtt", b"short"))).to_be_visible()


def test_a_file_that_is_too_large_is_refused_before_a_byte_is_sent(bench: Any, page: Page) -> None:
    bench.go("file")
    before = bench.sent
    give(page, "film.vtt", b"x" * (3 * 1024 * 1024 + 1))
    alert(page, "The file is 4 MB. We take at most 3 MB.")
    assert bench.sent - before < 20_000
    box = page.get_by_label("The transcript")
    expect(box).to_have_attribute("aria-invalid", "true")
    described = (box.get_attribute("aria-describedby") or "").split()
    assert any("at most 3 MB" in page.locator(f"[id='{one}']").inner_text() for one in described)
    expect(bench.button("Stop sending")).to_be_hidden()
    give(page, "small.vtt", b"small")
    expect(page.get_by_text(line("small.vtt", b"small"))).to_be_visible()
    give(page, "talk.vtt", WORDS)
    expect(page.get_by_text(line("talk.vtt", WORDS))).to_be_visible()
    assert len(WORDS) < bench.sent - before < len(WORDS) + 20_000, "what is sent can be seen here"
    expect(box).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("film.vtt")).to_have_count(0)


def test_what_the_kernel_refuses_is_said_in_its_words(bench: Any, page: Page) -> None:
    bench.go("file")
    give(page, "empty.vtt", b"")
    expect(page.get_by_text("empty.vtt: 0 bytes")).to_be_visible()
    alert(page, page.locator(".cw-upload").get_by_role("alert").inner_text())
    expect(page.locator(".cw-upload").get_by_role("alert")).to_contain_text("empty")


def test_a_fault_of_ours_keeps_the_file_for_another_try(bench: Any, page: Page) -> None:
    bench.go("file")
    give(page, "fault.vtt", b"words")
    expect(page.get_by_text("It is still on your device.")).to_be_visible()
    bench.button("Send it again").press("Enter")
    expect(page.get_by_text("fault.vtt has arrived.")).to_be_visible()
    expect(page.get_by_label("The transcript")).to_be_focused()  # the button that had the focus is gone


def test_a_file_can_be_stopped_on_its_way_and_leaves_nothing(bench: Any, page: Page) -> None:
    bench.go("file", "lost")
    give(page, "talk.vtt", WORDS)
    expect(page.get_by_text("Sending talk.vtt.")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Sending talk.vtt.")).to_be_visible()
    expect(page.get_by_text("30 percent has arrived")).to_be_visible()
    bench.button("Stop sending").press("Enter")
    expect(page.get_by_text("Sending has stopped. Nothing was kept.")).to_be_visible()
    expect(page.get_by_text("told to stop")).to_be_visible()
    expect(page.get_by_label("The transcript")).to_be_focused()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    give(page, "told.vtt", WORDS)
    expect(page.get_by_text(line("told.vtt", WORDS))).to_be_visible()
    expect(page.get_by_text("talk.vtt:")).to_have_count(0)


def test_a_piece_that_is_lost_is_sent_again_once_the_connection_is_back(bench: Any, page: Page, server: Server) -> None:
    """The second piece never arrives; then nothing does; then everything goes on where it was."""
    bench.go("file", "lost")
    give(page, "talk.vtt", WORDS)
    expect(page.get_by_text("30 percent has arrived")).to_be_visible()
    expect(page.get_by_text("a piece was lost")).to_be_visible()  # or it would be lost only after the interruption
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGSTOP)
    try:
        expect(page.get_by_text("Sending goes on when you are back.")).to_be_visible()
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
    expect(page.get_by_text("talk.vtt has arrived.")).to_be_visible()
    expect(page.get_by_text(line("talk.vtt", WORDS))).to_be_visible()


def photo() -> bytes:
    """A telephone's photo of 2400 by 1800 points, lying on its side, that says where it was taken."""
    image = pytest.importorskip("PIL.Image")
    made = image.new("RGB", (2400, 1800), (20, 60, 200))
    made.paste((220, 50, 40), (0, 900, 1200, 1800))
    exif = image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 42.0, 14.5), 3: "E", 4: (13.0, 11.0, 28.0)})
    out = io.BytesIO()
    made.save(out, "JPEG", exif=exif, comment="Kastanjegatan 7")
    return out.getvalue()


def test_a_photo_is_made_smaller_and_leaves_its_place_on_the_device(bench: Any, page: Page) -> None:
    bench.go("picture")
    data = photo()
    assert b"Exif" in data
    give(page, "IMG_1.jpeg", data, "image/jpeg", "A photo of the board")
    # Upright: what lay at the lower left stands at the top left.
    expect(page.get_by_text("1200 by 1600, exif: 0, top left: red")).to_be_visible()
    expect(page.get_by_text("IMG_1.jpg has arrived.")).to_be_visible()
    give(page, "note.jpg", b"not a photo at all", "image/jpeg", "A photo of the board")
    alert(page, "This kind of file cannot be shown. Choose a photo.")
    expect(page.get_by_text("note.jpg")).to_have_count(0)


def test_a_clear_picture_gets_a_white_ground(bench: Any, page: Page) -> None:
    image = pytest.importorskip("PIL.Image")
    out = io.BytesIO()
    image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(out, "PNG")
    bench.go("picture")
    give(page, "drawing.png", out.getvalue(), "image/png", "A photo of the board")
    expect(page.get_by_text("40 by 30, exif: 0, top left: red")).to_be_visible()  # white is red too, black is not


def test_with_the_keyboard_a_file_is_chosen_like_with_the_mouse(bench: Any, page: Page) -> None:
    bench.go("file")
    box = page.get_by_label("The transcript")
    with page.expect_file_chooser() as asked:
        page.get_by_role("heading", level=1).focus()
        page.keyboard.press("Tab")
        expect(box).to_be_focused()
        assert box.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
        page.keyboard.press("Enter")
    asked.value.set_files({"name": "talk.vtt", "mimeType": "text/plain", "buffer": b"words"})
    expect(page.get_by_text("talk.vtt has arrived.")).to_be_visible()


def test_bringing_a_file_breaks_no_rule_and_fits(bench: Any, page: Page) -> None:
    bench.go("file", "lost")
    found = bench.axe("an upload")
    give(page, f"{'a long name ' * 12}.vtt", WORDS)
    expect(page.get_by_text("30 percent has arrived")).to_be_visible()
    found += bench.looks("a file on its way")
    bench.button("Stop sending").click()
    give(page, "film.vtt", b"x" * (3 * 1024 * 1024 + 1))
    alert(page, "The file is 4 MB. We take at most 3 MB.")
    found += bench.axe("an upload with an error") + bench.looks("an upload with an error")
    assert not found, "\n".join(found)
