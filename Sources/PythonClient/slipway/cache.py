"""The local cache: what a process needs to start while the server is away.

    blobs/ab/cdef…          bytes named by their SHA-256
    manifests/<hex>         named by their SHA-256
    code/<hex>-<tag>        compiled code of one release for one interpreter
    channels/<name>.json    what the channel pointed at when it was last prepared

Everything is verified when it is read; what fails is removed and fetched again. Files appear
by rename, so processes may share the folder without locks.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from typing import Iterator, NamedTuple, Optional

from . import limits
from .errors import CacheError, IntegrityError, SlipwayError
from .manifest import read_manifest
from .wire import Pointer, is_digest, read_pointer

_CODE_MAGIC = b"SLPC1\n"
# What a file is called until it is whole.
_NEW = ".new-"


class Known(NamedTuple):
    """What the cache remembers of a channel: the last good release and the one before."""

    active: Pointer
    previous: Optional[str]


class Cache:
    """A folder that only its owner can write."""

    def __init__(self, folder: str):
        self.folder = folder
        try:
            for part in ("", "blobs", "manifests", "code", "channels"):
                os.makedirs(os.path.join(folder, part), mode=0o700, exist_ok=True)
            status = os.stat(folder)
        except OSError as error:
            raise CacheError(
                f"the cache folder {folder} cannot be used ({error.strerror}): "
                "give a folder of your own in SLIPWAY_CACHE, or SLIPWAY_CACHE=off."
            ) from error
        # Whoever can write here decides what a process runs when the server is away.
        if status.st_mode & 0o022 or status.st_uid not in (os.geteuid(), 0):
            raise CacheError(
                f"others can write to the cache folder {folder}: `chmod go-w` it, "
                "or give another in SLIPWAY_CACHE."
            )

    def blob(self, sha256: str) -> Optional[bytes]:
        """A blob, verified; None if it is absent or damaged."""
        path = self._blob_path(sha256)
        data = self._read(path, limits.BLOB_BYTES_MAX)
        if data is None or hashlib.sha256(data).hexdigest() == sha256:
            return data
        self._remove(path)
        return None

    def keep_blob(self, sha256: str, data: bytes) -> None:
        self._write(self._blob_path(sha256), data)

    def manifest(self, digest: str) -> Optional[bytes]:
        """A manifest's bytes, verified; None if they are absent or damaged."""
        path = self._path("manifests", _hex(digest))
        data = self._read(path, limits.MANIFEST_BYTES_MAX)
        if data is None or hashlib.sha256(data).hexdigest() == _hex(digest):
            return data
        self._remove(path)
        return None

    def keep_manifest(self, digest: str, data: bytes) -> None:
        self._write(self._path("manifests", _hex(digest)), data)

    def code(self, digest: str, tag: str) -> Optional[bytes]:
        """Compiled code of a release, verified; None if it is absent or damaged."""
        path = self._path("code", f"{_hex(digest)}-{tag}")
        data = self._read(path, limits.RELEASE_BYTES_MAX)
        head = len(_CODE_MAGIC) + 32
        if data is None:
            return None
        body = data[head:]
        if data[:head] == _CODE_MAGIC + hashlib.sha256(body).digest():
            return body
        self._remove(path)
        return None

    def keep_code(self, digest: str, tag: str, body: bytes) -> None:
        data = _CODE_MAGIC + hashlib.sha256(body).digest() + body
        self._write(self._path("code", f"{_hex(digest)}-{tag}"), data)

    def known(self, channel: str) -> Optional[Known]:
        """What was last prepared for a channel, named by `Settings.key`."""
        data = self._read(self._path("channels", channel + ".json"), limits.POINTER_BYTES_MAX)
        try:
            content = json.loads(data) if data else {}
            previous = content.get("previous")
            return Known(
                read_pointer(content["active"]), previous if is_digest(previous) else None
            )
        except (ValueError, KeyError, TypeError, AttributeError, SlipwayError):
            return None

    def remember(self, channel: str, pointer: Pointer) -> None:
        """Makes `pointer` what this channel starts with when the server is away."""
        known = self.known(channel)
        previous = known and known.previous
        if known and known.active.release != pointer.release:
            previous = known.active.release
        content = {"active": pointer.to_json(), "previous": previous}
        path = self._path("channels", channel + ".json")
        self._write(path, json.dumps(content).encode(), durable=True)

    def prune(self) -> None:
        """Removes what no remembered channel needs and nobody wrote within the last hour.

        A process that loses a blob it was about to read fetches it again.
        """
        needed = set(self._needed())
        for part in ("blobs", "manifests", "code"):
            for path, name in self._files(part):
                if name[:64] not in needed and _is_old(path):
                    self._remove(path)

    def _needed(self) -> Iterator[str]:
        for path, name in self._files("channels"):
            known = self.known(name[: -len(".json")])
            if known is None or _is_old(path, limits.CHANNEL_FORGET_SECONDS):
                self._remove(path)
                continue
            for digest in (known.active.release, known.previous):
                data = digest and self.manifest(digest)
                if data:
                    yield _hex(digest)
                    with contextlib.suppress(IntegrityError):
                        entries = read_manifest(data, digest).entries
                        yield from (entry.sha256 for entry in entries.values())

    def _files(self, part: str):
        """Every file below a part, with its digest (or name) in one piece."""
        top = self._path(part)
        for folder, _, names in os.walk(top):
            prefix = os.path.basename(folder) if folder != top else ""
            for name in names:
                path = os.path.join(folder, name)
                if not name.startswith(_NEW) or _is_old(path):
                    yield path, prefix + name

    def _path(self, *parts: str) -> str:
        return os.path.join(self.folder, *parts)

    def _blob_path(self, sha256: str) -> str:
        return self._path("blobs", sha256[:2], sha256[2:])

    def _read(self, path: str, limit: int) -> Optional[bytes]:
        try:
            with open(path, "rb") as file:
                data = file.read(limit + 1)
        except OSError:
            return None
        return data if len(data) <= limit else None

    def _write(self, path: str, data: bytes, durable: bool = False) -> None:
        """A full disk or a lost folder costs the next start some time, never this one."""
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=_NEW)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    if durable:
                        file.flush()
                        os.fsync(file.fileno())
                os.replace(temporary, path)
            except BaseException:
                self._remove(temporary)
                raise

    def _remove(self, path: str) -> None:
        with contextlib.suppress(OSError):
            os.unlink(path)


def _is_old(path: str, seconds: float = limits.CACHE_GRACE_SECONDS) -> bool:
    try:
        return os.stat(path).st_mtime < time.time() - seconds
    except OSError:
        return False


def _hex(digest: str) -> str:
    return digest[len("sha256:") :]
