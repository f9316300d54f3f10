"""A daemon thread that stops when told, and starts anew in a forked child."""

from __future__ import annotations

import logging
import threading
from typing import Optional

from . import limits

log = logging.getLogger("slipway")


class Background:
    """The life of one thread; a subclass gives its work in `run`."""

    name = "slipway"

    def __init__(self):
        self._stop = threading.Event()
        self._thread: Optional[threading.Thread] = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._guarded, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; waits for it, but not for long: it is a daemon."""
        self._stop.set()
        self.interrupt()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(limits.STOP_SECONDS)

    def restart(self) -> None:
        """Starts again in a forked child, where only the forking thread has survived."""
        self._stop = threading.Event()
        self.start()

    def interrupt(self) -> None:
        """Breaks off whatever the thread is waiting for."""

    def run(self) -> None:
        raise NotImplementedError

    def _guarded(self) -> None:
        try:
            self.run()
        except Exception:
            log.exception("slipway: the thread %s ended; this process keeps its release", self.name)
