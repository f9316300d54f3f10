"""Decides which modules a release holds, from the paths of its manifest alone."""

from __future__ import annotations

import os
import sys
import sysconfig
from importlib.machinery import EXTENSION_SUFFIXES
from typing import Dict, Iterable, NamedTuple, Optional

SOURCE, EXTENSION, NAMESPACE = "source", "extension", "namespace"


class ModuleFile(NamedTuple):
    """A module and where its bytes are."""

    name: str
    kind: str
    path: Optional[str]
    is_package: bool

    @property
    def folder(self) -> str:
        """The folder that holds a package's modules, as a path inside the release."""
        return self.name.replace(".", "/")


def module_files(paths: Iterable[str]) -> Dict[str, ModuleFile]:
    """Maps each importable name to its file, by the file system importer's own precedence.

    Package before extension before module before namespace package. A folder is a namespace
    package only if modules are somewhere below it. The standard library and this client are
    never replaced: a file `types.py` at the top of a repository must not break a process.
    """
    found: Dict[str, ModuleFile] = {}
    for path in paths:
        module = _module_file(path)
        if module is not None and module.name.partition(".")[0] not in _RESERVED:
            known = found.get(module.name)
            if known is None or _rank(module) < _rank(known):
                found[module.name] = module
    for name in list(found):
        parent = name.rpartition(".")[0]
        while parent and parent not in found:
            found[parent] = ModuleFile(parent, NAMESPACE, None, True)
            parent = parent.rpartition(".")[0]
    # A plain module hides a folder of the same name, so what lies below cannot be imported.
    return {name: module for name, module in found.items() if _is_reachable(name, found)}


def _module_file(path: str) -> Optional[ModuleFile]:
    *folders, last = path.split("/")
    for suffix in _SUFFIXES:
        if last.endswith(suffix):
            stem = last[: -len(suffix)]
            break
    else:
        return None
    is_package = stem == "__init__"
    parts = folders if is_package else [*folders, stem]
    if not parts or not all(part.isidentifier() for part in parts):
        return None
    kind = SOURCE if suffix == ".py" else EXTENSION
    return ModuleFile(".".join(parts), kind, path, is_package)


def _rank(module: ModuleFile) -> tuple:
    return (not module.is_package, module.kind != EXTENSION, module.path)


def _is_reachable(name: str, found: Dict[str, ModuleFile]) -> bool:
    parent = name.rpartition(".")[0]
    return not parent or (found[parent].is_package and _is_reachable(parent, found))


def _standard_library() -> frozenset:
    names = getattr(sys, "stdlib_module_names", None)
    if names is not None:
        return names
    folder = sysconfig.get_paths()["stdlib"]  # before 3.10 only its folder knows
    files = {name.partition(".")[0] for name in os.listdir(folder)} - {"test", "site-packages"}
    return frozenset(files) | frozenset(sys.builtin_module_names)


# Longest first: `.cpython-311-x86_64-linux-gnu.so` before `.so`.
_SUFFIXES = sorted([".py", *EXTENSION_SUFFIXES], key=len, reverse=True)
_RESERVED = _standard_library() | {"slipway", "__main__"}
