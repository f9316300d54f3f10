"""A release's manifest: the canonical list of its files, whose digest is its identity."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Dict, NamedTuple

from . import limits
from .errors import IntegrityError

_HEX = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)


_LINK = 0o120000


class Entry(NamedTuple):
    """One file of a release."""

    sha256: str
    size: int
    mode: int

    @property
    def is_link(self) -> bool:
        """Whether its bytes are the target of a symbolic link."""
        return self.mode == _LINK


class Manifest(NamedTuple):
    """What a release consists of."""

    digest: str
    unit: str
    version: str
    entries: Dict[str, Entry]


def read_manifest(data: bytes, digest: str) -> Manifest:
    """Checks the bytes against `sha256:<hex>` first, and only then reads them."""
    actual = "sha256:" + hashlib.sha256(data).hexdigest()
    if actual != digest:
        raise IntegrityError(f"the manifest {digest} arrived as {actual}; it was not used.")
    try:
        content = json.loads(data.decode("utf-8"))
        form, unit, version = content["v"], content["unit"], content["version"]
        listed = content["entries"]
        entries = {path: _entry(path, value) for path, value in listed.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IntegrityError(f"the manifest {digest} cannot be read: {error!r}") from None
    if form != 1:
        raise IntegrityError(
            f"the manifest {digest} has form {form!r}, and this client knows only form 1: "
            "take the newer client from your server."
        )
    _check_bounds(digest, entries)
    return Manifest(digest, unit, version, entries)


def _entry(path: str, value) -> Entry:
    sha256, size, mode = value
    if not isinstance(sha256, str) or not _HEX.match(sha256):
        raise ValueError(f"{path!r} has no SHA-256")
    if type(size) is not int or type(mode) is not int or size < 0:
        raise ValueError(f"{path!r} has no size or mode")
    if not _is_safe(path.encode("utf-8")):
        raise ValueError(f"{path!r} is not a path inside a release")
    return Entry(sha256, size, mode)


def _is_safe(path: bytes) -> bool:
    """Decided on bytes: paths never reach a file system, but resources are named by them."""
    if len(path) > limits.PATH_BYTES_MAX or b"\0" in path:
        return False
    return all(part not in (b"", b".", b"..") for part in path.split(b"/"))


def _check_bounds(digest: str, entries: Dict[str, Entry]) -> None:
    if len(entries) > limits.MANIFEST_ENTRIES_MAX:
        raise IntegrityError(f"{digest} lists {len(entries)} files; the limit is 200,000.")
    if any(entry.size > limits.BLOB_BYTES_MAX for entry in entries.values()):
        raise IntegrityError(f"{digest} holds a file larger than 256 MiB; code should not.")
    if sum(entry.size for entry in entries.values()) > limits.RELEASE_BYTES_MAX:
        raise IntegrityError(f"{digest} is larger than 1 GiB; publish less than the workspace.")
