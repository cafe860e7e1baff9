"""The front ends: each a file or two, put together at the start, compressed once, kept by browsers for good.

**Ours** is `widget_manager.js` and all widgets in one script, with one style sheet: what a page of anywidgets needs.
Before it comes `browser_check.js`, which speaks where that script cannot.

**JupyterLab's**, for a page with other widgets. Voilà's page loads some eighty small scripts, one after the other and
only when the kernel has finished. They are webpack chunks: each one only *registers* its modules, so put behind each
other in one file they do the same, in one request that the browser starts on while the kernel is still starting.
`front.txt` names the chunks a page needs. It may be out of step with an installed version without harm: a file that
is not there is left out, and a chunk that is not in the bundle is loaded by itself, as before. A test says when the
list should be made again.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import importlib.metadata
import importlib.util
import os
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from jupyter_server.utils import url_path_join
from tornado import web
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler

from cowork.widgets import bundle
from cowork.widgets.manifest import FRONTEND_URL, PLOTLY

HERE = Path(__file__).parents[1]
FRONTEND = HERE.parent / "frontend"
SHARE = HERE / "share" / "jupyter"
TEMPLATE = SHARE / "voila" / "templates" / "cowork"
WIDGET_MANAGER = FRONTEND / "widget_manager.js"
BROWSER_CHECK = FRONTEND / "browser_check.js"
LIST = HERE / "front.txt"
MAIN = "voila.js"
FOREVER = "max-age=31536000, immutable"
HASHED = re.compile(r"\.[0-9a-f]{8,}\.(?:js|css|woff2?)$")
PACKABLE = (".js", ".css", ".svg", ".json", ".txt")


TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


class HashedAsset:
    """A file made at the start and known by its hash."""

    def __init__(self, text: bytes, kind: str) -> None:
        self.raw = text
        self.name = f"{hashlib.sha256(text).hexdigest()[:16]}.{kind}"
        self._packed: bytes | None = None
        self._thread = threading.Thread(target=self._pack, daemon=True)
        self._thread.start()  # a second of processor time that the start need not wait for

    def _pack(self) -> None:
        self._packed = gzip.compress(self.raw, 9, mtime=0)

    @property
    def packed(self) -> bytes:
        self._thread.join()
        assert self._packed is not None
        return self._packed


class LabBundle(HashedAsset):
    """JupyterLab's front end: one script made of many."""

    def __init__(self, static: Iterable[str], labextensions: Iterable[str], names: Iterable[str] | None = None) -> None:
        wanted = LIST.read_text("utf-8").split() if names is None else list(names)
        roots = {"static": [Path(p) for p in static], "labextensions": [Path(p) for p in labextensions]}
        self.missing: list[str] = []
        parts: list[bytes] = []
        for name in wanted:
            kind, _, relative = name.partition("/")
            found = next((root / relative for root in roots[kind] if (root / relative).is_file()), None)
            if found is None:
                self.missing.append(name)
            else:
                # Each in a function of its own, or the first "use strict" would hold for all of them.
                parts.append(b"(function(){" + _bare(found) + b"\n})();\n")
        main = next(root / MAIN for root in roots["static"] if (root / MAIN).is_file())
        parts.append(_bare(main))  # last and not wrapped: it declares the global that extensions register with
        super().__init__(b"".join(parts), "js")


def script() -> HashedAsset:
    """Our own front end: every widget, and what hosts them."""
    return HashedAsset((bundle.script() + WIDGET_MANAGER.read_text("utf-8") + "\nexport { parts };\n").encode(), "js")


def sheet() -> HashedAsset:
    """The style of the page and of every widget. Fonts are named from where this file is served."""
    pages = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=False)
    page = pages.from_string("{% from 'fonts.css.j2' import fonts %}{{ fonts('../../') }}\n{% include 'page.css' %}\n")
    return HashedAsset((page.render() + bundle.sheet()).encode(), "css")


@dataclass(frozen=True)
class Plotly:
    """plotly's own script where plotly is installed: read when the first figure is looked at, and not before."""

    path: Path
    name: str

    @property
    def raw(self) -> bytes:
        return self.path.read_bytes()

    @property
    def packed(self) -> bytes:
        return _packed(str(self.path), self.path.stat().st_mtime_ns)


def plotly() -> Plotly | None:
    """Found without loading plotly, under a name that changes with its version; or None."""
    spec = importlib.util.find_spec("plotly")
    for place in (spec.submodule_search_locations or []) if spec else []:
        path = Path(place) / "package_data" / "plotly.min.js"
        if path.is_file():
            told = f"{importlib.metadata.version('plotly')} {path.stat().st_size}"
            return Plotly(path, hashlib.sha256(told.encode()).hexdigest()[:16] + ".js")
    return None


