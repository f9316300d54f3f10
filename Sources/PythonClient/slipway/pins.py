"""The release a piece of work is pinned to, and how threads and executors inherit it."""

from __future__ import annotations

import functools
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import NamedTuple, Optional


class Pin(NamedTuple):
    """A space, and whether a whole piece of work was pinned to it.

    Otherwise a module of it is just being imported: its code must see its own release, but a
    server that it starts must not serve this release for ever.
    """

    space: object
    is_work: bool


# Code of a release is pinned by itself, through its own `__import__`; this is for whatever goes
# by name: pickle, importlib.import_module, typing.get_type_hints.
PIN: ContextVar[Optional[Pin]] = ContextVar("slipway_pin", default=None)

_start = threading.Thread.start
_submit = ThreadPoolExecutor.submit


def pinned_space():
    """The space this context is pinned to, if any."""
    pin = PIN.get()
    return None if pin is None else pin.space


def work_space():
    """The space this piece of work was pinned to as a whole, if it was."""
    pin = PIN.get()
    return pin.space if pin is not None and pin.is_work else None


def pinned_to(space, function, *arguments, **named):
    """Calls a function that must see `space`, or nothing pinned if that is None."""
    return under(space and Pin(space, False), function, *arguments, **named)


def under(pin: Optional[Pin], function, *arguments, **named):
    """Calls a function with the pin set."""
    token = PIN.set(pin)
    try:
        return function(*arguments, **named)
    finally:
        PIN.reset(token)


def pin_new_threads() -> None:
    """Makes threads and executor tasks begin with the pin of whoever starts them.

    A ContextVar stays behind in the thread that set it, so without this a request that uses a
    thread would meet two releases.
    """
    threading.Thread.start = _pinned_start
    ThreadPoolExecutor.submit = _pinned_submit


def stop_pinning_threads() -> None:
    """Undoes `pin_new_threads`, unless somebody else has changed the methods since."""
    if threading.Thread.start is _pinned_start:
        threading.Thread.start = _start
    if ThreadPoolExecutor.submit is _pinned_submit:
        ThreadPoolExecutor.submit = _submit


@functools.wraps(_start)
def _pinned_start(self):
    pin = PIN.get()
    if pin is not None and "run" not in vars(self):
        run = self.run

        def pinned_run():
            del self.run  # the thread object must not keep the release once it has run
            under(pin, run)

        self.run = pinned_run
    return _start(self)


@functools.wraps(_submit)
def _pinned_submit(self, function, /, *arguments, **named):
    # Also without a pin: the pool's thread may have begun under one.
    return _submit(self, functools.partial(under, PIN.get(), function), *arguments, **named)
