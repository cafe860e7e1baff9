"""How `version-1.cowork` was made, once, by the code that first had this format. It is never made again.

A file that people keep for years must open in every later cowork: tests/store/test_golden.py opens this one. Run this
only to make the file of a new version, beside the old ones: `PYTHONPATH=src:tests python tests/golden/make_version_1.py
OUT.cowork`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from support.strategies import Clock, Group, Time, dice, holding

from cowork.store import credentials, open_record


def make(path: Path) -> None:
    """A workshop with one of everything the format knows; every word is made up."""
    time = Time()
    record = open_record(path, now_ms=Clock(time), random_bytes=dice("version 1"))
    group = Group(record, "fay ada bo")
    group.add(
        "fay", "context", {"field": "why", "text": "So that waiting is less hard", "lang": "en"}, how="facilitator"
    )
    group.add("fay", "episode", {"name": "First meeting"}, how="facilitator")
    group.role("fay", "bo", "scribe")
    group.consent("ada", "naming", "named")
    group.consent("bo", "research", "no", seen_by="only-me")
    time.ms += 60_000
    root = group.write("ada", "Jag väntar hellre hemma 🌊")
    one, two = group.edit("ada", "Jag väntar helst hemma", root), group.edit("ada", "Helst hemma", root)
    group.edit("ada", "Jag väntar helst hemma, tack", one, two)
    talk = group.write("bo", "How long would that be?", ("talks-about", root), kind="utterance")
    group.write("ada", "An hour, not a day.", ("answers", talk), kind="utterance")
    group.add("bo", "talked", {}, ("talks-about", root))
    group.write("bo", "only for me", seen_by="only-me")
    group.write("bo", "thank you, ada", kind="gratitude")
    taken = group.write("bo", "taken back")
    group.restore("bo", group.withdraw("bo", taken))
    group.withdraw("bo", taken, text="on second thought")
    group.hide("fay", group.write("ada", "hidden"), text="a name was in it")
    group.erase("ada", group.write("ada", "erased"))
    time.ms -= 5_000
    group.write("ada", "written while the clock had jumped back", kind="view")
    credentials.register_device(record, group.workshop, group.ids["ada"], "the device of ada")
    copy = group.on(holding(group.workshop, group.entries()))
    copy.write("ada", "written in a copy without the key")
    record.merge(copy.record)
    record.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]))
