"""Where the import system asks first: the finder for `sys.meta_path` and its path hook."""

from __future__ import annotations

import sys
from typing import Callable, Iterator, Tuple

from .namespaces import disk_portions
from .resources import teach_python_39

_SCHEME = "slipway://"


class StoreFinder:
    """Finds the modules of the visible release.

    It stands first: a lookup in a dictionary costs other imports nothing, and behind the path
    finder every import from the store would search all folders before.
    """

    def __init__(self, visible: Callable):
        self._visible = visible

    def find_spec(self, name: str, path=None, target=None):
        space = self._visible()
        if space is None or name not in space.release.modules:
            return None
        # Always a new spec: the import system marks the one it is working on.
        loader = space.loader(name)
        return loader.spec(disk_portions(loader.module))

    def find_distributions(self, context=None):
        """The `*.dist-info` folders of the release, for `importlib.metadata`."""
        from .metadata import distributions  # importlib.metadata is slow to import

        space = self._visible()
        return iter(()) if space is None else distributions(space.release, context)

    def iter_modules(self, prefix: str = "") -> Iterator[Tuple[str, bool]]:
        """Top-level modules, for `pkgutil.iter_modules()`."""
        space = self._visible()
        return _children(space, "", prefix)

    def invalidate_caches(self) -> None:
        """Nothing to do: a release never changes."""


class FolderFinder:
    """What the path hook makes of a package's `__path__`, for `pkgutil` and the path finder."""

    def __init__(self, package: str, finder: StoreFinder, visible: Callable):
        self._package = package
        self._finder = finder
        self._visible = visible

    def find_spec(self, name: str, target=None):
        return self._finder.find_spec(name)

    def iter_modules(self, prefix: str = "") -> Iterator[Tuple[str, bool]]:
        return _children(self._visible(), self._package + ".", prefix)

    def invalidate_caches(self) -> None:
        """Nothing to do: a release never changes."""


class ImportHooks:
    """The client's place in the import system."""

    def __init__(self, visible: Callable):
        self._visible = visible
        self._finder = StoreFinder(visible)

    def add(self) -> None:
        teach_python_39()
        sys.meta_path.insert(0, self._finder)
        sys.path_hooks.insert(0, self.path_hook)

    def remove(self) -> None:
        if self._finder in sys.meta_path:
            sys.meta_path.remove(self._finder)
        if self.path_hook in sys.path_hooks:
            sys.path_hooks.remove(self.path_hook)
        for entry in [entry for entry in sys.path_importer_cache if str(entry).startswith(_SCHEME)]:
            sys.path_importer_cache.pop(entry, None)

    def path_hook(self, entry: str) -> FolderFinder:
        space = self._visible()
        if space is None or not str(entry).startswith(space.release.base):
            raise ImportError("not a folder of the code store", path=entry)
        package = entry[len(space.release.base) :].replace("/", ".")
        return FolderFinder(package, self._finder, self._visible)


def _children(space, start: str, prefix: str) -> Iterator[Tuple[str, bool]]:
    """The modules directly below a package, sorted as `pkgutil` sorts them."""
    if space is None:
        return
    for name, module in sorted(space.release.modules.items()):
        tail = name[len(start) :]
        if name.startswith(start) and "." not in tail:
            yield prefix + tail, module.is_package
