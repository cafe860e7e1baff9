"""The script and style sheet of each front end: built at the start, compressed once, cached by browsers for good.

**Ours** is `widget_manager.js` and the widgets that every page has in one script, the other widgets in a second that
comes when one of them is first shown (`widgets/bundle.py`), and one style sheet: what a page of anywidgets needs.
`browser_check.js` runs before it, and shows a message where that script cannot run.

**JupyterLab's**, for a page with other widgets. Voilà's page loads some eighty small scripts, one after the other and
only when the kernel has finished. They are webpack chunks: each one only *registers* its modules, so they do the
same in one file, in one request that the browser can send while the kernel is still starting. `front.txt` names the
chunks that a page needs. A list that does not fit the installed version does no harm: a file that does not exist is
left out, and a chunk that is not in the bundle is loaded by itself. A test fails when the list should be made again.
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
from cowork.widgets.manifest import FRONTEND_URL, PLOTLY, join_files, list_scripts

HERE = Path(__file__).parents[1]
FRONTEND = HERE.parent / "frontend"
SHARE = HERE / "share" / "jupyter"
TEMPLATE = SHARE / "voila" / "templates" / "cowork"
WIDGET_MANAGER = "widget_manager.js"
BROWSER_CHECK = FRONTEND / "browser_check.js"
LAB_SCRIPT_LIST = HERE / "front.txt"
LAB_MAIN_SCRIPT = "voila.js"
CACHE_FOREVER = "max-age=31536000, immutable"
HASHED_NAME = re.compile(r"\.[0-9a-f]{8,}\.(?:js|css|woff2?)$")
COMPRESSIBLE_SUFFIXES = (".js", ".css", ".svg", ".json", ".txt")
CONTENT_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


class HashedAsset:
    """A file that is built at the start and named by its hash."""

    def __init__(self, text: bytes, kind: str) -> None:
        self.raw = text
        self.name = f"{hashlib.sha256(text).hexdigest()[:16]}.{kind}"
        self._compressed: bytes | None = None
        self._thread = threading.Thread(target=self._compress, daemon=True)
        self._thread.start()  # it takes a second of processor time, and the start does not wait for it

    def _compress(self) -> None:
        self._compressed = gzip.compress(self.raw, 9, mtime=0)

    @property
    def compressed(self) -> bytes:
        self._thread.join()
        assert self._compressed is not None
        return self._compressed


class LabBundle(HashedAsset):
    """JupyterLab's front end: one script built from many."""

    def __init__(self, static: Iterable[str], labextensions: Iterable[str], names: Iterable[str] | None = None) -> None:
        listed = LAB_SCRIPT_LIST.read_text("utf-8").split() if names is None else list(names)
        roots = {"static": [Path(p) for p in static], "labextensions": [Path(p) for p in labextensions]}
        self.missing: list[str] = []
        parts: list[bytes] = []
        for name in listed:
            kind, _, relative = name.partition("/")
            found = next((root / relative for root in roots[kind] if (root / relative).is_file()), None)
            if found is None:
                self.missing.append(name)
            else:
                # Each chunk gets its own function, or the first "use strict" would apply to all of them.
                parts.append(b"(function(){" + _without_source_map(found) + b"\n})();\n")
        main = next(root / LAB_MAIN_SCRIPT for root in roots["static"] if (root / LAB_MAIN_SCRIPT).is_file())
        parts.append(
            _without_source_map(main)
        )  # the last, and not in a function: it declares the global that extensions register with
        super().__init__(b"".join(parts), "js")


def build_deferred_script() -> HashedAsset:
    """Build the script of the widgets that few pages have."""
    return HashedAsset(bundle.deferred_script().encode(), "js")


def build_script(deferred: HashedAsset) -> HashedAsset:
    """Build the script of our own front end: the widget manager, and every widget that is not in `deferred`."""
    manager = join_files(list_scripts(WIDGET_MANAGER, FRONTEND), FRONTEND)
    parts = bundle.script(f"./{deferred.name}")
    return HashedAsset(f"{parts}{{\n{manager}\nstartWidgetManager(parts);\n}}\nexport {{ parts }};\n".encode(), "js")


def build_stylesheet() -> HashedAsset:
    """Build the style sheet of the page and of every widget. Font URLs are relative to the URL of this file."""
    pages = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=False)
    page = pages.from_string("{% from 'fonts.css.j2' import fonts %}{{ fonts('../../') }}\n{% include 'page.css' %}\n")
    return HashedAsset((page.render() + bundle.sheet()).encode(), "css")


@dataclass(frozen=True)
class PlotlyScript:
    """plotly's own script, where plotly is installed. It is read when a browser first shows a figure, and not
    before."""

    path: Path
    name: str

    @property
    def raw(self) -> bytes:
        return self.path.read_bytes()

    @property
    def compressed(self) -> bytes:
        return _compressed_file(str(self.path), self.path.stat().st_mtime_ns)


def find_plotly() -> PlotlyScript | None:
    """Find plotly's script without importing plotly, under a name that changes with its version; or None."""
    spec = importlib.util.find_spec("plotly")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "package_data" / "plotly.min.js"
        if path.is_file():
            version = f"{importlib.metadata.version('plotly')} {path.stat().st_size}"
            return PlotlyScript(path, hashlib.sha256(version.encode()).hexdigest()[:16] + ".js")
    return None


