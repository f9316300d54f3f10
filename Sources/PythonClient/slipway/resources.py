"""Package data for `importlib.resources`: files of a release that are not on any disk."""

from __future__ import annotations

import errno
import importlib
import io
import sys


class PackageReader:
    """What `importlib.resources` calls a TraversableResources."""

    def __init__(self, release, module):
        self._release = release
        self._module = module

    def files(self) -> "StoreFile":
        return StoreFile(self._release, self._module.folder)

    def open_resource(self, resource: str):
        return self.files().joinpath(resource).open("rb")

    def resource_path(self, resource: str):
        # The protocol's way to say "not on disk": as_file() then writes a temporary copy.
        raise FileNotFoundError(errno.ENOENT, "kept in the code store, not on disk", resource)

    def is_resource(self, path: str) -> bool:
        return self.files().joinpath(path).is_file()

    def contents(self):
        return (item.name for item in self.files().iterdir())


class StoreFile:
    """A file or folder inside a release; what `importlib.resources` calls a Traversable."""

    def __init__(self, release, path: str):
        self._release = release
        self._path = path

    @property
    def name(self) -> str:
        return self._path.rpartition("/")[2]

    def iterdir(self):
        names = self._release.folder(self._path)
        if names is None:
            raise self._error(errno.ENOTDIR if self.is_file() else errno.ENOENT)
        return (self.joinpath(name) for name in sorted(names))

    def is_dir(self) -> bool:
        return self._release.folder(self._path) is not None

    def is_file(self) -> bool:
        return self._path in self._release.entries

    def exists(self) -> bool:
        return self.is_file() or self.is_dir()

    def joinpath(self, *descendants) -> "StoreFile":
        parts = self._path.split("/") if self._path else []
        for descendant in descendants:
            for part in str(descendant).split("/"):
                if part == "..":
                    raise ValueError(f"{descendant!r} leads out of its folder")
                if part not in ("", "."):
                    parts.append(part)
        return StoreFile(self._release, "/".join(parts))

    __truediv__ = joinpath

    def read_bytes(self) -> bytes:
        content = self._release.bytes_of(self._path)
        if content is None:
            raise self._error(errno.EISDIR if self.is_dir() else errno.ENOENT)
        return content

    def read_text(self, encoding=None, errors=None) -> str:
        with self.open("r", encoding=encoding, errors=errors) as stream:
            return stream.read()

    def open(self, mode="r", *arguments, **named):
        if mode not in ("r", "rt", "rb"):
            raise ValueError(f"a release cannot be changed, so mode {mode!r} is not possible")
        stream = io.BytesIO(self.read_bytes())
        if mode == "rb":
            return stream
        if not arguments and named.get("encoding") is None:
            named["encoding"] = "utf-8"
        return io.TextIOWrapper(stream, *arguments, **named)

    def _error(self, number: int) -> OSError:
        where = f"{self._release.base}{self._path}"
        return OSError(number, f"not in {self._release.unit} {self._release.version}", where)

    def __str__(self) -> str:
        return f"{self._release.base}{self._path}"

    def __repr__(self) -> str:
        return f"<StoreFile {self}>"

    def __eq__(self, other) -> bool:
        if not isinstance(other, StoreFile):
            return NotImplemented
        return (self._release.digest, self._path) == (other._release.digest, other._path)

    def __hash__(self) -> int:
        return hash((self._release.digest, self._path))


def teach_python_39() -> None:
    """Makes `importlib.resources.files` of Python 3.9 ask the loader, as all later ones do."""
    if sys.version_info >= (3, 10):
        return
    common = importlib.import_module("importlib._common")
    from_folder = common.from_package

    def from_package(package):
        reader = getattr(package.__spec__.loader, "get_resource_reader", lambda name: None)
        found = reader(package.__name__)
        return found.files() if isinstance(found, PackageReader) else from_folder(package)

    if from_folder.__name__ != "from_package_or_store":
        from_package.__name__ = "from_package_or_store"
        common.from_package = from_package
