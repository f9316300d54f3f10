"""WSGI: each request runs on one release from its first line to the end of its answer."""

from __future__ import annotations

import importlib
from typing import Callable, Optional

from .errors import ConfigurationError
from .pins import Pin, under, work_space


class Application:
    """The WSGI application a release names `module:attribute`."""

    def __init__(self, target: str, node: Callable):
        if not isinstance(target, str) or not all(target.partition(":")):
            raise ConfigurationError(
                f"wsgi() takes the name of the application, like 'shop.web:app', not {target!r}: "
                "the object itself would belong to one release for ever."
            )
        self._target = target
        self._node = node
        self._plain: Optional[Callable] = None

    def __call__(self, environ, start_response):
        node = self._node()
        if node is None:
            return self._without_store()(environ, start_response)
        node.follower.targets.add(self._target)
        pin = Pin(work_space() or node.switch.enter(), True)
        body = under(pin, _begin, pin.space, self._target, environ, start_response)
        # Lists are finished; a file wrapper must reach the server as it is.
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(body, (list, tuple)) or _is_wrapped(body, wrapper):
            return body
        return _Body(pin, body)

    def _without_store(self) -> Callable:
        """The installed application: nothing was installed with `slipway.install()`."""
        if self._plain is None:
            name, _, path = self._target.partition(":")
            found = importlib.import_module(name)
            for attribute in path.split("."):
                found = getattr(found, attribute)
            self._plain = found
        return self._plain


class _Body:
    """A streamed answer that stays on its release, however long it takes to be read."""

    def __init__(self, pin: Pin, body):
        self._pin = pin
        self._body = body
        self._items = under(pin, iter, body)

    def __iter__(self):
        return self

    def __next__(self):
        return under(self._pin, next, self._items)

    def close(self):
        close = getattr(self._body, "close", None)
        if close is not None:
            under(self._pin, close)


def _begin(space, target: str, environ, start_response):
    return space.resolve(target)(environ, start_response)


def _is_wrapped(body, wrapper) -> bool:
    return isinstance(wrapper, type) and isinstance(body, wrapper)
