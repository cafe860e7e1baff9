"""The notebook for analysis, run as JupyterLab runs it: every figure comes, and none asks another host for anything."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from cowork.imports import practice

ROOT = Path(__file__).resolve().parents[2]
FIGURE = "application/vnd.plotly.v1+json"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What each cell showed, by type. An error in a cell fails here."""
    notebook = nbformat.read(ROOT / "notebooks/analyse.ipynb", 4)
    folder = tmp_path_factory.mktemp("analyse")
    path = os.pathsep.join(p for p in (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")) if p)
    env = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(folder), "PLOTLY_RENDERER": ""}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    client.execute(env=env)
    return [
        dict(o.get("data", {"text/plain": o.get("text", "")}))
        for cell in notebook.cells
        for o in cell.get("outputs", ())
    ]


def test_a_figure_is_data_for_jupyterlab_s_own_plotly_and_names_no_host(shown: list[dict[str, Any]]) -> None:
    figures = [data for data in shown if FIGURE in data]
    assert len(figures) == 7
    for data in figures:
        assert set(data) == {FIGURE}, "as a page of its own it would fetch what it needs from elsewhere"
        assert data[FIGURE]["data"]
    told = json.dumps(shown)
    for host in ("cdn.", "http:", "https:", "<script"):
        assert host not in told.casefold(), host


def test_its_figures_draw_what_the_practice_workshop_holds(shown: list[dict[str, Any]]) -> None:
    drawn = [trace for data in shown if FIGURE in data for trace in data[FIGURE]["data"]]
    kinds = [trace["type"] for trace in drawn]
    assert {"scatter", "bar", "sankey", "icicle"} <= set(kinds)
    positions = [e for e in practice.case("ward-letter")["entries"] if e["kind"] == "position"]
    dots = [trace for trace in drawn if trace["type"] == "scatter" and trace["mode"] == "markers"]
    assert sum(len(trace["customdata"]) for trace in dots) == len(positions), "one dot is one person"


def test_nothing_it_shows_was_kept_inside(shown: list[dict[str, Any]]) -> None:
    told = json.dumps(shown, ensure_ascii=False)
    for name in practice.NAMES:
        data = practice.case(name)
        inside = {p["id"] for p in data["participants"] if p["consent"]["naming"] == "not-shared"}
        kept = [e["text"] for e in data["entries"] if e["text"] and (e["by"] in inside or e["seen_by"] == "only-me")]
        assert kept and not [text for text in kept if len(text) > 10 and text[:40] in told]
