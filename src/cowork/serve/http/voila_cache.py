"""Caches for Voilà: compiled templates and the page configuration are made once, not for each visitor.

What it replaces: nbconvert makes a new template environment for each page and compiles the same seven files in it. That
was two thirds of a visitor's cost in the server, and all visitors wait for one another meanwhile. Voilà also searches
all installed extensions of JupyterLab for each page. Neither offers a setting, so `install` replaces two names at run
time.

What it uses of other libraries:
- `voila.notebook_renderer.VoilaExporter` is replaced by `CachingExporter`, which overrides nbconvert's private
  `_create_environment`. If nbconvert renames that method, templates are compiled for each page again.
- `voila.handler.get_page_config` is replaced by a cached version of itself. If Voilà renames it, `install` raises
  AttributeError at the start. `tests/serve/http/test_voila_cache.py` checks both.

How to switch it off: remove the call of `install()` in `serve/settings.py`. Nothing else depends on it, and pages stay
the same; each costs the server three times as much time.
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
    """Stores compiled templates by file and checksum, so that a changed file is compiled again."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key, bucket.checksum] = bucket.code


TEMPLATE_CACHE = TemplateBytecodeCache()


class CachingExporter(VoilaExporter):
    """Voilà's exporter with a bytecode cache."""

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = TEMPLATE_CACHE
        return environment


def cached_page_config(make: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Call `make` once for each base URL; every caller gets its own copy of the result."""
    configs: dict[str, dict[str, Any]] = {}

    @wraps(make)
    def get_config(*, base_url: str, **rest: Any) -> dict[str, Any]:
        if base_url not in configs:
            configs[base_url] = make(base_url=base_url, **rest)
        return deepcopy(configs[base_url])

    return get_config


def install() -> None:
    """Use the caches for every later page. A second call changes nothing."""
    notebook_renderer.VoilaExporter = CachingExporter
    if not hasattr(handler.get_page_config, "__wrapped__"):
        handler.get_page_config = cached_page_config(handler.get_page_config)
