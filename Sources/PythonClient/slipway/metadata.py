"""Installed distributions inside a release, for `importlib.metadata`."""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution
from typing import Iterator, Optional

from .resources import StoreFile

_FORMS = ((".dist-info", "METADATA"), (".egg-info", "PKG-INFO"))


class StoreDistribution(Distribution):
    """A `*.dist-info` folder at the top of a release, as `pip install --target` leaves it."""

    def __init__(self, release, folder: str):
        self._release = release
        self._folder = folder

    def read_text(self, filename) -> Optional[str]:
        content = self._release.bytes_of(f"{self._folder}/{filename}")
        return None if content is None else content.decode("utf-8")

    def locate_file(self, path) -> StoreFile:
        return StoreFile(self._release, "").joinpath(str(path))


def distributions(release, context) -> Iterator[StoreDistribution]:
    """Those whose name is asked for, or all of them."""
    wanted = getattr(context, "name", None)
    if list(getattr(context, "path", sys.path)) != sys.path:
        return  # somebody looks into certain folders only
    for folder, is_folder in (release.folder("") or {}).items():
        for suffix, file in _FORMS:
            if is_folder and folder.endswith(suffix) and f"{folder}/{file}" in release.entries:
                name = folder[: -len(suffix)].partition("-")[0]
                if wanted is None or _normal(name) == _normal(wanted):
                    yield StoreDistribution(release, folder)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
