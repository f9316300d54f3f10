"""Which release is visible, and the moment another takes its place.

A switch is one assignment. Nothing is waited for and nothing is disturbed: work that is pinned
keeps its release until it ends, work that begins afterwards gets the new one.
"""

from __future__ import annotations

import logging
import threading
import weakref
from typing import Callable, List, NamedTuple, Optional

from .imports import owner_of
from .pins import pinned_space, pinned_to

log = logging.getLogger("slipway")


class Current(NamedTuple):
    """What a process, or a pinned piece of work, runs."""

    unit: str
    channel: str
    rev: int
    release: str
    version: str


class _Listener(NamedTuple):
    function: Callable
    owner: Optional[weakref.ref]


class Switch:
    """Holds the current space, and a prepared one until a safe point."""

    def __init__(self, channel: str, auto: bool):
        self.current = None
        self._channel = channel
        self._auto = auto
        self._waiting = None
        self._listeners: List[_Listener] = []
        self._guard = threading.Lock()
        self.after_flip: Callable = lambda space: None

    def visible(self):
        """The space this piece of work is pinned to, else the current one."""
        return pinned_space() or self.current

    def enter(self):
        """A safe point: what begins now begins with the newest prepared release."""
        if self._waiting is not None:
            self.settle()
        return self.current

    def offer(self, space) -> None:
        """Takes a prepared release; it becomes current at once, or at the next safe point."""
        with self._guard:
            self._waiting = None if space is self.current else space
        if self._auto:
            self.settle()

    def settle(self) -> None:
        """Makes the waiting release current, and tells the listeners."""
        with self._guard:
            space, self._waiting = self._waiting, None
            if space is None:
                return
            before, self.current = self.current, space
            listeners = [item for item in self._listeners if _concerns(item, before)]
            self._listeners = [item for item in self._listeners if _outlives(item, before)]
        self.after_flip(space)
        for listener in listeners:
            self._tell(listener, before, space)

    def holds(self, digest: str):
        """The space of a release that is current or waiting; None if it is neither."""
        with self._guard:
            for space in (self.current, self._waiting):
                if space is not None and space.release.digest == digest:
                    return space
        return None

    def listen(self, function: Callable) -> None:
        """Adds a listener; one of a release's own functions is called once, when it goes."""
        space = owner_of(function) or pinned_space()
        with self._guard:
            self._listeners.append(_Listener(function, space and weakref.ref(space)))

    def describe(self, space) -> Current:
        release, pointer = space.release, space.pointer
        return Current(release.unit, self._channel, pointer.rev, release.digest, release.version)

    def renew_lock(self) -> None:
        """After a fork: the lock may have been held by a thread that is gone."""
        self._guard = threading.Lock()

    def _tell(self, listener: _Listener, before, space) -> None:
        old = self.describe(before) if before is not None else None
        owner = listener.owner() if listener.owner else None
        try:
            pinned_to(owner, listener.function, old, self.describe(space))
        except Exception:
            log.exception("slipway: a function given to on_switch failed; the switch stands")


def _concerns(listener: _Listener, before) -> bool:
    return listener.owner is None or listener.owner() is before


def _outlives(listener: _Listener, before) -> bool:
    return listener.owner is None or listener.owner() not in (None, before)
