"""Follows a channel: a stream of its moves, or asking in long intervals where streams fail."""

from __future__ import annotations

import random
import time
from typing import Callable, Iterable, Tuple

from . import limits
from .background import Background
from .client import Client
from .errors import SlipwayError
from .transport import NotFoundError
from .wire import Pointer


class Watcher(Background):
    """The thread that brings each move of the channel to `arrived`, which says if it is settled.

    With each comes the newest promotion that was known when the server was asked.
    A lost connection costs nothing but time: the first event of a new stream is the present.
    """

    name = "slipway-watch"

    def __init__(
        self,
        client: Client,
        stop_watching: Callable[[], None],
        unit: str,
        channel: str,
        seen: Callable[[], int],
        settled: Callable[[], int],
        arrived: Callable[[Pointer, int], bool],
        heard: Callable[[], None],
        failed: Callable[[SlipwayError], None],
    ):
        super().__init__()
        self._client = client
        self.interrupt = stop_watching
        self._unit, self._channel = unit, channel
        self._seen, self._settled = seen, settled
        self._arrived, self._heard, self._failed = arrived, heard, failed
        self._poll_until = 0.0
        self._has_heard = False
        self._attempt = 0

    def restart(self) -> None:
        # Children of one fork loop must not all ask at the same instant.
        self._attempt = 1
        super().restart()

    def run(self) -> None:
        self._pause()
        while not self._stop.is_set():
            try:
                for pointer, asked_at in self._moves():
                    if self._stop.is_set():
                        return
                    if not self._arrived(pointer, asked_at):
                        break
                    self._attempt = 0
            except SlipwayError as error:
                if not self._stop.is_set():
                    self._failed(error)
            self._attempt = min(self._attempt + 1, 10)
            self._pause()

    def _moves(self) -> Iterable[Tuple[Pointer, int]]:
        if time.monotonic() < self._poll_until:
            return self._polled()
        return self._streamed()

    def _streamed(self) -> Iterable[Tuple[Pointer, int]]:
        self._has_heard = False
        last = self._seen()
        moves = self._client.watch(self._unit, self._channel, self._alive)
        try:
            for pointer in moves:
                yield pointer, last
                last = pointer.rev
        except SlipwayError as error:
            # Connected, yet not one line, not even a heartbeat: something in between collects
            # the stream, or the server has none. Refusals of the channel itself come again.
            if not self._has_heard and (isinstance(error, NotFoundError) or _timed_out(error)):
                self._poll_until = time.monotonic() + limits.POLL_INSTEAD_SECONDS
            raise

    def _polled(self) -> Iterable[Tuple[Pointer, int]]:
        # The present first, whatever it is: a server restored from a backup is noticed here.
        yield self._client.pointer(self._unit, self._channel), self._seen()
        while not self._stop.is_set() and time.monotonic() < self._poll_until:
            seen = self._seen()
            pointer = self._client.pointer(
                self._unit, self._channel, since=self._settled(), wait=limits.POLL_SECONDS
            )
            self._alive()
            if pointer is not None:
                yield pointer, seen
            else:
                self._attempt = 0

    def _alive(self) -> None:
        self._has_heard = True
        self._heard()

    def _pause(self) -> None:
        """Full jitter: after a restart of the server its nodes come back spread out."""
        if self._attempt:
            longest = min(limits.RECONNECT_SECONDS_MAX, 2.0 ** (self._attempt - 1))
            self._stop.wait(random.uniform(0, longest))


def _timed_out(error: BaseException) -> bool:
    return isinstance(error.__cause__, TimeoutError) or "timed out" in str(error.__cause__)
