"""What import statements mean in the code of a release."""

from __future__ import annotations

import builtins
import importlib

from .modules import NAMESPACE
from .pins import pinned_to
from .tracebacks import without_ours


class ReleaseImport:
    """The `__import__` of one release: its own names from its space, all others as usual."""

    def __init__(self, space):
        self.space = space
        self._modules = space.release.modules
        self._roots = space.release.roots

    def __call__(self, name, globals=None, locals=None, fromlist=(), level=0):
        full = absolute_name(name, globals, level) if level else name
        if full.partition(".")[0] not in self._roots:
            return builtins.__import__(name, globals, locals, fromlist, level)
        try:
            return self._imported(name, full, globals, locals, fromlist, level)
        except BaseException as error:
            raise error.with_traceback(without_ours(error.__traceback__))

    def _imported(self, name, full, globals, locals, fromlist, level):
        if full not in self._modules:
            # The part of a namespace package that lies on disk, or a proper refusal.
            return pinned_to(self.space, builtins.__import__, full, globals, locals, fromlist, 0)
        module = self.space.load(full)
        if not fromlist:
            return self.space.load(top_of(name, full, level))
        if self._modules[full].is_package:
            self._load_listed(full, module, fromlist)
        return module

    def _load_listed(self, full: str, package, names) -> None:
        """Imports the submodules among the names of `from package import …`."""
        for name in names:
            if name == "*":
                self._load_listed(full, package, star_names(package))
            elif not hasattr(package, name):
                child = f"{full}.{name}"
                if child in self._modules:
                    self.space.load(child)
                elif self._modules[full].kind == NAMESPACE:
                    pinned_to(self.space, _import_if_there, child)


def owner_of(function):
    """The space whose code a function is; None for code of no release."""
    content = getattr(getattr(function, "__func__", function), "__globals__", {})
    names = content.get("__builtins__")
    importer = names.get("__import__") if isinstance(names, dict) else None
    return importer.space if isinstance(importer, ReleaseImport) else None


def absolute_name(name: str, globals, level: int) -> str:
    """The full name of a relative import."""
    package = _package(globals or {})
    if not package:
        raise ImportError("attempted relative import with no known parent package")
    parts = package.rsplit(".", level - 1)
    if len(parts) < level:
        raise ImportError("attempted relative import beyond top-level package")
    return f"{parts[0]}.{name}" if name else parts[0]


def top_of(name: str, full: str, level: int) -> str:
    """What `import a.b.c` binds: `a`, or its counterpart in a relative `__import__`."""
    if level == 0:
        return full.partition(".")[0]
    below = len(name) - len(name.partition(".")[0])
    return full[: len(full) - below]


def star_names(package) -> list:
    """The names that `from package import *` may have to import as submodules."""
    listed = getattr(package, "__all__", ())
    return [name for name in listed if isinstance(name, str) and name != "*"]


def _package(globals) -> str:
    package = globals.get("__package__")
    if package is None:
        package = globals.get("__name__", "")
        if "__path__" not in globals:
            package = package.rpartition(".")[0]
    return package


def _import_if_there(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
