"""A process that follows a channel: connects the parts and keeps them running."""

from __future__ import annotations

import logging
import os
import socket
import sys
import warnings
from typing import Optional

from . import pins, space, tracebacks
from .cache import Cache
from .client import Client
from .errors import BrokenReleaseError, CacheError, SlipwayError, StalePointerError
from .finder import ImportHooks
from .follower import Follower
from .problems import Problems
from .reporter import Reporter
from .settings import Settings, node_name
from .standins import StandIn, StandIns
from .switch import Switch
from .transport import Transport
from .watcher import Watcher
from .wire import Pointer

log = logging.getLogger("slipway")


class Node:
    """One followed channel of one process."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.switch = Switch(settings.channel, settings.auto)
        self._problems = Problems()
        self._transport = Transport(settings.server, settings.token)
        self._client = Client(self._transport)
        self._cache = self._opened_cache()
        self._stand_ins = StandIns(self.switch.visible)
        self._hooks = ImportHooks(self.switch.visible)
        self.follower = Follower(
            settings, self._client, self._cache, self.switch, self._stand_ins, self._problems
        )
        self._watcher = Watcher(
            self._client,
            self._transport.stop_watching,
            settings.unit,
            settings.channel,
            seen=lambda: self.follower.seen_rev,
            settled=lambda: self.follower.settled_rev,
            arrived=self._arrived,
            heard=lambda: self._problems.clear("watch"),
            failed=lambda error: self._problems.note("watch", error),
        )
        self._reporter = Reporter(self._client, node_name(settings), self._report)
        self.switch.after_flip = self._flipped

    def start(self) -> None:
        """Gets the first release, takes its place in the import system, begins to follow."""
        self.follower.start()
        self._warn_of_imported()
        self._hooks.add()
        tracebacks.show_sources()
        pins.pin_new_threads()
        self._watcher.start()
        self._reporter.start()

    def stop(self) -> None:
        """Gives the import system back and ends the threads; loaded code stays usable."""
        self._watcher.stop()
        self._reporter.stop()
        self._hooks.remove()
        self._stand_ins.hide_others(())
        tracebacks.stop_showing_sources()
        pins.stop_pinning_threads()

    def restart_after_fork(self) -> None:
        """Only the forking thread exists here: new locks, new threads, a name of its own."""
        self.switch.renew_lock()
        self.follower.renew_lock()
        self._transport.renew_lock()
        space.forget_other_threads()
        self._reporter.node = node_name(self.settings, forked=True)
        self._watcher.restart()
        self._reporter.restart()

    def _arrived(self, pointer: Pointer, asked_at: int) -> bool:
        """Whether the pointer is settled; otherwise it has to come again."""
        before = self.follower.prepared
        try:
            self.follower.advance(pointer, asked_at)
            if before != self.follower.prepared and self._cache is not None:
                self._cache.prune()
        except (BrokenReleaseError, StalePointerError) as error:
            self._note_release(error)
            return True
        except SlipwayError as error:
            self._note_release(error)
            return False
        except Exception as error:
            log.exception("slipway: preparing promotion %d failed", pointer.rev)
            self._note_release(repr(error))
            return False
        self._problems.clear("release")
        self._reporter.changed()
        return True

    def _note_release(self, error) -> None:
        running = self.switch.current.release
        self._problems.note("release", f"staying on {running.unit} {running.version}: {error}")
        self._reporter.changed()

    def _flipped(self, space) -> None:
        self._stand_ins.hide_others(space.release.modules)
        self._reporter.changed()

    def _report(self) -> dict:
        release = self.switch.current.release
        return {
            "unit": self.settings.unit,
            "channel": self.settings.channel,
            "seen_rev": self.follower.seen_rev,
            "prepared": self.follower.prepared,
            "active": release.digest,
            "version": release.version,
            "errors": self._problems.sentences(),
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "resident": space.resident(),
        }

    def _opened_cache(self) -> Optional[Cache]:
        """None if there is none, or if the default folder cannot be used."""
        if self.settings.cache is None:
            return None
        try:
            return Cache(self.settings.cache)
        except CacheError as error:
            if self.settings.cache_wanted:
                raise
            self._problems.note("cache", error)
            return None

    def _warn_of_imported(self) -> None:
        """What was imported from elsewhere before us stays what it is outside the release."""
        release = self.switch.current.release
        names = [name for name in release.roots if _is_foreign(sys.modules.get(name))]
        if names:
            warnings.warn(
                f"{', '.join(sorted(names))} was imported before slipway.install(): code outside "
                "the release keeps that copy. Call install() first.",
                RuntimeWarning,
                stacklevel=4,
            )


def _is_foreign(module) -> bool:
    return module is not None and not isinstance(module, StandIn)