class FrontendAssets:
    """What a server offers to draw pages with, where, and what a page and its kernel must be told of it."""

    def __init__(self, base_url: str, static: list[str], labextensions: list[str]) -> None:
        self.base_url, self.static, self.labextensions = base_url, static, labextensions
        self.script, self.sheet, self.lab = script(), sheet(), LabBundle(static, labextensions)
        self.opening, self.plotly = HashedAsset(BROWSER_CHECK.read_bytes(), "js"), plotly()
        offered = (self.opening, self.script, self.sheet, self.lab, self.plotly)
        self.files: dict[str, HashedAsset | Plotly] = {made.name: made for made in offered if made is not None}

    def url(self, made: HashedAsset | Plotly, folder: str = "front") -> str:
        """Where a browser finds it."""
        return url_path_join(self.base_url, "cowork", folder, made.name)

    def environment(self) -> dict[str, str]:
        """What the kernels of pages are told."""
        return {FRONTEND_URL: self.url(self.script)} | (
            {PLOTLY: self.url(self.plotly, "plotly")} if self.plotly else {}
        )

    def page_config(self, config: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Voilà's hook: the addresses for the template."""
        config["coworkScript"], config["coworkSheet"] = self.url(self.script), self.url(self.sheet)
        config["coworkOpening"], config["coworkFront"] = self.url(self.opening), self.url(self.lab)
        return config

    def routes(self, at: Callable[[str], str]) -> list[Any]:
        """The addresses of all files, the same for our own server and for a Jupyter server."""
        return [
            (at(r"/cowork/(?:front|plotly)/(.+)"), FrontHandler, {"fronts": self}),
            (at(r"/voila/templates/(.*)"), PackedTemplateFiles),
            (at(r"/voila/static/(.*)"), PackedFiles, {"paths": self.static}),
            (at(r"/voila/labextensions/(.*)"), PackedFiles, {"paths": self.labextensions}),
        ]


def _bare(path: Path) -> bytes:
    """A script without the line that points a browser's tools to a map that is not served."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"", path.read_bytes())


class FrontHandler(web.RequestHandler):
    """Serves a file under a name that changes with what is in it, to be kept by the browser for good."""

    def initialize(self, fronts: FrontendAssets) -> None:
        self.fronts = fronts

    async def get(self, name: str) -> None:
        made = self.fronts.files.get(name)
        if made is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", TYPES[Path(name).suffix])
        self.set_header("Cache-Control", FOREVER)
        self.set_header("Vary", "Accept-Encoding")
        packed = "gzip" in self.request.headers.get("Accept-Encoding", "")
        if packed:
            self.set_header("Content-Encoding", "gzip")
        # In a thread: where it has yet to be read or packed, the others go on meanwhile.
        loop = asyncio.get_running_loop()
        self.finish(await loop.run_in_executor(None, lambda: made.packed if packed else made.raw))


@lru_cache(maxsize=1024)
def _packed(path: str, changed: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)


class PrecompressedFile(web.StaticFileHandler):
    """Files compressed once per life of the server, not once per visitor, and kept as long as is safe.

    A name or a `?v=` that holds a hash may be kept for good; any other file is asked about again (by ETag), or an
    upgrade of Voilà would mix old scripts with new ones.
    """

    async def get(self, path: str, include_body: bool = True) -> None:
        if not path.endswith(PACKABLE) or "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            await super().get(path, include_body)
            return
        self.path = self.parse_url_path(path)
        found = self.get_absolute_path(self.root, self.path)  # first: Voilà's handler sets `root` while it looks
        absolute = self.validate_absolute_path(self.root, found)
        if absolute is None:
            return
        self.absolute_path = absolute
        self.modified = self.get_modified_time()
        self.set_headers()
        self.set_header("Vary", "Accept-Encoding")
        if self.should_return_304():
            self.set_status(304)
            return
        body = _packed(absolute, os.stat(absolute).st_mtime_ns)
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Content-Length", len(body))
        if include_body:
            self.write(body)
        await self.finish()

    def get_cache_time(self, path: str, modified: Any, mime_type: str) -> int:
        return 0  # the header is ours, below

    def set_extra_headers(self, path: str) -> None:
        hashed = "v" in self.request.arguments or HASHED.search(path)
        self.set_header("Cache-Control", FOREVER if hashed else "no-cache")


class PackedFiles(PrecompressedFile, MultiStaticFileHandler):
    """Voilà's own scripts, and those of the widget extensions."""


class PackedTemplateFiles(PrecompressedFile, TemplateStaticFileHandler):
    """Our fonts and icon."""

    def parse_url_path(self, path: str) -> str:
        # To an address that is none of these, or leads out of the folder, Voilà's own handler answers with a traceback.
        if not re.fullmatch(r"cowork/static/[\w./-]+", path) or ".." in path.split("/"):
            raise web.HTTPError(404)
        return str(super().parse_url_path(path))
