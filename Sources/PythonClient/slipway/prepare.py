"""Finds out that a release does not work before anybody runs it."""

from __future__ import annotations

import threading
import traceback
from typing import Iterable

from .errors import BrokenReleaseError, ConfigurationError
from .space import Space
from .tracebacks import without_ours


def preload(space: Space, modules: Iterable[str], targets: Iterable[str], seconds: float) -> None:
    """Imports in the new space what the process uses of the current one.

    Then the first request after the switch pays no import, and a release that cannot be
    imported never becomes current. It runs in a thread of its own, because code that hangs
    cannot be stopped, only left behind.
    """
    failures = []

    def work():
        try:
            for name in modules:
                if name in space.release.modules:
                    space.load(name)
            for target in targets:
                space.resolve(target)
        except BaseException as error:  # sys.exit() in a module is a failure like any other
            failures.append(_summary(space, error))

    thread = threading.Thread(target=work, name="slipway-prepare", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        failures.append(f"{_name(space)} was still importing after {seconds:.0f} s")
    if failures:
        raise BrokenReleaseError(failures[0])


def _name(space: Space) -> str:
    return f"{space.release.unit} {space.release.version}"


def _summary(space: Space, error: BaseException) -> str:
    if isinstance(error, ConfigurationError):
        return str(error)
    what = "".join(traceback.format_exception_only(type(error), error)).strip()
    frames = traceback.extract_tb(without_ours(error.__traceback__))
    own = [frame for frame in frames if frame.filename.startswith(space.release.base)]
    if not own:
        return f"{_name(space)} cannot be imported: {what}"
    path = own[-1].filename[len(space.release.base) :].rpartition("@")[0]
    return f"{_name(space)} cannot be imported: {path}:{own[-1].lineno}: {what}"
