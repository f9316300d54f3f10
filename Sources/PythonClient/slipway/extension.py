"""C extension modules from the store, loaded through memory instead of a file (Linux)."""

from __future__ import annotations

import importlib.util
import os
import sys
import threading
from importlib.machinery import ExtensionFileLoader
from types import ModuleType
from typing import Dict, Tuple

_loaded: Dict[Tuple[str, str], ModuleType] = {}
_guard = threading.RLock()


def load_extension(release, file, spec) -> ModuleType:
    """The module of a shared library; the same library serves all releases that contain it.

    A C extension has one copy of its state per process and cannot be unloaded.
    """
    sha256 = release.entries[file.path].sha256
    with _guard:
        key = (file.name, sha256)
        if key not in _loaded:
            _loaded[key] = _load(file.name, release.blobs[sha256])
        module = _loaded[key]
    module.__file__ = spec.origin
    return module


def _load(name: str, content: bytes) -> ModuleType:
    if not hasattr(os, "memfd_create"):
        raise ImportError(f"C extension {name!r} from the store needs Linux", name=name)
    # Never closed: after the number is used again, the C library would take the next library
    # for this one, because it compares names (/proc/self/fd/N).
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC)
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(content)
    path = f"/proc/self/fd/{descriptor}"
    loader = ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    before = sys.modules.get(name)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    if before is not None:
        sys.modules[name] = before  # single-phase modules put themselves there
    return module
