"""Tells the server what this node prepared and runs: on change, and every ten seconds."""

from __future__ import annotations

import random
import threading
from typing import Callable

from . import limits
from .background import Background
from .client import Client
from .errors import SlipwayError


class Reporter(Background):
    """The thread that reports; a report that cannot be sent is dropped, the next one is newer."""

    name = "slipway-report"

    def __init__(self, client: Client, node: str, body: Callable[[], dict]):
        super().__init__()
        self._client = client
        self.node = node
        self._body = body
        self._changed = threading.Event()

    def changed(self) -> None:
        """Asks for a report now."""
        self._changed.set()

    def interrupt(self) -> None:
        self._changed.set()

    def restart(self) -> None:
        self._changed = threading.Event()
        super().restart()

    def run(self) -> None:
        while not self._stop.is_set():
            self._changed.clear()
            try:
                self._client.report(self.node, self._body())
            except SlipwayError:
                pass  # the watcher tells of a server that is away; once is enough
            self._changed.wait(limits.REPORT_SECONDS * random.uniform(0.9, 1.1))
