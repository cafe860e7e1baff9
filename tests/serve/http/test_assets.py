"""The files a page is made of: nothing from elsewhere, words in both languages, and a list that fits the versions."""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import jinja2
import pytest
from jupyter_core.paths import jupyter_path
from jupyterlab_server.config import get_federated_extensions
from traitlets.config import Config
from voila.configuration import VoilaConfiguration
from voila.utils import get_page_config

from cowork import text
from cowork.serve import app
from cowork.serve.http.assets import LAB_SCRIPT_LIST, LabBundle
from cowork.serve.settings import LAB_EXTENSIONS

TEMPLATE_FILES = sorted(
    path
    for path in app.TEMPLATE.rglob("*")
    if path.is_file() and path.suffix not in (".woff2",) and path.name != "OFL.txt"
)


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=lambda path: path.name)
def test_no_template_names_another_host(path: Path) -> None:
    found = set(re.findall(r"(?:https?:)?//[\w.-]+\.[a-z]{2,}[^\s\"')]*", path.read_text("utf-8")))
    assert found <= {"http://www.w3.org/2000/svg"}, "a page in a room without internet would wait for it"


def book() -> dict[str, dict[str, str]]:
    """The words of the templates, as Jinja reads them."""
    made = jinja2.Environment(loader=jinja2.FileSystemLoader(app.TEMPLATE)).get_template("words.j2").module
    return cast(dict[str, dict[str, str]], made.book)  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=lambda path: path.name)
def test_every_word_of_a_template_is_said_in_both_languages(path: Path) -> None:
    source = path.read_text("utf-8")
    keys = set(re.findall(r"""\b(?:say|heading|lines|inline)\(["']([a-z_.]+)["']""", source))
    assert keys <= set(book())
    said = {lang: set(re.findall(rf"""say\(["']([a-z_.]+)["'], ["']{lang}""", source)) for lang in text.LANGS}
    # A title and a label: the language of the page.
    one_language = {"door.h", "lost.h", "full.h", "many_pages.h", "fault.h", "closed.h", "about.label"}
    assert said["en"] - one_language == said["sv"] - one_language


def test_no_words_stand_in_a_template_without_a_key() -> None:
    for path in TEMPLATE_FILES:
        if path.suffix in (".html", ".j2") and path.name not in ("words.j2", "fonts.css.j2"):
            source = re.sub(
                r"(?s){#.*?#}|{%.*?%}|{{.*?}}|<(style|script)[^>]*>.*?</\1>|<!DOCTYPE html>",
                " ",
                path.read_text("utf-8"),
            )
            bare = re.sub(r"<[^>]*>", " ", source)
            assert re.findall(r"[A-Za-zåäö]{3,}", bare) in ([], ["cowork"] * 1), f"{path.name}: {bare.split()}"


def test_the_words_of_the_templates_have_both_languages_and_agree_with_the_catalogue() -> None:
    for key, sentence in book().items():
        assert set(sentence) == set(text.LANGS) and all(sentence.values()), key
        if key in text.keys():
            assert sentence == {lang: text.translate(key, lang) for lang in text.LANGS}, (
                f"{key} was changed in the catalogue"
            )


def test_the_font_brings_its_licence() -> None:
    fonts = app.TEMPLATE / "static" / "fonts"
    assert len(list(fonts.glob("*.woff2"))) == 4
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text("utf-8")


def test_the_list_of_scripts_fits_what_is_installed() -> None:
    extensions = jupyter_path("labextensions") + jupyter_path("voila", "labextensions")
    front = LabBundle(jupyter_path("voila", "templates", "base", "static"), extensions)
    assert not front.missing, f"made for other versions; test_browser.py tells how to make {LAB_SCRIPT_LIST.name} again"


def test_the_list_of_scripts_names_only_extensions_that_a_page_may_load() -> None:
    named = [name for name in LAB_SCRIPT_LIST.read_text("utf-8").split() if not name.startswith("static/")]
    ours = tuple(f"labextensions/{one}/static/" for one in LAB_EXTENSIONS)
    assert named and all(name.startswith(ours) for name in named)


def test_a_page_asks_for_no_extension_but_those_named_however_many_are_installed() -> None:
    """Voilà alone would load them all, and that of plotly is 4.8 MB: on a phone, for figures that no page shows."""
    paths = jupyter_path("labextensions") + jupyter_path("voila", "labextensions")
    assert "jupyterlab-plotly" in get_federated_extensions(paths), "without it this test says nothing"
    ours = app.configuration(app.notebooks_folder(), {})
    voila = VoilaConfiguration(config=Config(VoilaConfiguration=ours.VoilaConfiguration))
    asked = get_page_config("/", {}, logging.getLogger(__name__), voila)["federated_extensions"]
    assert sorted(one["name"] for one in asked) == sorted(LAB_EXTENSIONS)


def test_the_page_that_is_served_does_not_name_plotly(server: Any) -> None:
    assert "plotly" not in server.ask("/").text
    page = server.ask("/", headers={"Cookie": "cowork-front=lab"}).text
    named = set(re.findall(r"/voila/labextensions/((?:@[\w-]+/)?[\w-]+)/", page))
    assert named == set(LAB_EXTENSIONS)
    assert "plotly" not in page


def test_a_script_that_is_missing_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "voila.js").write_text("var main;\n//# sourceMappingURL=voila.js.map")
    (tmp_path / "1.voila.js").write_text('"use strict";chunk()')
    front = LabBundle([str(tmp_path)], [], ["static/1.voila.js", "static/2.voila.js"])
    assert front.missing == ["static/2.voila.js"]
    assert front.raw == b'(function(){"use strict";chunk()\n})();\nvar main;'


def test_the_page_script_parses() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the browser tests read the script too")
    subprocess.run([node, "--check", str(app.TEMPLATE / "page.js")], check=True)
