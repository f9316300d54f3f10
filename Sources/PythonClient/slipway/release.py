"""A release in memory: every file's bytes, every module's code, nothing executed yet."""

from __future__ import annotations

import errno
import importlib.util
from typing import Dict, FrozenSet, Optional

from .compiler import Codes, origin
from .manifest import Manifest
from .modules import SOURCE, ModuleFile


class Release:
    """An immutable set of files and the modules among them."""

    def __init__(
        self,
        manifest: Manifest,
        modules: Dict[str, ModuleFile],
        blobs: Dict[str, bytes],
        codes: Codes,
    ):
        self.digest = manifest.digest
        self.unit = manifest.unit
        self.version = manifest.version
        self.entries = manifest.entries
        self.modules = modules
        self.blobs = blobs
        self.codes = codes
        self.roots: FrozenSet[str] = frozenset(name.partition(".")[0] for name in modules)
        self.base = f"slipway://{manifest.unit}/"
        self._folders: Optional[Dict[str, Dict[str, bool]]] = None

    def bytes_of(self, path: str) -> Optional[bytes]:
        """The content of a file; None if the release has no such file."""
        entry = self.entries.get(path)
        return None if entry is None else self.blobs[entry.sha256]

    def origin(self, module: ModuleFile) -> Optional[str]:
        """The file name of a module; None for a namespace package."""
        if module.path is None:
            return None
        return origin(self.unit, module.path, self.entries[module.path].sha256)

    def location(self, module: ModuleFile) -> str:
        """What a package's `__path__` holds."""
        return self.base + module.folder

    def source(self, module: ModuleFile) -> Optional[str]:
        """A module's text; None if it has none."""
        if module.kind != SOURCE:
            return None
        return importlib.util.decode_source(self.bytes_of(module.path))

    def data(self, name: str) -> bytes:
        """A file by the name it has to the import system, as `pkgutil.get_data` asks for it."""
        path = name[len(self.base) :] if name.startswith(self.base) else name
        content = self.bytes_of(path)
        if content is None:
            content = self.bytes_of(path.rpartition("@")[0])
        if content is None:
            raise OSError(errno.ENOENT, f"not in {self.unit} {self.version}", name)
        return content

    def folder(self, path: str) -> Optional[Dict[str, bool]]:
        """Names in a folder, each with whether it is a folder; None if there is no folder."""
        if self._folders is None:
            self._folders = _folders(self.entries)
        return self._folders.get(path)


def _folders(paths) -> Dict[str, Dict[str, bool]]:
    folders: Dict[str, Dict[str, bool]] = {"": {}}
    for path in paths:
        child, is_folder = path, False
        while child:
            parent, _, name = child.rpartition("/")
            names = folders.setdefault(parent, {})
            if name in names:
                break
            names[name] = is_folder
            child, is_folder = parent, True
    return folders
