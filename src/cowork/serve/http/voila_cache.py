"""What is the same for every page is made once, and not again for each visitor.

nbconvert makes a new template environment for each page and compiles the same seven files in it: two thirds of what a
visitor cost the server, in which all visitors wait for one another. And Voilà looks through all installed extensions of
JupyterLab each time. Neither asks anybody how it should be done, so it is done in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from voila import handler, notebook_renderer
from voila.exporter import VoilaExporter


class TemplateBytecodeCache(BytecodeCache):
    """Compiled templates by their file and what stands in it: a file that was changed is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


TEMPLATE_CACHE = TemplateBytecodeCache()


class Exporter(VoilaExporter):
    """Makes a page as Voilà's own does."""

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = TEMPLATE_CACHE
        return environment


def cached_page_config(make: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`make` asked once for each base address; everybody gets a copy of their own."""
    made: dict[str, dict[str, Any]] = {}

    @wraps(make)
    def give(*, base_url: str, **rest: Any) -> dict[str, Any]:
        if base_url not in made:
            made[base_url] = make(base_url=base_url, **rest)
        return deepcopy(made[base_url])

    return give


def install() -> None:
    """Every page from now on."""
    notebook_renderer.VoilaExporter = Exporter
    if not hasattr(handler.get_page_config, "__wrapped__"):
        handler.get_page_config = cached_page_config(handler.get_page_config)
