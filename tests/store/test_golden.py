"""What was written once must be read for ever: these bytes and numbers stand here literally and never change.

If one of these tests fails after a change, the change is wrong, not the test: records people keep would no longer
open, or their seals no longer hold. A new form gets a new version beside this one.
"""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections import Counter
from pathlib import Path

import pytest
from support.snapshots import snapshot

from cowork.core.access.participant_view import ParticipantView
from cowork.core.entries import Actor, Draft, Entry, Header, body_hash, body_text
from cowork.core.fold import fold
from cowork.core.ids import derive_id, normalise_workshop_code, uuid7
from cowork.store import Record, credentials, memory_record, open_record
from cowork.store.check import check_record
from cowork.store.export import export_workshop

FILE = Path(__file__).resolve().parents[1] / "golden" / "version-1.cowork"
WORKSHOP = "0199c82c-c000-701a-ac36-df890bfb044a"
FAY, ADA, BO = (
    "0199c82c-c000-7942-99a5-f9f19e126a57",
    "0199c82c-c000-7328-a292-278cea3d890c",
    "0199c82c-c000-7a3b-af36-58674832d4c5",
)
ANCHOR = "cfab00286475efc09f93bef5a75d287ba3d26266c95061ab6536672e82e5426e"
KEY = "063fdbc002e60526d23a8273ee9e85d6fab326d92a840185cd45d299a6af2f08"

BODY = '{"lang":"sv","more":{"a":[true,null],"b":1},"text":"å 🌊 \\"x\\"\\n"}'
SALT = b"0123456789abcdef"
HEADER = Header(
    id="01890a5d-ac96-774b-bcce-b302099a8057",
    workshop="01890a5d-ac96-774b-bcce-b302099a8058",
    writer="0123456789abcdef",
    seq=7,
    prev="ab" * 32,
    at_ms=1_760_000_000_000,
    tick=3,
    by="01890a5d-ac96-774b-bcce-b302099a8059",
    how="self",
    kind="utterance",
    about=(
        ("talks-about", "01890a5d-ac96-774b-bcce-b302099a8060"),
        ("answers", "01890a5d-ac96-774b-bcce-b302099a8061"),
    ),
    episode="",
    seen_by="group",
    body_hash="3f77881173c31289903737483628f56287b3710b03466485a4b07450b0969278",
)
CANONICAL = (
    b'["cowork-1","01890a5d-ac96-774b-bcce-b302099a8057","01890a5d-ac96-774b-bcce-b302099a8058","0123456789abcdef",7,'
    b'"abababababababababababababababababababababababababababababababab",1760000000000,3,'
    b'"01890a5d-ac96-774b-bcce-b302099a8059","self","utterance",'
    b'[["talks-about","01890a5d-ac96-774b-bcce-b302099a8060"],["answers","01890a5d-ac96-774b-bcce-b302099a8061"]],'
    b'"","group","3f77881173c31289903737483628f56287b3710b03466485a4b07450b0969278"]'
)
DIGEST = "741e74635d7f7e3e342e2b210340e80c9eff0bd60667f2cc06f0c82ac3ec323b"
SEAL = "e50f029f49f746bcf6a9b7ddca5280134aeeb0c2d30cd1934f7ea86298ceb0f2"


def test_a_body_is_written_in_this_form() -> None:
    assert body_text({"text": 'å 🌊 "x"\n', "lang": "sv", "more": {"b": 1, "a": [True, None]}}) == BODY
    assert body_hash(SALT, BODY) == HEADER.body_hash == hashlib.sha256(SALT + BODY.encode()).hexdigest()


def test_a_header_is_hashed_and_sealed_in_this_form() -> None:
    assert HEADER.canonical() == CANONICAL
    assert HEADER.digest() == DIGEST == hashlib.sha256(CANONICAL).hexdigest()
    assert HEADER.seal(b"k" * 32).hex() == SEAL == hmac.new(b"k" * 32, CANONICAL, "sha256").hexdigest()
    entry = Entry(HEADER, BODY, SALT, bytes.fromhex(SEAL))
    assert entry.has_valid_body() and entry.has_valid_seal(b"k" * 32)
    assert not entry.has_valid_seal(b"j" * 32)
    assert fold(HEADER.workshop, [entry]).anchor() == "631d315412b04f97a773d0e5313773170c362debaa70b2c6971a6cb29db90f4a"


