"""The notebook for analysis, run as JupyterLab runs it, on workshops of several kinds: it comes to its end, and what it
shows is of the workshop that was opened and of no other."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from support.notebook_kernels import by_sockets
from support.strategies import Group
from traitlets.config import Config

import cowork
from cowork.imports import demo
from cowork.imports.formats.webvtt import read_webvtt
from cowork.imports.importer import import_transcript
from cowork.store import open_record

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks/analyse.ipynb"
FIGURE = "application/vnd.plotly.v1+json"
#: A meeting as it was recorded, kept beside the repository: people's words are in no repository of ours.
MEETING = ROOT.parent / "shared/data/transcripts/zoom_acde_239/transcript.vtt"
#: The figures of the notebook, in their order.
FIGURES = ("path", "heard", "thread", "trace", "answers", "views")
OWN = ("empty", "real-meeting", "two-proposals")
SAYS_NOTHING = {
    "path": "No session has",
    "heard": "Fewer than",
    "thread": "Nothing here rests",
    "trace": "There is no ending",
    "answers": "No answers to a proposal",
    "views": "Nobody has answered",
}


class Shown:
    """What the cells showed."""

    def __init__(self, cells: list[Any]) -> None:
        self.outputs = [
            dict(output.get("data", {"text/plain": output.get("text", "")}))
            for cell in cells
            for output in cell.get("outputs", ())
        ]
        self.figures = [data[FIGURE] for data in self.outputs if FIGURE in data]

    def __getitem__(self, name: str) -> dict[str, Any]:
        return dict(zip(FIGURES, self.figures, strict=True))[name]

    def told(self) -> str:
        return json.dumps(self.outputs, ensure_ascii=False)


def written(figure: dict[str, Any]) -> str:
    """All that is written in a figure beside what is under the pointer: headings, labels, sentences."""
    layout = figure["layout"]
    notes = [note["text"] for note in layout.get("annotations", ())]
    return "\n".join([layout["title"]["text"], *notes]).replace("<br>", " ")


def run(folder: Path, opened: str) -> Shown:
    """The notebook with this line in the cell that says which workshop is opened; an error in a cell fails here."""
    notebook = nbformat.read(NOTEBOOK, 4)
    (cell,) = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    cell.source = opened
    path = os.pathsep.join(p for p in (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")) if p)
    env = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(folder), "PLOTLY_RENDERER": ""}
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        config=Config(KernelManager=by_sockets()),
    )
    client.execute(env=env)
    return Shown(notebook.cells)


def own(kind: str, path: Path) -> None:
    """A workshop of a group of one's own in a file."""
    record = open_record(path)
    group = Group(record, "fay ada bo cy di eli")
    if kind == "real-meeting":
        if not MEETING.exists():
            pytest.skip(f"no recorded meeting at {MEETING}: it is kept beside the repository")
        import_transcript(record, group.workshop, read_webvtt(MEETING.read_bytes(), MEETING.name))
    elif kind == "two-proposals":
        said = group.add("ada", "utterance", {"text": "<b>bold</b> & <a href='x'>a way</a>", "lang": "en"})
        group.add("bo", "view", {"text": "<i>It is</i> far", "holder": "me"}, ("documents", said))
        for text in ("The tray at ten", "A chair by the window"):
            body = {"text": text, "rule": {"code": "answered"}, "levels": "five"}
            proposal = group.add("fay", "proposal", body)
            for name in ("ada", "bo", "cy"):
                about = ("answers", proposal)
                group.add(name, "position", {"level": "want"}, about, seen_by="group-from-reveal")
            group.add("fay", "setting", {}, ("reveals", proposal))
    record.close()


@pytest.fixture(scope="module")
def runs() -> dict[str, Shown]:
    """Each workshop's run, made once."""
    return {}


@pytest.fixture
def shown(request: pytest.FixtureRequest, runs: dict[str, Shown], tmp_path: Path) -> Iterator[Shown]:
    kind = request.param
    if kind not in runs:
        if kind in demo.DEMO_NAMES:
            opened = f"w = open_practice({kind!r})"
        else:
            own(kind, tmp_path / "own.cowork")
            opened = 'w = cowork.open("own.cowork", "KIND-742")'
        runs[kind] = run(tmp_path, opened)
    return runs[kind]


EVERY = [*demo.DEMO_NAMES, *OWN]


@pytest.mark.parametrize("shown", EVERY, indirect=True)
def test_it_runs_to_its_end_and_a_figure_is_data_that_names_no_host(shown: Shown) -> None:
    assert len(shown.figures) == len(FIGURES)
    for data in shown.outputs:
        if FIGURE in data:
            assert set(data) == {FIGURE}, "as a page of its own it would fetch what it needs from elsewhere"
    told = shown.told()
    for host in ("cdn.", "http:", "https:", "<script"):
        found = told.casefold().count(host)
        assert not found or host.startswith("http"), host
    layouts = json.dumps([figure["layout"] for figure in shown.figures]).casefold()
    assert "http" not in layouts and "href" not in layouts