class FrontendAssets:
    """The front-end files of a server, their URLs, and the settings of pages and kernels that name them."""

    def __init__(self, base_url: str, static: list[str], labextensions: list[str]) -> None:
        self.base_url, self.static, self.labextensions = base_url, static, labextensions
        self.deferred_script = build_deferred_script()
        self.script, self.stylesheet = build_script(self.deferred_script), build_stylesheet()
        self.lab_bundle = LabBundle(static, labextensions)
        self.browser_check, self.plotly = HashedAsset(BROWSER_CHECK.read_bytes(), "js"), find_plotly()
        offered = (self.browser_check, self.script, self.deferred_script, self.stylesheet, self.lab_bundle, self.plotly)
        self.files: dict[str, HashedAsset | PlotlyScript] = {
            asset.name: asset for asset in offered if asset is not None
        }

    def url(self, asset: HashedAsset | PlotlyScript, folder: str = "front") -> str:
        """The URL path of a file."""
        return url_path_join(self.base_url, "cowork", folder, asset.name)

    def kernel_environment(self) -> dict[str, str]:
        """The environment variables that tell the kernels of pages these URLs."""
        return {FRONTEND_URL: self.url(self.script)} | (
            {PLOTLY: self.url(self.plotly, "plotly")} if self.plotly else {}
        )

    def page_config(self, config: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Voilà's `page_config_hook`: add the URLs for the template."""
        config["coworkScript"], config["coworkSheet"] = self.url(self.script), self.url(self.stylesheet)
        config["coworkOpening"], config["coworkFront"] = self.url(self.browser_check), self.url(self.lab_bundle)
        return config

    def routes(self, route: Callable[[str], str]) -> list[Any]:
        """The routes of all files, the same for our own server and for a Jupyter server."""
        return [
            (route(r"/cowork/(?:front|plotly)/(.+)"), AssetHandler, {"assets": self}),
            (route(r"/voila/templates/(.*)"), CompressedTemplateFiles),
            (route(r"/voila/static/(.*)"), CompressedStaticFiles, {"paths": self.static}),
            (route(r"/voila/labextensions/(.*)"), CompressedStaticFiles, {"paths": self.labextensions}),
        ]


def _without_source_map(path: Path) -> bytes:
    """Read a script without its link to a source map, which is not served."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"", path.read_bytes())


class AssetHandler(web.RequestHandler):
    """Serves a file whose name is a hash of its content, so that browsers can cache it for good."""

    def initialize(self, assets: FrontendAssets) -> None:
        self.assets = assets

    async def get(self, name: str) -> None:
        asset = self.assets.files.get(name)
        if asset is None:
            raise web.HTTPError(404)
        self.set_header("Content-Type", CONTENT_TYPES[Path(name).suffix])
        self.set_header("Cache-Control", CACHE_FOREVER)
        self.set_header("Vary", "Accept-Encoding")
        compressed = "gzip" in self.request.headers.get("Accept-Encoding", "")
        if compressed:
            self.set_header("Content-Encoding", "gzip")
        # In a thread: while a file is read or compressed, other requests are served.
        loop = asyncio.get_running_loop()
        self.finish(await loop.run_in_executor(None, lambda: asset.compressed if compressed else asset.raw))


@lru_cache(maxsize=1024)
def _compressed_file(path: str, changed: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)


class PrecompressedFile(web.StaticFileHandler):
    """Serves files that are compressed once for each run of the server, with the longest safe cache time.

    A URL with a hash in its name or in `?v=` may be cached for good. Every other file is revalidated (by ETag), or an
    upgrade of Voilà would mix old scripts with new ones.
    """

    async def get(self, path: str, include_body: bool = True) -> None:
        if not path.endswith(COMPRESSIBLE_SUFFIXES) or "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            await super().get(path, include_body)
            return
        self.path = self.parse_url_path(path)
        found = self.get_absolute_path(self.root, self.path)  # first: Voilà's handler sets `root` in this call
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
        body = _compressed_file(absolute, os.stat(absolute).st_mtime_ns)
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Content-Length", len(body))
        if include_body:
            self.write(body)
        await self.finish()

    def get_cache_time(self, path: str, modified: Any, mime_type: str) -> int:
        return 0  # `set_extra_headers` sets the header

    def set_extra_headers(self, path: str) -> None:
        hashed = "v" in self.request.arguments or HASHED_NAME.search(path)
        self.set_header("Cache-Control", CACHE_FOREVER if hashed else "no-cache")


class CompressedStaticFiles(PrecompressedFile, MultiStaticFileHandler):
    """Serves Voilà's own scripts, and those of the widget extensions."""


class CompressedTemplateFiles(PrecompressedFile, TemplateStaticFileHandler):
    """Serves our fonts and icon."""

    def parse_url_path(self, path: str) -> str:
        # Voilà's own handler answers any other address, and one outside the folder, with a traceback.
        if not re.fullmatch(r"cowork/static/[\w./-]+", path) or ".." in path.split("/"):
            raise web.HTTPError(404)
        return str(super().parse_url_path(path))
