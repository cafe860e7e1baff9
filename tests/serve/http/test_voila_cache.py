"""Page templates are compiled once for all visitors, and again only when one of their files has changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from support.event_loop import run_alone
from voila import notebook_renderer
from voila.paths import collect_template_paths

from cowork.serve import app
from cowork.serve.http import voila_cache


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that were compiled, as they are."""
    names: list[str] = []
    compile_ = Environment.compile

    def counted(self: Environment, source: Any, name: Any = None, *rest: Any, **more: Any) -> Any:
        names.append(name)
        return compile_(self, source, name, *rest, **more)

    monkeypatch.setattr(Environment, "compile", counted)
    monkeypatch.setattr(voila_cache, "TEMPLATE_CACHE", voila_cache.TemplateBytecodeCache())
    return names


def page(paths: list[str]) -> Any:
    """What makes one visitor's page."""
    maker = notebook_renderer.VoilaExporter(template_paths=paths, template_name="cowork", base_url="/")
    maker.template  # noqa: B018  (reading it loads the templates)
    return maker


def words(maker: Any) -> str:
    said: list[str] = []

    async def read() -> None:
        said.append(await maker.template.render_async())

    run_alone(read())
    return said[0]


def test_the_second_visitor_s_page_compiles_nothing(compiled: list[str], tmp_path: Path) -> None:
    app.add_jupyter_paths()
    app.configuration(tmp_path, {})
    paths = collect_template_paths(["voila", "nbconvert"], "cowork")
    first = page(paths)
    assert "index.html.j2" in compiled and len(compiled) == len(set(compiled))
    compiled.clear()
    second = page(paths)
    assert compiled == []
    assert first.environment is not second.environment, "filters hold a visitor's notebook"


def test_a_template_that_was_changed_is_compiled_anew(compiled: list[str], tmp_path: Path) -> None:
    app.configuration(tmp_path, {})
    template = tmp_path / "index.html.j2"
    template.write_text("before")
    assert words(page([str(tmp_path)])) == "before"
    template.write_text("after")
    assert words(page([str(tmp_path)])) == "after"
    assert compiled == ["index.html.j2"] * 2
