"""Registers the source of loaded modules with `linecache`, and forgets it with its release.

Loaders answer for their own modules already; this serves whoever has only a file name, or a
function of a release that is no longer current: warnings, inspect, profilers.
"""

from __future__ import annotations

import linecache
import weakref
from typing import Callable, Set

_holders: "weakref.WeakSet[Sources]" = weakref.WeakSet()


class Sources:
    """The file names one release has shown so far."""

    def __init__(self):
        self.names: Set[str] = set()
        _holders.add(self)
        weakref.finalize(self, _forget, self.names).atexit = False

    def add(self, name: str, source: Callable[[], str]) -> None:
        """`source` is called only when somebody wants to see it, and must not hold a module."""
        self.names.add(name)
        linecache.cache.setdefault(name, (source,))


def _forget(names: Set[str]) -> None:
    """Another release with the same file keeps it: the name says the content is the same."""
    for name in names:
        if not any(name in holder.names for holder in list(_holders)):
            linecache.cache.pop(name, None)