@pytest.mark.parametrize("shown", OWN, indirect=True)
def test_of_a_workshop_of_one_s_own_nothing_is_shown_that_is_of_a_practice_workshop(shown: Shown) -> None:
    told = re.sub(r"<br>|\s+", " ", shown.told())
    assert "practice" not in told
    for name in demo.DEMO_NAMES:
        case = demo.read_demo_case(name)
        texts = [text for entry in case.entries if len(text := entry.get("body", {}).get("text", "")) > 25]
        assert texts and not [text for text in texts if text[:25] in told], name
    for figure in shown.figures:
        assert written(figure).startswith("The waiting room (KIND-742)")


@pytest.mark.parametrize("shown", demo.DEMO_NAMES, indirect=True)
def test_every_figure_of_a_practice_workshop_says_that_it_is_one(shown: Shown) -> None:
    for figure in shown.figures:
        assert "a practice workshop, its people are invented" in written(figure)


@pytest.mark.parametrize("shown", ["empty", "real-meeting"], indirect=True)
def test_where_there_is_nothing_to_draw_each_figure_says_so(shown: Shown) -> None:
    for name, sentence in SAYS_NOTHING.items():
        assert sentence in written(shown[name]), name
        assert not shown[name]["data"]


@pytest.mark.parametrize("shown", ["real-meeting"], indirect=True)
def test_the_recorded_meeting_is_in_its_tables(shown: Shown) -> None:
    assert len(read_webvtt(MEETING.read_bytes(), MEETING.name).utterances) > 100
    assert "imported" in shown.told() and "utterance" in shown.told()


def dots(figure: dict[str, Any]) -> list[tuple[str, int, int]]:
    """(axis, x, y) of every dot."""
    return [
        (trace["yaxis"], x, y)
        for trace in figure["data"]
        for x, y in zip(listed(trace["x"]), listed(trace["y"]), strict=True)
    ]


def listed(values: Any) -> list[Any]:
    """The values of a trace; plotly sends long lists of numbers as bytes."""
    if isinstance(values, dict):
        import base64

        import numpy

        return list(numpy.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).tolist())
    return list(values)


@pytest.mark.parametrize(("shown", "people"), [("ward-letter", 17), ("two-proposals", 6)], indirect=["shown"])
def test_one_dot_is_one_person_and_no_two_lie_on_each_other(shown: Shown, people: int) -> None:
    found = dots(shown["answers"])
    assert len(found) == len(set(found)) == people


@pytest.mark.parametrize("shown", ["two-proposals"], indirect=True)
def test_two_proposals_have_a_part_each_under_their_own_words(shown: Shown) -> None:
    assert {axis for axis, _, _ in dots(shown["answers"])} == {"y", "y2"}
    for text in ("1. The tray at ten", "2. A chair by the window"):
        assert text in written(shown["answers"])


@pytest.mark.parametrize("shown", ["two-proposals"], indirect=True)
def test_typed_words_are_shown_as_they_were_typed_and_never_read_as_markup(shown: Shown) -> None:
    drawn = json.dumps(shown["thread"])
    assert "&lt;i&gt;It is&lt;/i&gt; far" in drawn and "<i>" not in drawn and "<a " not in drawn


@pytest.mark.parametrize("shown", demo.DEMO_NAMES, indirect=True)
def test_nothing_it_shows_was_kept_inside(shown: Shown) -> None:
    told = shown.told()
    for name in demo.DEMO_NAMES:
        case = demo.read_demo_case(name)
        asked = [(e["by"], e["body"]["question"], e["body"]["answer"]) for e in case.of_kind("consent")]
        inside = {by for by, question, answer in asked if (question, answer) == ("naming", "not")}
        theirs = [e for e in case.entries if e["by"] in inside or e.get("seen_by") == "only-me"]
        kept = [text for e in theirs if (text := e.get("body", {}).get("text"))]
        assert kept and not [text for text in kept if len(text) > 10 and text[:40] in told]


def test_no_notebook_names_an_id_a_code_or_a_practice_workshop_outside_the_line_to_change() -> None:
    for path in sorted(NOTEBOOK.parent.glob("*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", ()):
                assert not [name for name in demo.DEMO_NAMES if name in cell.source], f"{path.name}: {cell.source}"
                assert not re.search(r"[A-Z]{3,}-\d{3}|[0-9a-f]{8}-[0-9a-f]{4}|iloc\[", cell.source), cell.source


def test_a_figure_names_its_workshop_also_where_a_title_is_long_or_looks_like_markup(tmp_path: Path) -> None:
    from cowork.tables import figures

    record = open_record(tmp_path / "a.cowork")
    Group(record)
    record.close()
    w = cowork.open(tmp_path / "a.cowork")
    w.title = "<b>" + "a long title " * 20
    head = figures.path(w).layout.title.text
    assert head.startswith("&lt;b&gt;a long title") and head.count("<br>") == 1 and "<b>" not in head