@pytest.mark.parametrize("name", Header.__dataclass_fields__)
def test_every_field_of_the_header_is_under_the_seal(name: str) -> None:
    value = getattr(HEADER, name)
    other = value + 1 if isinstance(value, int) else value[:1] if isinstance(value, tuple) else value + "x"
    changed = Header(**{**{n: getattr(HEADER, n) for n in Header.__dataclass_fields__}, name: other})
    assert changed.digest() != DIGEST
    assert not Entry(changed, BODY, SALT, bytes.fromhex(SEAL)).has_valid_seal(b"k" * 32)


def test_ids_and_codes_are_made_in_this_form() -> None:
    assert uuid7(1_760_000_000_000, bytes(range(10))) == "0199c82c-c000-7001-8203-040506070809"
    assert uuid7((1 << 48) - 1, b"\xff" * 10) == "ffffffff-ffff-7fff-bfff-ffffffffffff"
    assert derive_id("let-in:x") == "2542c264-5d8d-8ac4-8d46-199f0c232a7b"
    assert normalise_workshop_code(" kind-742 ") == "KIND-742"
    assert credentials.secret_tag(b"k" * 32, "device", "secret") == (
        "573d376b7ae4f0956f6fb6f448a89df0edd25436f987a1c5943bf04b8deac434"
    )


# ---- the file


@pytest.fixture
def old(tmp_path: Path) -> Record:
    """A copy: opening a record turns its log on, and the golden file stays byte for byte."""
    shutil.copy(FILE, tmp_path / "old.cowork")
    return open_record(tmp_path / "old.cowork")


def test_a_record_of_version_1_opens_and_folds_to_what_it_said(old: Record) -> None:
    assert [state.workshop for state in old.workshops()] == [WORKSHOP] == [old.find_workshop("KIND-742")]
    state = old.state(WORKSHOP)
    assert Counter(entry.kind for entry in state.entries.values()) == {
        "workshop": 1, "participant": 3, "consent": 5, "context": 1, "episode": 1, "role": 1, "intention": 5, "edit": 3,
        "utterance": 2, "talked": 1, "gratitude": 1, "withdrawal": 2, "restore": 1, "hide": 1, "erasure": 1, "view": 1,
    }  # fmt: skip
    assert state.anchor() == ANCHOR
    assert state.participants() == [FAY, ADA, BO]
    assert [state.profile(p)["name"] for p in (FAY, ADA, BO)] == ["Fay", "Ada", "Bo"]
    assert [sorted(state.roles(p)) for p in (FAY, ADA, BO)] == [["facilitator"], [], ["scribe"]]
    assert [state.consent(ADA, "naming"), state.consent(BO, "research")] == [
        {"question": "naming", "answer": "named"}, {"question": "research", "answer": "no"},
    ]  # fmt: skip
    group = ParticipantView(state, "")
    assert [c.text for c in group.contributions()] == [
        "Jag väntar helst hemma, tack", "How long would that be?", "An hour, not a day.", "", "thank you, ada",
        "written while the clock had jumped back",
    ]  # fmt: skip
    first = group.contributions()[0]
    assert [v.data["text"] for v in first.earlier] == [
        "Jag väntar hellre hemma 🌊", "Jag väntar helst hemma", "Helst hemma",
    ]  # fmt: skip
    assert len(group.talk_marks(first.id)) == 1
    assert [c.text for c in group.talk_about(first.id)] == ["How long would that be?"]
    assert [e.data["text"] for e in group.context_entries("why")] == ["So that waiting is less hard"]
    assert {c.text for c in ParticipantView(state, BO).contributions()} >= {"only for me", "taken back"}
    assert len(state.erased_ids()) == 1


def test_its_seals_doors_and_what_waits_are_as_they_were(old: Record) -> None:
    with old.backend.reading() as rows:
        assert rows.key(WORKSHOP) == bytes.fromhex(KEY)
    assert all(entry.has_valid_seal(bytes.fromhex(KEY)) for _, entry in old.read_entries(WORKSHOP))
    assert credentials.participant_of(old, WORKSHOP, "the device of ada") == ADA
    assert [e.data["text"] for e in old.pending_entries(WORKSHOP)] == ["written in a copy without the key"]
    assert [(f.key, f.values["why"]) for f in check_record(old)] == [("check.aside", "unsealed")]


def test_it_can_be_written_to_merged_and_exported(old: Record, tmp_path: Path) -> None:
    old.append(WORKSHOP, Draft(old.new_id(), "intention", ADA, {"text": "years later"}), Actor(ADA))
    fresh = memory_record()
    fresh.merge(old)
    assert snapshot(fresh.state(WORKSHOP)) == snapshot(old.state(WORKSHOP))
    export_workshop(old, WORKSHOP, tmp_path / "copy.cowork", whole=True)
    assert snapshot(open_record(tmp_path / "copy.cowork").state(WORKSHOP)) == snapshot(old.state(WORKSHOP))
