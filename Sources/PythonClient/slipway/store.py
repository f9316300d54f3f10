"""Gets releases: from memory, else from the local cache, else from the server."""

from __future__ import annotations

from collections import OrderedDict
from typing import Dict, Optional, Set

from . import compiler, limits
from .cache import Cache
from .client import Client
from .errors import IntegrityError, UnreachableError
from .links import without_links
from .manifest import Manifest, read_manifest
from .modules import module_files
from .namespaces import without_hidden
from .release import Release
from .transport import NotFoundError
from .wire import Pointer


class Store:
    """Whole, verified and compiled releases of one unit."""

    def __init__(self, unit: str, client: Client, cache: Optional[Cache]):
        self._unit = unit
        self._client = client
        self._cache = cache
        self._recent: "OrderedDict[str, Release]" = OrderedDict()

    def release(self, pointer: Pointer, base: Optional[str] = None) -> Release:
        """The release a pointer names.

        `base` is the digest of a release this node had before: only the difference to it is
        fetched. Raises `BrokenReleaseError` if the release does not compile.
        """
        found = self._recent.get(pointer.release) or self._assembled(pointer, base)
        self._recent[pointer.release] = found
        self._recent.move_to_end(pointer.release)
        while len(self._recent) > limits.RESIDENT_SPACES:
            self._recent.popitem(last=False)
        return found

    def cached(self, pointer: Pointer) -> Release:
        """The release a pointer names, without asking the server."""
        return Store(self._unit, _Nowhere(), self._cache).release(pointer)

    def _assembled(self, pointer: Pointer, base: Optional[str]) -> Release:
        manifest = self._manifest(pointer.release)
        if (manifest.unit, manifest.version) != (self._unit, pointer.version):
            raise IntegrityError(
                f"the channel says {self._unit} {pointer.version}, "
                f"but its manifest is of {manifest.unit} {manifest.version}."
            )
        blobs = self._blobs(manifest, base)
        manifest = manifest._replace(entries=without_links(manifest.entries, blobs))
        modules = without_hidden(module_files(manifest.entries))
        stored = self._stored_codes(manifest.digest)
        known = dict(stored or self._stored_codes(base))
        for release in self._recent.values():
            known.update(release.codes)
        codes = compiler.compile_release(manifest, modules, blobs, known)
        if self._cache is not None and codes.keys() != stored.keys():
            self._cache.keep_code(manifest.digest, compiler.TAG, compiler.pack(codes))
        return Release(manifest, modules, blobs, codes)

    def _manifest(self, digest: str) -> Manifest:
        data = self._cache.manifest(digest) if self._cache else None
        if data is None:
            data = self._client.manifest(digest)
            manifest = read_manifest(data, digest)
            if self._cache is not None:
                self._cache.keep_manifest(digest, data)
            return manifest
        return read_manifest(data, digest)

    def _blobs(self, manifest: Manifest, base: Optional[str]) -> Dict[str, bytes]:
        """All blobs of a release; bytes that older releases in memory hold are shared."""
        sizes = {entry.sha256: entry.size for entry in manifest.entries.values()}
        blobs: Dict[str, bytes] = {}
        for release in self._recent.values():
            blobs.update((key, release.blobs[key]) for key in release.blobs.keys() & sizes.keys())
        for key in sizes.keys() - blobs.keys():
            data = self._cache.blob(key) if self._cache else None
            if data is not None:
                blobs[key] = data
        missing = sizes.keys() - blobs.keys()
        if missing:
            blobs.update(self._fetched(manifest.digest, set(missing), base))
        for key, size in sizes.items():
            if len(blobs[key]) != size:
                raise IntegrityError(f"the manifest {manifest.digest} is wrong about {key}.")
        return blobs

    def _fetched(self, digest: str, missing: Set[str], base: Optional[str]) -> Dict[str, bytes]:
        """The missing blobs; a difference first, the whole where that does not suffice."""
        found: Dict[str, bytes] = {}
        for have in [base, None] if base and base != digest else [None]:
            try:
                bundle = self._client.bundle(digest, have)
            except NotFoundError:
                if have is None:
                    raise
                continue  # the server no longer knows what we had
            found.update((key, data) for key, data in bundle.items() if key in missing)
            if not missing - found.keys():
                break
        if missing - found.keys():
            raise UnreachableError(
                f"the bundle of {digest} lacks {len(missing - found.keys())} of its files; "
                "`slipway doctor` on the server checks the store."
            )
        if self._cache is not None:
            for key, data in found.items():
                self._cache.keep_blob(key, data)
        return found

    def _stored_codes(self, digest: Optional[str]) -> compiler.Codes:
        if self._cache is None or digest is None:
            return {}
        return compiler.unpack(self._cache.code(digest, compiler.TAG))


class _Nowhere:
    """Stands where the server would be when only the cache is asked."""

    def manifest(self, digest: str) -> bytes:
        raise UnreachableError(f"the manifest {digest} is not in the local cache.")

    def bundle(self, digest: str, have: Optional[str]) -> Dict[str, bytes]:
        raise UnreachableError(f"files of {digest} are not in the local cache.")
