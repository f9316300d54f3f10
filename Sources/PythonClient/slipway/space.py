"""One release, executing: its modules, isolated from those of every other release.

Each module runs with its own `__builtins__`, whose `__import__` answers the release's names
from the release's own table. CPython takes `__import__` from the running function's builtins,
so code pins itself: a late import in an old request still gets the old release.
"""

from __future__ import annotations

import builtins
import importlib
import marshal
import threading
import weakref
from importlib import _bootstrap
from types import ModuleType
from typing import Dict, List, Optional, Tuple

from .errors import ConfigurationError
from .extension import load_extension
from .imports import ReleaseImport
from .loader import StoreLoader, bind, blank_module
from .modules import EXTENSION, SOURCE, ModuleFile
from .namespaces import disk_portions
from .pins import pinned_to
from .release import Release
from .sources import Sources
from .standins import StandIns
from .wire import Pointer

_resident: "weakref.WeakSet[Space]" = weakref.WeakSet()


def resident() -> int:
    """How many releases this process holds; more than two for long means that one leaks."""
    return len(_resident)


def forget_other_threads() -> None:
    """After a fork: what other threads were importing is not being imported any more."""
    for space in list(_resident):
        space._forget_other_threads()


class Space:
    """The table of modules of one release."""

    def __init__(self, release: Release, pointer: Pointer, stand_ins: StandIns):
        self.release = release
        self.pointer = pointer
        self._stand_ins = stand_ins
        self._ready: Dict[str, ModuleType] = {}
        self._loading: Dict[str, Tuple[ModuleType, int]] = {}
        self._locks: Dict[str, object] = {}
        self._guard = threading.Lock()
        self._specs: Dict[str, object] = {}
        self._targets: Dict[str, object] = {}
        self._sources = Sources()
        self._builtins = dict(vars(builtins))
        self._builtins["__import__"] = ReleaseImport(self)
        _resident.add(self)

    def has(self, name: str) -> bool:
        """Whether the module has run, or is running now."""
        return name in self._ready or name in self._loading

    def loaded(self) -> List[str]:
        """The modules that have run, in the order they finished."""
        return list(self._ready)

    def loader(self, name: str) -> StoreLoader:
        return self.loader_of(self.release.modules[name])

    def loader_of(self, file: ModuleFile) -> StoreLoader:
        return StoreLoader(self.release, file, self._stand_ins)

    def describe(self, name: str):
        """The spec of a module, without running it."""
        spec = self._specs.get(name)
        if spec is None:
            loader = self.loader(name)
            spec = self._specs.setdefault(name, loader.spec(disk_portions(loader.module)))
        return spec

    def load(self, name: str) -> ModuleType:
        """The module, run if it has not been; waits for a thread that is running it."""
        module = self._ready.get(name)
        return self._load(name) if module is None else module

    def resolve(self, target: str):
        """The object `module:attribute` names in this release."""
        if target not in self._targets:
            name, _, path = target.partition(":")
            found = pinned_to(self, self._module_for, name)
            for attribute in path.split(".") if path else ():
                try:
                    found = getattr(found, attribute)
                except AttributeError:
                    version = f"{self.release.unit} {self.release.version}"
                    raise ConfigurationError(f"{version} has no {target!r}.") from None
            self._targets[target] = found
        return self._targets[target]

    def seen_from_outside(self, module: ModuleType) -> ModuleType:
        """The stand-in for a module of this release; any other module as it is."""
        name = getattr(module, "__name__", None)
        if self._ready.get(name) is module:
            return self._stand_ins.stand_in(name)
        return module

    def _forget_other_threads(self) -> None:
        mine = threading.get_ident()
        self._guard = threading.Lock()
        self._locks = {}
        self._loading = {k: v for k, v in self._loading.items() if v[1] == mine}

    def _module_for(self, name: str):
        if name in self.release.modules:
            return self.load(name)
        return importlib.import_module(name)

    def _load(self, name: str) -> ModuleType:
        if name not in self.release.modules:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        parent, _, tail = name.rpartition(".")
        outer = self.load(parent) if parent else None
        lock = self._lock(name)
        try:
            lock.acquire()
        except _bootstrap._DeadlockError:
            # Two threads import in a circle: like CPython, go on with what there is.
            return self._unfinished(name)
        try:
            if name in self._ready:
                return self._ready[name]
            if name in self._loading:
                return self._loading[name][0]
            return self._run(name, outer, tail)
        finally:
            lock.release()

    def _lock(self, name: str):
        """CPython's own module lock, so that its deadlock detection sees both kinds.

        With any other lock, a thread in our import that waits for an import from disk, and one
        the other way round, would wait for each other for good.
        """
        with self._guard:
            if name not in self._locks:
                self._locks[name] = _bootstrap._ModuleLock(f"{name}@{id(self):x}")
            return self._locks[name]

    def _unfinished(self, name: str) -> ModuleType:
        entry = self._loading.get(name)
        module = entry[0] if entry else self._ready.get(name)
        if module is None:
            raise ImportError(f"circular import of {name!r} by several threads", name=name)
        return module

    def _run(self, name: str, outer: Optional[ModuleType], tail: str) -> ModuleType:
        file = self.release.modules[name]
        is_new = self._stand_ins.show(name)
        is_shown = self._stand_ins.is_shown(name)
        try:
            if file.kind == EXTENSION:
                module = load_extension(self.release, file, self.describe(name))
            else:
                module = self._executed(name, outer, tail)
        except BaseException:
            self._forget(name, outer, tail)
            if is_new:
                self._stand_ins.hide([name])
            raise
        if is_shown:
            module = self._stand_ins.reclaim(name, module)
        self._ready[name] = module
        self._loading.pop(name, None)
        self._locks.pop(name, None)
        bind(outer, tail, module)
        return module

    def _executed(self, name: str, outer: Optional[ModuleType], tail: str) -> ModuleType:
        module = self._blank(name)
        self._loading[name] = (module, threading.get_ident())
        if tail not in getattr(outer, "__dict__", ()):
            # CPython binds only afterwards; in a circular import it falls back to sys.modules,
            # where ours would find a stand-in.
            bind(outer, tail, module)
        file = self.release.modules[name]
        if file.kind == SOURCE:
            code = marshal.loads(self.release.codes[module.__file__])
            pinned_to(self, exec, code, vars(module))
        return module

    def _blank(self, name: str) -> ModuleType:
        # gettext.install and the like add builtins at any time.
        for key in vars(builtins).keys() - self._builtins.keys():
            self._builtins[key] = vars(builtins)[key]
        spec = self.describe(name)
        if spec.has_location:
            self._sources.add(spec.origin, spec.loader.source_reader())
        return blank_module(spec, self._builtins)

    def _forget(self, name: str, outer: Optional[ModuleType], tail: str) -> None:
        """Takes back a module that failed, and what only it had imported below itself."""
        entry = self._loading.pop(name, None)
        bound = getattr(outer, "__dict__", {})
        if entry and bound.get(tail) is entry[0]:
            del bound[tail]
        for child in [child for child in self._ready if child.startswith(name + ".")]:
            del self._ready[child]
