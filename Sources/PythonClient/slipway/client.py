"""Talks to the server: one request, one connection, every wait with a limit."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import threading
import time
from typing import Callable, Dict, Iterable, Optional
from urllib.parse import quote, urlencode, urlsplit

from . import limits
from .bundle import read_bundle
from .errors import ConfigurationError, NoReleaseError, RefusedError, UnreachableError
from .wire import EventReader, Pointer, problem_text, read_json, read_pointer

USER_AGENT = "slipway-python/1"


class NotFoundError(NoReleaseError):
    """The server has nothing under this address."""


class Client:
    """The code store's HTTP interface, as far as a node needs it."""

    def __init__(self, server: str, token: Optional[str]):
        parts = urlsplit(server)
        self.server = server
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._base = parts.path.rstrip("/")
        self._token = token
        self._watching: Optional[socket.socket] = None
        self._guard = threading.Lock()

    def pointer(
        self, unit: str, channel: str, since: Optional[int] = None, wait: int = 0
    ) -> Optional[Pointer]:
        """Where the channel points; None when it is still at `since` after `wait` seconds."""
        path = f"/cs/v1/channels/{quote(unit, '')}/{quote(channel, '')}"
        headers = {}
        if since is not None:
            path += "?" + urlencode({"wait": wait, "since": since})
            headers["If-None-Match"] = f'"r{since}"'
        seconds = limits.ANSWER_SECONDS + wait * 1.1
        with self._answer("GET", path, headers=headers, seconds=seconds) as answer:
            if answer.status == 304:
                return None
            body = _read_all(answer, limits.POINTER_BYTES_MAX, seconds)
        return read_pointer(read_json(body))

    def manifest(self, digest: str) -> bytes:
        """The manifest's bytes, not yet verified."""
        with self._answer("GET", f"/cs/v1/manifests/{digest}") as answer:
            return _read_all(answer, limits.MANIFEST_BYTES_MAX, limits.TRANSFER_SECONDS)

    def bundle(self, digest: str, have: Optional[str]) -> Dict[str, bytes]:
        """The verified blobs of a release that the release `have` lacks, or all of them."""
        path = f"/cs/v1/bundles/{digest}" + (f"?from={have}" if have else "")
        with self._answer("GET", path) as answer:
            return dict(read_bundle(_reader(answer, limits.TRANSFER_SECONDS)))

    def report(self, node: str, body: dict) -> None:
        """Tells the server what this node prepared and runs."""
        data = json.dumps(body).encode()
        path = f"/cs/v1/nodes/{quote(node, '')}"
        with self._answer("POST", path, body=data, seconds=limits.REPORT_SECONDS) as answer:
            answer.read(limits.PROBLEM_BYTES_MAX)

    def watch(
        self, unit: str, channel: str, since: int, alive: Callable[[], None]
    ) -> Iterable[Pointer]:
        """Yields the channel's present and then each of its moves, until the stream ends.

        `alive` is called for every line, heartbeats included.
        """
        query = urlencode({"c": f"{unit}/{channel}", "since": since}, safe="/")
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-cache"}
        seconds = limits.WATCH_FIRST_BYTE_SECONDS
        with self._answer(
            "GET", f"/cs/v1/watch?{query}", headers=headers, seconds=seconds, watching=True
        ) as answer:
            reader = EventReader()
            for line in self._lines(answer):
                alive()
                event = reader.feed(line)
                if event is None or event[0] != "promote":
                    continue
                data = read_json(event[1])
                if isinstance(data, dict) and _is_about(data, unit, channel):
                    yield read_pointer(data)

    def stop_watching(self) -> None:
        """Breaks off a watch that another thread is reading."""
        with self._guard:
            if self._watching is not None:
                with contextlib.suppress(OSError):
                    self._watching.shutdown(socket.SHUT_RDWR)

    def renew_lock(self) -> None:
        """After a fork: closes the child's copy of the watch's connection, and only that."""
        self._guard = threading.Lock()
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    def _lines(self, answer) -> Iterable[bytes]:
        while True:
            line = answer.readline(limits.EVENT_BYTES_MAX)
            if not line:
                return
            if not line.endswith(b"\n"):
                raise UnreachableError("the watch broke off, or sent a line over 1 MiB")
            with self._guard:
                if self._watching is not None:
                    self._watching.settimeout(limits.WATCH_SILENCE_SECONDS)
            yield line.rstrip(b"\r\n")

    @contextlib.contextmanager
    def _answer(
        self,
        method: str,
        path: str,
        body: Optional[bytes] = None,
        headers: Optional[dict] = None,
        seconds: float = limits.ANSWER_SECONDS,
        watching: bool = False,
    ):
        """Sends one request and hands over the answer, refusals already turned to errors."""
        connection = self._connection()
        try:
            connection.connect()
            connection.sock.settimeout(seconds)
            if watching:
                with self._guard:
                    self._watching = connection.sock
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
            connection.close()

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


def _is_about(data: dict, unit: str, channel: str) -> bool:
    return data.get("unit", unit) == unit and data.get("channel", channel) == channel


def _read_all(answer, limit: int, seconds: float) -> bytes:
    data = _reader(answer, seconds)(limit + 1)
    if len(data) > limit:
        raise UnreachableError(f"an answer is larger than {limit} bytes")
    return data


def _reader(answer, seconds: float) -> Callable[[int], bytes]:
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
