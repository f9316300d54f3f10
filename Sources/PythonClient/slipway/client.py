"""The code store's HTTP interface, as far as a node needs it."""

from __future__ import annotations

import json
from typing import Callable, Dict, Iterable, Optional
from urllib.parse import quote, urlencode

from . import limits
from .bundle import read_bundle
from .errors import UnreachableError
from .transport import Transport, read_all, reader
from .wire import EventReader, Pointer, read_json, read_pointer


class Client:
    """What a node asks and tells its server."""

    def __init__(self, transport: Transport):
        self._transport = transport

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
        with self._transport.answer("GET", path, headers=headers, seconds=seconds) as answer:
            if answer.status == 304:
                return None
            body = read_all(answer, limits.POINTER_BYTES_MAX, seconds)
        return read_pointer(read_json(body))

    def manifest(self, digest: str) -> bytes:
        """The manifest's bytes, not yet verified."""
        with self._transport.answer("GET", f"/cs/v1/manifests/{digest}") as answer:
            return read_all(answer, limits.MANIFEST_BYTES_MAX, limits.TRANSFER_SECONDS)

    def bundle(self, digest: str, have: Optional[str]) -> Dict[str, bytes]:
        """The verified blobs of a release that the release `have` lacks, or all of them."""
        path = f"/cs/v1/bundles/{digest}" + (f"?from={have}" if have else "")
        with self._transport.answer("GET", path) as answer:
            return dict(read_bundle(reader(answer, limits.TRANSFER_SECONDS)))

    def report(self, node: str, body: dict) -> None:
        """Tells the server what this node prepared and runs."""
        with self._transport.answer(
            "POST",
            f"/cs/v1/nodes/{quote(node, '')}",
            body=json.dumps(body).encode(),
            seconds=limits.REPORT_SECONDS,
        ) as answer:
            answer.read(limits.PROBLEM_BYTES_MAX)

    def watch(self, unit: str, channel: str, alive: Callable[[], None]) -> Iterable[Pointer]:
        """Yields the channel's present and then each of its moves, until the stream ends.

        `alive` is called for every line, heartbeats included.
        """
        query = urlencode({"c": f"{unit}/{channel}"}, safe="/")
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-cache"}
        seconds = limits.WATCH_FIRST_BYTE_SECONDS
        with self._transport.answer(
            "GET", f"/cs/v1/watch?{query}", headers=headers, seconds=seconds, watching=True
        ) as answer:
            events = EventReader()
            for line in self._lines(answer):
                alive()
                event = events.feed(line)
                if event is None or event[0] != "promote":
                    continue
                data = read_json(event[1])
                if isinstance(data, dict) and _is_about(data, unit, channel):
                    yield read_pointer(data)

    def _lines(self, answer) -> Iterable[bytes]:
        while True:
            line = answer.readline(limits.EVENT_BYTES_MAX)
            if not line:
                return
            if not line.endswith(b"\n"):
                raise UnreachableError("the watch broke off, or sent a line over 1 MiB")
            self._transport.allow_silence(limits.WATCH_SILENCE_SECONDS)
            yield line.rstrip(b"\r\n")

def _is_about(data: dict, unit: str, channel: str) -> bool:
    return data.get("unit", unit) == unit and data.get("channel", channel) == channel
