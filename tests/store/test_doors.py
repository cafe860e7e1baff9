"""Codes, secrets and return codes: who comes in, and how guessing is slowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from store.keepers import Kept
from strategies import YEAR, Group

from cowork.core.errors import TooManyTries, UnknownCode
from cowork.core.ids import DIGITS, WORDS
from cowork.store import doors


def guess(group: Group, times: int) -> None:
    for n in range(times):
        with pytest.raises(UnknownCode):
            doors.find(group.record, f"WRONG-{n}")


def test_a_device_is_known_by_its_secret_and_by_nothing_else(kept: Kept) -> None:
    group = kept.group()
    doors.let_device(group.record, group.workshop, group.ids["ada"], "secret of ada")
    doors.let_device(group.record, group.workshop, group.ids["bo"], "secret of bo")
    there = kept.open()
    assert doors.who(there, group.workshop, "secret of ada") == group.ids["ada"]
    assert doors.who(there, group.workshop, "secret of bo") == group.ids["bo"]
    for wrong in ("", "secret of Ada", group.ids["ada"]):
        assert doors.who(there, group.workshop, wrong) is None
    other = Group(group.record, code="MOSS-222")
    assert doors.who(there, other.workshop, "secret of ada") is None


def test_the_record_holds_no_secret_and_no_return_code(kept: Kept) -> None:
    group = kept.group()
    doors.let_device(group.record, group.workshop, group.ids["ada"], "secret of ada")
    code = doors.new_return_code(group.record, group.workshop, group.ids["ada"])
    with group.record.keeper.reading() as rows:
        held = repr(rows.doors())
    assert "secret" not in held and code not in held and code.split("-")[0] not in held


@pytest.mark.parametrize("typed", [str, str.lower, lambda c: c.replace("-", " "), lambda c: f"  {c.replace('-', '')}."])
def test_a_return_code_brings_its_person_back_however_it_is_typed(kept: Kept, typed: Callable[[str], str]) -> None:
    group = kept.group()
    Group(group.record, code="MOSS-222")
    code = doors.new_return_code(group.record, group.workshop, group.ids["bo"])
    assert doors.come_back(kept.open(), typed(code)) == (group.workshop, group.ids["bo"])


def test_a_return_code_that_an_earlier_version_gave_still_opens(kept: Kept) -> None:
    group = kept.group()
    with group.record.keeper.writing() as rows:  # as it has always been written for RIVER-PLUM-4729
        tag = doors.tag(rows.key(group.workshop) or b"", "return", "RIVERPLUM4729")
        rows.set_door(group.workshop, tag, group.ids["bo"])
    assert doors.come_back(group.record, "river plum 4729") == (group.workshop, group.ids["bo"])


def test_a_wrong_return_code_opens_nothing(kept: Kept) -> None:
    group = kept.group()
    doors.let_device(group.record, group.workshop, group.ids["bo"], "RIVER-PLUM-4729")
    for wrong in ("", "RIVER-PLUM-4729", group.ids["bo"]):  # a device's secret is no return code
        with pytest.raises(UnknownCode) as error:
            doors.come_back(group.record, wrong)
        assert error.value.key == "error.return_code"


def test_guessing_is_refused_and_right_codes_with_it_until_the_window_has_passed(kept: Kept) -> None:
    group = kept.group()
    doors.let_device(group.record, group.workshop, group.ids["ada"], "secret of ada")
    code = doors.new_return_code(group.record, group.workshop, group.ids["ada"])
    guess(group, doors.TRIES - 1)
    assert doors.find(group.record, "KIND-742") == group.workshop
    with pytest.raises(UnknownCode):
        doors.come_back(group.record, "RIVER-PLUM-9999")
    for record in (group.record, kept.open()):  # each page is a process of its own; the count is one
        for ask in (lambda r: doors.find(r, "KIND-742"), lambda r: doors.come_back(r, code)):
            with pytest.raises(TooManyTries) as error:
                ask(record)
            assert error.value.values == {"n": 10}
        assert doors.who(record, group.workshop, "secret of ada") == group.ids["ada"]
    kept.time.ms += doors.WINDOW_MS - 1
    with pytest.raises(TooManyTries):
        doors.find(group.record, "KIND-742")
    kept.time.ms += 2
    assert doors.find(group.record, "KIND-742") == group.workshop
    assert doors.come_back(group.record, code) == (group.workshop, group.ids["ada"])


def test_one_source_that_guesses_keeps_out_itself_and_nobody_else(kept: Kept) -> None:
    group = kept.group()
    code = doors.new_return_code(group.record, group.workshop, group.ids["ada"])
    for n in range(doors.TRIES_OF_ONE):
        with pytest.raises(UnknownCode):
            doors.come_back(group.record, f"RIVER-PLUM-{n}", "guesser")
    with pytest.raises(TooManyTries):
        doors.come_back(group.record, code, "guesser")
    with pytest.raises(TooManyTries):
        doors.find(group.record, "KIND-742", "guesser")
    there = kept.open()
    with pytest.raises(UnknownCode):
        doors.find(there, "KIND-743", "somebody")
    assert doors.find(there, "KIND-742", "somebody") == group.workshop
    kept.time.ms += doors.WINDOW_MS + 1
    assert doors.come_back(there, code, "guesser") == (group.workshop, group.ids["ada"])


def test_a_right_code_at_the_first_try_comes_in_however_many_guess(kept: Kept) -> None:
    group = kept.group()
    code = doors.new_return_code(group.record, group.workshop, group.ids["ada"])
    for n in range(doors.TRIES):
        with pytest.raises(UnknownCode):
            doors.find(group.record, f"WRONG-{n}", f"guesser {n}")
    with pytest.raises(TooManyTries):
        doors.find(group.record, "KIND-742", "guesser 1")
    assert doors.find(group.record, "KIND-742", "new") == group.workshop
    assert doors.come_back(group.record, code, "new") == (group.workshop, group.ids["ada"])
    with pytest.raises(UnknownCode):
        doors.find(group.record, "KIND-743", "new")
    with pytest.raises(TooManyTries):
        doors.find(group.record, "KIND-742", "new")


def test_right_codes_are_never_counted(kept: Kept) -> None:
    group = kept.group()
    for _ in range(doors.TRIES + 5):
        doors.find(group.record, "kind 742")
    guess(group, 1)


def test_tries_from_a_clock_that_was_a_year_ahead_keep_nobody_out(kept: Kept) -> None:
    group = kept.group()
    kept.time.ms += YEAR
    guess(group, doors.TRIES)
    kept.time.ms -= YEAR
    assert doors.find(group.record, "KIND-742") == group.workshop


def test_a_new_code_is_one_that_no_workshop_has(kept: Kept) -> None:
    group = kept.group()
    drawn = iter([b"\x00\x00\x00\x00", b"\x00\x00\x00", b"\x00\x00\x00\x01", b"\x01\x01\x01"])
    group.record.chance = lambda count: next(drawn)
    taken = doors.new_code(group.record)
    assert taken == f"{WORDS[0]}-222"
    group.record.chance = kept.open().chance
    Group(group.record, code=taken)
    drawn = iter([b"\x00\x00\x00\x00", b"\x00\x00\x00", b"\x00\x00\x00\x01", b"\x01\x01\x01"])
    group.record.chance = lambda count: next(drawn)
    assert doors.new_code(group.record) == f"{WORDS[1]}-333"


def test_every_word_of_a_code_can_be_told_apart_when_typed() -> None:
    assert len(set(WORDS)) == len(WORDS) == 158
    an_hour = doors.TRIES * 3_600_000 // doors.WINDOW_MS
    assert an_hour / (len(WORDS) * len(DIGITS) ** 3) < 1 / 200
    assert all(word.isascii() and word.isalpha() and word.isupper() for word in WORDS)
