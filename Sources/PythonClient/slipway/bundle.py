"""Reads a bundle: the missing blobs of a release in one stream of frames.

`CSB1`, then per blob `sha256[32] kind[u8] codec[u8] raw[u32] stored[u32] bytes`, big endian.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import Callable, Iterator, Tuple

from . import limits
from .errors import IntegrityError, UnreachableError

MAGIC = b"CSB1"
_HEADER = struct.Struct(">32sBBII")
_KIND_BLOB = 0
_RAW, _ZLIB = 0, 1


def read_bundle(read: Callable[[int], bytes]) -> Iterator[Tuple[str, bytes]]:
    """Yields each blob as `(sha256 hex, bytes)`, verified.

    `read(n)` returns exactly n bytes, or fewer at the end of the stream. Frames of a kind
    this client does not know are skipped, so that a server may send more than it asked for.
    """
    magic = read(len(MAGIC))
    if magic != MAGIC:
        raise UnreachableError(f"not a bundle of the code store: it begins with {magic!r}")
    total = 0
    while True:
        header = read(_HEADER.size)
        if not header:
            return
        if len(header) < _HEADER.size:
            raise UnreachableError("the bundle broke off in the middle of a frame")
        digest, kind, codec, raw, stored = _HEADER.unpack(header)
        total += raw
        if max(raw, stored) > limits.BLOB_BYTES_MAX or total > limits.RELEASE_BYTES_MAX:
            raise IntegrityError("the bundle is larger than a release may be")
        body = read(stored)
        if len(body) < stored:
            raise UnreachableError("the bundle broke off in the middle of a frame")
        if kind == _KIND_BLOB:
            yield digest.hex(), _verified(digest, codec, raw, body)


def _verified(digest: bytes, codec: int, raw: int, body: bytes) -> bytes:
    if codec == _ZLIB:
        body = _inflated(body, raw)
    elif codec != _RAW:
        raise IntegrityError(f"the bundle uses compression {codec}, unknown to this client")
    if len(body) != raw or hashlib.sha256(body).digest() != digest:
        raise IntegrityError(f"blob {digest.hex()} arrived damaged; it was not used.")
    return body


def _inflated(body: bytes, raw: int) -> bytes:
    """Never makes more bytes than announced, whatever the stream would expand to."""
    inflater = zlib.decompressobj()
    try:
        return inflater.decompress(body, raw + 1) if raw else b""
    except zlib.error as error:
        raise IntegrityError(f"a blob of the bundle does not inflate: {error}") from None
