"""Where a release's namespace packages meet the file system (PEP 420)."""

from __future__ import annotations

from importlib.machinery import PathFinder
from typing import Dict, List

from .modules import NAMESPACE, ModuleFile


def without_hidden(modules: Dict[str, ModuleFile]) -> Dict[str, ModuleFile]:
    """Leaves out top-level namespace packages that a real module on disk takes precedence over.

    A release with a folder `yaml/` full of examples must not hide the installed `yaml`.
    """
    hidden = {
        name for name, module in modules.items() if _is_root(module) and _is_on_disk(name)
    }
    return {
        name: module for name, module in modules.items() if name.partition(".")[0] not in hidden
    }


def disk_portions(module: ModuleFile) -> List[str]:
    """The folders on disk that share a top-level namespace package with the release."""
    spec = PathFinder.find_spec(module.name) if _is_root(module) else None
    return list(spec.submodule_search_locations or ()) if spec and not spec.loader else []


def _is_root(module: ModuleFile) -> bool:
    return module.kind == NAMESPACE and "." not in module.name


def _is_on_disk(name: str) -> bool:
    spec = PathFinder.find_spec(name)
    return spec is not None and spec.loader is not None
