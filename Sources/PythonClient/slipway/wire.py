"""Translates what the server says: pointers, event streams, refusals."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from . import limits
from .errors import UnreachableError

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z", re.ASCII)


class Pointer(NamedTuple):
    """Where a channel points: the release to run, and the promotion that said so."""

    rev: int
    release: str
    version: str

    def to_json(self) -> dict:
        return self._asdict()


def read_pointer(data: object) -> Pointer:
    """Takes a pointer from decoded JSON; anything else is an answer of another program."""
    try:
        rev, release, version = data["rev"], data["release"], data["version"]
    except (KeyError, TypeError, IndexError):
        raise UnreachableError(f"not a pointer of the code store: {_short(data)}") from None
    if type(rev) is not int or rev < 0 or not isinstance(version, str):
        raise UnreachableError(f"not a pointer of the code store: {_short(data)}")
    if not is_digest(release):
        raise UnreachableError(f"not a release digest: {_short(release)}")
    return Pointer(rev, release, version)


def is_digest(text: object) -> bool:
    """Whether this is `sha256:` and 64 hexadecimal digits."""
    return isinstance(text, str) and _DIGEST.match(text) is not None


def read_json(data: bytes) -> object:
    """Decodes an answer that must be JSON."""
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise UnreachableError(
            f"the answer is not JSON, so it is not from a Slipway server: {data[:80]!r}"
        ) from None


def problem_text(data: bytes) -> str:
    """The human part of an `application/problem+json` answer, or the start of any other."""
    try:
        problem = json.loads(data.decode("utf-8"))
        words = [str(problem[key]) for key in ("title", "detail") if problem.get(key)]
        words += [str(reason) for reason in problem.get("reasons") or ()]
        text = ": ".join(words)
    except (ValueError, TypeError, AttributeError, RecursionError):
        text = data[:200].decode("utf-8", "replace")
    return " ".join(text.split())[: limits.ERROR_LENGTH_MAX]


class EventReader:
    """Puts the lines of a `text/event-stream` together to events.

    Feed it one line at a time, without its line end; it answers `(name, data)` when a blank
    line completes an event that carries data, else None.
    """

    def __init__(self):
        self._name, self._data, self._size = "", [], 0

    def feed(self, line: bytes):
        if not line:
            event = (self._name or "message", b"\n".join(self._data)) if self._data else None
            self._name, self._data, self._size = "", [], 0
            return event
        field, _, value = line.partition(b":")
        value = value[1:] if value.startswith(b" ") else value
        if field == b"event":
            self._name = value.decode("utf-8", "replace")
        elif field == b"data":
            self._size += len(value) + 1
            if self._size > limits.EVENT_BYTES_MAX:
                raise UnreachableError("an event of the watch is larger than 1 MiB")
            self._data.append(value)
        return None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
