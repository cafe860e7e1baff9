"""Voilà's page templates, compiled once and not again for each visitor.

nbconvert makes a new template environment for each page and compiles the same seven files in it. That was two thirds of
what a visitor cost the server, in which all visitors wait for one another.
"""

from __future__ import annotations

from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from voila import notebook_renderer
from voila.exporter import VoilaExporter


class Once(BytecodeCache):
    """Compiled templates by their file and what stands in it: a file that was changed is compiled anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


ONCE = Once()


class Exporter(VoilaExporter):
    """Makes a page as Voilà's own does."""

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = ONCE
        return environment


def install() -> None:
    """Every page from now on. Voilà asks nobody which exporter to use."""
    notebook_renderer.VoilaExporter = Exporter
