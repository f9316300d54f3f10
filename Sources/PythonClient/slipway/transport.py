"""One request, one connection, every wait with a limit; a refusal becomes an error in words."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from typing import Callable, Optional
from urllib.parse import urlsplit

from . import limits
from .errors import ConfigurationError, NoReleaseError, RefusedError, UnreachableError
from .wire import problem_text

USER_AGENT = "slipway-python/1"


class NotFoundError(NoReleaseError):
    """The server has nothing under this address."""


class Transport:
    """Sends requests to one server."""

    def __init__(self, server: str, token: Optional[str]):
        parts = urlsplit(server)
        self.server = server
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._base = parts.path.rstrip("/")
        self._token = token
        self._watching: Optional[socket.socket] = None
        self._may_watch = True
        self._guard = threading.Lock()

    @contextlib.contextmanager
    def answer(
        self,
        method: str,
        path: str,
        body: Optional[bytes] = None,
        headers: Optional[dict] = None,
        seconds: float = limits.ANSWER_SECONDS,
        watching: bool = False,
    ):
        """Sends one request and hands over the answer, refusals already turned to errors."""
        connection, answer = self._connection(), None
        try:
            connection.connect()
            connection.sock.settimeout(seconds)
            if watching:
                self._begin_watching(connection.sock)
            connection.request(method, self._base + path, body, self._headers(headers, body))
            answer = connection.getresponse()
            if answer.status >= 300 and answer.status != 304:
                raise self._refusal(answer)
            yield answer
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error
        finally:
            if watching:
                with self._guard:
                    self._watching = None
            if answer is not None:
                answer.close()
            connection.close()

    def _begin_watching(self, connected: socket.socket) -> None:
        with self._guard:
            if not self._may_watch:
                raise UnreachableError("the watch was stopped")
            self._watching = connected

    def _connection(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(
                self._host, self._port, timeout=limits.CONNECT_SECONDS
            )
        return http.client.HTTPSConnection(
            self._host,
            self._port,
            timeout=limits.CONNECT_SECONDS,
            context=ssl.create_default_context(),
        )

    def _headers(self, more: Optional[dict], body: Optional[bytes]) -> dict:
        headers = {"User-Agent": USER_AGENT, "Connection": "close", **(more or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers

    def _refusal(self, answer) -> Exception:
        """The error a status means to a node."""
        status = answer.status
        text = problem_text(answer.read(limits.PROBLEM_BYTES_MAX)) or answer.reason
        if status in (401, 403):
            return RefusedError(
                f"{self.server} refused access ({status}: {text}). Set SLIPWAY_TOKEN to a token "
                "that may read this unit; `slipway token create` makes one."
            )
        if status == 404:
            return NotFoundError(f"{self.server} has no such thing (404: {text}).")
        if status < 400:
            return ConfigurationError(
                f"{self.server} redirects to {answer.getheader('Location')!r}: "
                "give that address as the server, so that the token goes only there."
            )
        if status in (408, 425, 429) or status >= 500:
            return UnreachableError(f"{self.server} cannot answer now ({status}: {text}).")
        return RefusedError(f"{self.server} refused the request ({status}: {text}).")

    def _unreachable(self, error: BaseException) -> UnreachableError:
        why = "no answer in time" if isinstance(error, socket.timeout) else error
        return UnreachableError(
            f"{self.server} does not answer ({why or type(error).__name__}). "
            "Is `slipway up` running there, and is SLIPWAY_SERVER right?"
        )

    def allow_silence(self, seconds: float) -> None:
        """How long the watch's server may be silent from now on."""
        with self._guard:
            if self._watching is not None:
                self._watching.settimeout(seconds)

    def stop_watching(self) -> None:
        """Breaks off a watch that another thread is reading or about to read, for good."""
        with self._guard:
            self._may_watch = False
            if self._watching is not None:
                with contextlib.suppress(OSError):
                    self._watching.shutdown(socket.SHUT_RDWR)

    def renew_lock(self) -> None:
        """After a fork: closes the child's copy of the watch's connection, and only that."""
        self._guard = threading.Lock()
        if self._watching is not None:
            self._watching.close()
            self._watching = None


def read_all(answer, limit: int, seconds: float) -> bytes:
    data = reader(answer, seconds)(limit + 1)
    if len(data) > limit:
        raise UnreachableError(f"an answer is larger than {limit} bytes")
    return data


def reader(answer, seconds: float) -> Callable[[int], bytes]:
    """Reads exactly n bytes, or fewer at the end, all reads together in bounded time."""
    end = time.monotonic() + seconds

    def read(count: int) -> bytes:
        parts, missing = [], count
        while missing:
            if time.monotonic() > end:
                raise UnreachableError(f"the transfer took longer than {seconds:.0f} s")
            part = answer.read(min(missing, 1 << 18))
            if not part:
                break
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    return read
