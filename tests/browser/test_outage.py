"""The server is killed, a kernel is killed, the network goes: nothing shared is lost, nothing arrives twice."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable

from support.browsers import Person, Server, expect
from support.held_messages import HeldMessages


def test_a_share_in_the_middle_of_which_the_server_dies_arrives_exactly_once_and_is_still_theirs(
    server: Server, person: Callable[..., Person]
) -> None:
    fay, ali = person(), person(phone=True)
    code = fay.start_workshop("The battery")
    ali.join(code, "Ali")
    ali.share("Why I am here", "Before the fall")
    ali.page.get_by_label("Why I am here", exact=True).fill("In the middle of it")
    server.kill()
    ali.button("Share with the group").click()
    expect(ali.page.get_by_text("1 text is kept on this device").first).to_be_visible()
    expect(ali.page.get_by_text("Shared", exact=True)).to_have_count(0)
    server.start()
    expect(ali.card("In the middle of it")).to_contain_text("Yours", timeout=90_000)
    expect(fay.card("In the middle of it")).to_be_visible(timeout=90_000)
    expect(ali.page.get_by_text("In the middle of it", exact=True)).to_have_count(1)
    expect(fay.page.get_by_text("Before the fall", exact=True)).to_have_count(1)
    assert texts(server, code).count("In the middle of it") == 1
    assert texts(server, code).count("Before the fall") == 1


def test_a_kernel_that_is_killed_is_noticed_and_the_draft_is_still_there(
    server: Server, person: Callable[..., Person]
) -> None:
    ali = person()
    code = ali.start_workshop("One kernel")
    ali.page.get_by_label("Why I am here", exact=True).fill("Half a sentence")
    with ali.page.expect_event("load", timeout=90_000):  # the page notices by itself and opens again
        for pid in server.kernels():
            os.kill(pid, signal.SIGKILL)
    box = ali.page.get_by_label("Why I am here", exact=True)
    expect(box).to_have_value("Half a sentence", timeout=90_000)
    ali.button("Share with the group").click()
    expect(ali.card("Half a sentence")).to_contain_text("Yours")
    assert texts(server, code).count("Half a sentence") == 1


def test_who_was_never_connected_is_not_told_that_they_are_connected_again(person: Callable[..., Person]) -> None:
    """A slow network: the page stands there, and the first answer to "are you there?" takes its time."""
    ali = person()
    line = HeldMessages(ali.page, '"pong"')
    line.holding = True
    ali.open()
    expect(ali.page.get_by_text("You are not connected.").first).to_be_visible()
    assert line.held, "the kernel has answered"
    line.release()
    expect(ali.page.get_by_text("You are not connected.")).to_have_count(0)
    assert ali.page.get_by_text("Connected again.").count() == 0  # now: it would go by itself after a while


def test_words_written_without_a_network_are_sent_when_it_comes_back(
    server: Server, person: Callable[..., Person]
) -> None:
    fay, ali = person(), person()
    code = fay.start_workshop("The tunnel")
    ali.join(code, "Ali")
    box = ali.page.get_by_label("Why I am here", exact=True)
    expect(box).to_be_visible()  # a page that has not come yet cannot be written on in a tunnel
    ali.context.set_offline(True)
    unsent = re.compile("not connected|1 text is kept on this device")
    box.fill("Written in a tunnel")
    ali.button("Share with the group").click()
    expect(ali.page.get_by_text(unsent).first).to_be_visible()
    ali.context.set_offline(False)
    expect(fay.card("Written in a tunnel")).to_be_visible(timeout=90_000)
    assert texts(server, code).count("Written in a tunnel") == 1


def texts(server: Server, code: str) -> list[str]:
    """What the record on disk holds, read by the Python door."""
    import cowork

    return list(cowork.open(server.record, code).contributions()["text"])
