"""How long real talk takes to come in: `python benchmarks/import_talk.py`, with ../shared/data beside the repository.

Reads each file and brings it into a new record on disk, five times, and prints the median seconds: to read the file, to
find out what a page shows before anything enters, and to add every turn in one write, whole and sealed.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from cowork.core.entries import Actor, Draft
from cowork.imports.detect import read_transcript
from cowork.imports.importer import find_duplicate, import_transcript, last_voice_number
from cowork.imports.preview import preview_transcript
from cowork.store import open_record

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "transcripts"
TIMES = 5
T = TypeVar("T")


def files() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of what is measured; plain text is made of the turns of a meeting that comes as data."""
    yield "zoom_acde_239/transcript.vtt", (SHARED / "zoom_acde_239" / "transcript.vtt").read_bytes()
    turns = json.loads((SHARED / "qmsum_education_14.json").read_text("utf-8"))["meeting_transcripts"]
    plain = "\n\n".join(f"{turn['speaker']}: {turn['content']}" for turn in turns)
    yield "qmsum_education_14, plain text", plain.encode()


def timed(work: Callable[[], T]) -> tuple[float, T]:
    begun = time.perf_counter()
    found = work()
    return time.perf_counter() - begun, found


def once(name: str, data: bytes) -> tuple[list[float], int, int]:
    """Seconds of each step, and how many turns and entries there were."""
    with tempfile.TemporaryDirectory() as folder:
        record = open_record(Path(folder) / "talk.cowork")
        who, workshop = record.new_id(), record.new_id()
        record.open_workshop(Draft(workshop, "workshop", who, {"title": "Talk", "code": "OAK-222"}), Actor(who))
        reading, transcript = timed(lambda: read_transcript(data, name))
        state = record.state(workshop)
        showing, _ = timed(
            lambda: preview_transcript(
                transcript, last_voice_number(state), duplicate=find_duplicate(state, transcript)
            )
        )
        adding, entries = timed(lambda: import_transcript(record, workshop, transcript))
        record.close()
    return [reading, showing, adding], len(transcript.utterances), entries


def main() -> int:
    if not SHARED.is_dir():
        print("The folder ../shared/data is not beside this repository.", file=sys.stderr)
        return 1
    print(f"{'file':32}{'turns':>7}{'entries':>9}{'read s':>9}{'show s':>9}{'add s':>9}{'all s':>9}")
    for name, data in files():
        once(name, data)  # what is loaded once is not the file's
        runs = [once(name, data) for _ in range(TIMES)]
        _, turns, entries = runs[0]
        steps = [statistics.median(run[0][step] for run in runs) for step in range(3)]
        print(f"{name:32}{turns:7}{entries:9}" + "".join(f"{seconds:9.3f}" for seconds in (*steps, sum(steps))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
