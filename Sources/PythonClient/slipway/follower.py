"""Decides what a pointer means to this process, and makes the release it names ready."""

from __future__ import annotations

import gc
import threading
import time
from typing import Optional, Set

from . import limits
from .cache import Cache, Known
from .client import Client
from .errors import (
    BrokenReleaseError,
    ConfigurationError,
    IntegrityError,
    NoReleaseError,
    RefusedError,
    SlipwayError,
    StalePointerError,
    UnreachableError,
)
from .prepare import preload
from .problems import Problems
from .settings import Settings
from .space import Space, resident
from .standins import StandIns
from .store import Store
from .switch import Switch
from .wire import Pointer

_FIRST_PAUSE_SECONDS, _PAUSE_SECONDS_MAX = 0.05, 1.0


class Follower:
    """The way from a pointer to a prepared space."""

    def __init__(
        self,
        settings: Settings,
        client: Client,
        cache: Optional[Cache],
        switch: Switch,
        stand_ins: StandIns,
        problems: Problems,
    ):
        self.seen_rev = 0
        # The promotion whose outcome is settled (prepared, or broken for good): what the server
        # need not tell again.
        self.settled_rev = 0
        self.prepared: Optional[str] = None
        self.targets: Set[str] = set()
        self._settings = settings
        self._client = client
        self._cache = cache
        self._key = settings.key
        self._store = Store(settings.unit, client, cache)
        self._switch = switch
        self._stand_ins = stand_ins
        self._problems = problems
        self._broken: Optional[str] = None
        self._guard = threading.Lock()

    def start(self) -> None:
        """Makes the channel's release current; with the server away, the cached one.

        Waits for the server, and for the first release, up to the configured time.
        """
        end = time.monotonic() + self._settings.timeout
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                return self._start_from_server()
            except (RefusedError, ConfigurationError):
                raise
            except SlipwayError as error:
                if self._start_from_cache(error):
                    return None
                if isinstance(error, (BrokenReleaseError, IntegrityError)):
                    raise
                if time.monotonic() + pause > end:
                    raise self._gave_up(error) from error
            time.sleep(pause)
            pause = min(pause * 2, _PAUSE_SECONDS_MAX)

    def catch_up(self) -> None:
        """Asks the server where the channel is now, and prepares that."""
        seen = self.seen_rev
        self.advance(self._client.pointer(self._settings.unit, self._settings.channel), seen)

    def advance(self, pointer: Pointer, asked_at: int) -> None:
        """Prepares what the pointer names and offers it to the switch.

        `asked_at` is the promotion this node had seen when it asked: an older answer is stale.
        One that another thread has overtaken meanwhile is only late, and is passed over.
        An error that time may mend is raised and the pointer may come again. A broken release
        is refused once and for all: the last good one stays.
        """
        if not self._guard.acquire(timeout=limits.PREPARE_SECONDS + limits.TRANSFER_SECONDS):
            raise UnreachableError("another thread is still preparing a release")
        try:
            self._refuse_stale(pointer, asked_at)
            if pointer.rev >= self.seen_rev:
                self._advance(pointer)
        finally:
            self._guard.release()

    def renew_lock(self) -> None:
        """After a fork: the lock may have been held by a thread that is gone."""
        self._guard = threading.Lock()

    def _advance(self, pointer: Pointer) -> None:
        self.seen_rev = pointer.rev
        if pointer.rev == self.settled_rev:
            if self._broken:
                raise BrokenReleaseError(self._broken)
            return
        ready = self._switch.holds(pointer.release)
        if ready is None:
            try:
                ready = self._prepared_space(pointer)
            except BrokenReleaseError as error:
                self.settled_rev, self._broken = pointer.rev, str(error)
                raise
        ready.pointer = pointer
        self.prepared = pointer.release
        self.settled_rev, self._broken = pointer.rev, None
        self._switch.offer(ready)
        self._remember(pointer)

    def _prepared_space(self, pointer: Pointer) -> Space:
        current = self._switch.current
        release = self._store.release(pointer, base=current.release.digest)
        if resident() > limits.RESIDENT_SPACES:
            gc.collect()  # releases are full of cycles, and another one is about to be made
        space = Space(release, pointer, self._stand_ins)
        if self._settings.preload:
            preload(space, current.loaded(), list(self.targets), limits.PREPARE_SECONDS)
        return space

    def _start_from_server(self) -> None:
        known = self._known()
        pointer = self._client.pointer(self._settings.unit, self._settings.channel)
        self._refuse_stale(pointer, known.active.rev if known else 0)
        release = self._store.release(pointer, base=known.active.release if known else None)
        self.settled_rev = pointer.rev
        self._begin(Space(release, pointer, self._stand_ins))
        self._remember(pointer)

    def _start_from_cache(self, error: SlipwayError) -> bool:
        known = self._known()
        if known is None:
            return False
        try:
            release = self._store.cached(known.active)
        except SlipwayError:
            return False
        self._begin(Space(release, known.active, self._stand_ins))
        self._problems.note("watch", f"started {release.version} from the cache: {error}")
        return True

    def _begin(self, space: Space) -> None:
        self.seen_rev, self.prepared = space.pointer.rev, space.release.digest
        self._switch.offer(space)
        self._switch.settle()

    def _known(self) -> Optional[Known]:
        return self._cache.known(self._key) if self._cache else None

    def _remember(self, pointer: Pointer) -> None:
        if self._cache is not None:
            self._cache.remember(self._key, pointer)

    def _refuse_stale(self, pointer: Pointer, seen: int) -> None:
        if pointer.rev < seen:
            raise StalePointerError(
                f"{self._settings.subject} is at promotion {pointer.rev}, but this node has seen "
                f"{seen}: was the server restored from a backup? This node keeps its release. "
                "To follow the older state, restart it with an empty cache folder."
            )

    def _gave_up(self, error: SlipwayError) -> SlipwayError:
        if not isinstance(error, NoReleaseError):
            return error
        unit, channel = self._settings.unit, self._settings.channel
        return NoReleaseError(
            f"{unit}/{channel} has no release after {self._settings.timeout:g} s of waiting. "
            f"`slipway promote {unit} VERSION --to {channel}` gives it one."
        )
