"""Codes, secrets and return codes: who comes in, and how guessing is slowed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.record_backends import Kept
from support.strategies import YEAR, Group

from cowork.core.errors import TooManyAttempts, UnknownCode
from cowork.core.ids import CODE_DIGITS, CODE_WORDS
from cowork.store import credentials


def guess(group: Group, times: int) -> None:
    for n in range(times):
        with pytest.raises(UnknownCode):
            credentials.find_workshop(group.record, f"WRONG-{n}")


def test_a_device_is_known_by_its_secret_and_by_nothing_else(kept: Kept) -> None:
    group = kept.group()
    credentials.register_device(group.record, group.workshop, group.ids["ada"], "secret of ada")
    credentials.register_device(group.record, group.workshop, group.ids["bo"], "secret of bo")
    there = kept.open()
    assert credentials.participant_of(there, group.workshop, "secret of ada") == group.ids["ada"]
    assert credentials.participant_of(there, group.workshop, "secret of bo") == group.ids["bo"]
    for wrong in ("", "secret of Ada", group.ids["ada"]):
        assert credentials.participant_of(there, group.workshop, wrong) is None
    other = Group(group.record, code="MOSS-222")
    assert credentials.participant_of(there, other.workshop, "secret of ada") is None


def test_the_record_holds_no_secret_and_no_return_code(kept: Kept) -> None:
    group = kept.group()
    credentials.register_device(group.record, group.workshop, group.ids["ada"], "secret of ada")
    code = credentials.new_return_code(group.record, group.workshop, group.ids["ada"])
    with group.record.backend.reading() as rows:
        held = repr(rows.credentials())
    assert "secret" not in held and code not in held and code.split("-")[0] not in held


@pytest.mark.parametrize("typed", [str, str.lower, lambda c: c.replace("-", " "), lambda c: f"  {c.replace('-', '')}."])
def test_a_return_code_brings_its_person_back_however_it_is_typed(kept: Kept, typed: Callable[[str], str]) -> None:
    group = kept.group()
    Group(group.record, code="MOSS-222")
    code = credentials.new_return_code(group.record, group.workshop, group.ids["bo"])
    assert credentials.redeem_return_code(kept.open(), typed(code)) == (group.workshop, group.ids["bo"])


def test_a_return_code_that_an_earlier_version_gave_still_opens(kept: Kept) -> None:
    group = kept.group()
    with group.record.backend.writing() as rows:  # as it has always been written for RIVER-PLUM-4729
        tag = credentials.secret_tag(rows.key(group.workshop) or b"", "return", "RIVERPLUM4729")
        rows.set_credential(group.workshop, tag, group.ids["bo"])
    assert credentials.redeem_return_code(group.record, "river plum 4729") == (group.workshop, group.ids["bo"])


def test_a_wrong_return_code_opens_nothing(kept: Kept) -> None:
    group = kept.group()
    credentials.register_device(group.record, group.workshop, group.ids["bo"], "RIVER-PLUM-4729")
    for wrong in ("", "RIVER-PLUM-4729", group.ids["bo"]):  # a device's secret is no return code
        with pytest.raises(UnknownCode) as error:
            credentials.redeem_return_code(group.record, wrong)
        assert error.value.key == "error.return_code"


def test_guessing_is_refused_and_right_codes_with_it_until_the_window_has_passed(kept: Kept) -> None:
    group = kept.group()
    credentials.register_device(group.record, group.workshop, group.ids["ada"], "secret of ada")
    code = credentials.new_return_code(group.record, group.workshop, group.ids["ada"])
    guess(group, credentials.MAX_WRONG_CODES - 1)
    assert credentials.find_workshop(group.record, "KIND-742") == group.workshop
    with pytest.raises(UnknownCode):
        credentials.redeem_return_code(group.record, "RIVER-PLUM-9999")
    for record in (group.record, kept.open()):  # each page is a process of its own; the count is one
        for ask in (
            lambda r: credentials.find_workshop(r, "KIND-742"),
            lambda r: credentials.redeem_return_code(r, code),
        ):
            with pytest.raises(TooManyAttempts) as error:
                ask(record)
            assert error.value.values == {"n": 10}
        assert credentials.participant_of(record, group.workshop, "secret of ada") == group.ids["ada"]
    kept.time.ms += credentials.WRONG_CODES_WINDOW_MS - 1
    with pytest.raises(TooManyAttempts):
        credentials.find_workshop(group.record, "KIND-742")
    kept.time.ms += 2
    assert credentials.find_workshop(group.record, "KIND-742") == group.workshop
    assert credentials.redeem_return_code(group.record, code) == (group.workshop, group.ids["ada"])


def test_one_source_that_guesses_keeps_out_itself_and_nobody_else(kept: Kept) -> None:
    group = kept.group()
    code = credentials.new_return_code(group.record, group.workshop, group.ids["ada"])
    for n in range(credentials.MAX_WRONG_CODES_OF_SOURCE):
        with pytest.raises(UnknownCode):
            credentials.redeem_return_code(group.record, f"RIVER-PLUM-{n}", "guesser")
    with pytest.raises(TooManyAttempts):
        credentials.redeem_return_code(group.record, code, "guesser")
    with pytest.raises(TooManyAttempts):
        credentials.find_workshop(group.record, "KIND-742", "guesser")
    there = kept.open()
    with pytest.raises(UnknownCode):
        credentials.find_workshop(there, "KIND-743", "somebody")
    assert credentials.find_workshop(there, "KIND-742", "somebody") == group.workshop
    kept.time.ms += credentials.WRONG_CODES_WINDOW_MS + 1
    assert credentials.redeem_return_code(there, code, "guesser") == (group.workshop, group.ids["ada"])


def test_a_right_code_at_the_first_try_comes_in_however_many_guess(kept: Kept) -> None:
    group = kept.group()
    code = credentials.new_return_code(group.record, group.workshop, group.ids["ada"])
    for n in range(credentials.MAX_WRONG_CODES):
        with pytest.raises(UnknownCode):
            credentials.find_workshop(group.record, f"WRONG-{n}", f"guesser {n}")
    with pytest.raises(TooManyAttempts):
        credentials.find_workshop(group.record, "KIND-742", "guesser 1")
    assert credentials.find_workshop(group.record, "KIND-742", "new") == group.workshop
    assert credentials.redeem_return_code(group.record, code, "new") == (group.workshop, group.ids["ada"])
    with pytest.raises(UnknownCode):
        credentials.find_workshop(group.record, "KIND-743", "new")
    with pytest.raises(TooManyAttempts):
        credentials.find_workshop(group.record, "KIND-742", "new")


def test_right_codes_are_never_counted(kept: Kept) -> None:
    group = kept.group()
    for _ in range(credentials.MAX_WRONG_CODES + 5):
        credentials.find_workshop(group.record, "kind 742")
    guess(group, 1)


def test_tries_from_a_clock_that_was_a_year_ahead_keep_nobody_out(kept: Kept) -> None:
    group = kept.group()
    kept.time.ms += YEAR
    guess(group, credentials.MAX_WRONG_CODES)
    kept.time.ms -= YEAR
    assert credentials.find_workshop(group.record, "KIND-742") == group.workshop


def test_a_new_code_is_one_that_no_workshop_has(kept: Kept) -> None:
    group = kept.group()
    drawn = iter([b"\x00\x00\x00\x00", b"\x00\x00\x00", b"\x00\x00\x00\x01", b"\x01\x01\x01"])
    group.record.random_bytes = lambda count: next(drawn)
    taken = credentials.new_workshop_code(group.record)
    assert taken == f"{CODE_WORDS[0]}-222"
    group.record.random_bytes = kept.open().random_bytes
    Group(group.record, code=taken)
    drawn = iter([b"\x00\x00\x00\x00", b"\x00\x00\x00", b"\x00\x00\x00\x01", b"\x01\x01\x01"])
    group.record.random_bytes = lambda count: next(drawn)
    assert credentials.new_workshop_code(group.record) == f"{CODE_WORDS[1]}-333"


def test_every_word_of_a_code_can_be_told_apart_when_typed() -> None:
    assert len(set(CODE_WORDS)) == len(CODE_WORDS) == 158
    an_hour = credentials.MAX_WRONG_CODES * 3_600_000 // credentials.WRONG_CODES_WINDOW_MS
    assert an_hour / (len(CODE_WORDS) * len(CODE_DIGITS) ** 3) < 1 / 200
    assert all(word.isascii() and word.isalpha() and word.isupper() for word in CODE_WORDS)
