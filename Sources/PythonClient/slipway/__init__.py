"""Runs Python code straight from Slipway's code store: no file is copied, none is read.

    import slipway
    slipway.install("http://ci:8010", unit="shop", channel="production")
    import shop.web                          # comes from the store

    app = slipway.wsgi("shop.web:app")       # each request keeps the release it began with
    slipway.current().version                # what runs now
    slipway.refresh()                        # a safe point
    with slipway.pinned(): ...               # one release for a piece of work

or, without touching the program: `python3 -m slipway run --unit shop -- -m shop`.

A promotion is prepared in the background (fetched, verified, compiled, imported) and then
becomes current in one assignment. A release that does not get that far is reported and the
last good one goes on. Code of a release only ever meets modules of the same release.
"""

from __future__ import annotations

import contextlib
import os
import threading
from typing import Callable, Optional

from .errors import (
    BrokenReleaseError,
    CacheError,
    ConfigurationError,
    IntegrityError,
    NoReleaseError,
    RefusedError,
    SlipwayError,
    StalePointerError,
    UnreachableError,
)
from .node import Node
from .pins import PIN, Pin, work_space
from .settings import gather
from .space import resident
from .switch import Current
from .wsgi import Application

__all__ = [
    "BrokenReleaseError",
    "CacheError",
    "ConfigurationError",
    "Current",
    "IntegrityError",
    "NoReleaseError",
    "RefusedError",
    "SlipwayError",
    "StalePointerError",
    "UnreachableError",
    "current",
    "install",
    "on_switch",
    "pinned",
    "refresh",
    "resident",
    "uninstall",
    "wsgi",
]
__version__ = "0.1.0"

_node: Optional[Node] = None
_guard = threading.Lock()


def install(server=None, unit=None, channel=None, token=None, cache=None, **options) -> Current:
    """Begins to follow a channel, and answers what this process now runs.

    What is left out comes from `SLIPWAY_SERVER`, `SLIPWAY_UNIT`, `SLIPWAY_CHANNEL`,
    `SLIPWAY_TOKEN` and `SLIPWAY_CACHE` (a folder, or `off`). Options:

    - `auto=False`: a promotion becomes current only at a safe point: `refresh()`, the start of
      a `wsgi` request, or of an outermost `pinned()`. By default at once, for all work that
      begins afterwards.
    - `preload=False`: does not import a new release in the background before it is current; for
      modules that can be imported only in the main thread.
    - `node="web-1"`: the name in the server's list of nodes (`SLIPWAY_NODE`).
    - `timeout=30`: seconds to wait for the server and for the channel's first release.

    Called again with the same channel it changes nothing.
    """
    global _node
    settings = gather(server, unit, channel, token, cache, **options)
    with _guard:
        if _node is None:
            node = Node(settings)
            node.start()
            _node = node
        elif _node.settings[:3] != settings[:3]:
            raise ConfigurationError(
                f"this process follows {_node.settings.subject} of {_node.settings.server}; "
                f"another one is needed to follow {settings.subject}."
            )
    return _node.switch.describe(_node.switch.current)


def uninstall() -> None:
    """Undoes `install`: for tests and tools. Objects of the release stay usable."""
    global _node
    with _guard:
        node, _node = _node, None
        if node is not None:
            node.stop()


def current() -> Optional[Current]:
    """What this piece of work runs: its pinned release, else the current one.

    None when nothing was installed, so that a program can run from files as well.
    """
    node = _node
    space = node and node.switch.visible()
    return node.switch.describe(space) if space else None


def refresh(wait: bool = False) -> Optional[Current]:
    """A safe point: a release that is prepared becomes current.

    With `wait` it asks the server first and prepares what it names; raises what went wrong.
    """
    node = _node
    if node is None:
        return None
    if wait:
        node.follower.catch_up()
    node.switch.settle()
    return node.switch.describe(node.switch.current)


def on_switch(function: Callable) -> Callable:
    """Calls `function(old, new)`, two `Current`s, after each switch; usable as a decorator.

    A function that belongs to a release is called once, when that release goes.
    """
    _installed().switch.listen(function)
    return function


@contextlib.contextmanager
def pinned():
    """Holds one release for a piece of work, threads started in it included."""
    node = _installed()
    space = work_space() or node.switch.enter()
    token = PIN.set(Pin(space, True))
    try:
        yield node.switch.describe(space)
    finally:
        PIN.reset(token)


def wsgi(target: str) -> Application:
    """A WSGI application named `module:attribute`, from the release current at each request.

    Where nothing is installed it is the application of that name on disk.
    """
    return Application(target, lambda: _node)


def _installed() -> Node:
    if _node is None:
        raise ConfigurationError("nothing is followed yet: call slipway.install() first.")
    return _node


def _restart_after_fork() -> None:
    global _guard
    _guard = threading.Lock()
    if _node is not None:
        _node.restart_after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_restart_after_fork)
