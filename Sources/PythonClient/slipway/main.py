"""Runs a module or script of a release as `__main__`."""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType

from .errors import ConfigurationError
from .modules import SOURCE, ModuleFile


def run_module(space, name: str) -> None:
    """What `python3 -m name` does, for a module or package of the release."""
    file = space.release.modules[name]
    if file.is_package:
        name += ".__main__"
        file = space.release.modules.get(name)
    if file is None or file.kind != SOURCE:
        package = name.rpartition(".")[0]
        raise ConfigurationError(
            f"{package!r} is a package without `__main__.py`, so it cannot be run with -m."
        )
    loader = space.loader(name)
    spec = loader.spec()
    if spec.parent:
        importlib.import_module(spec.parent)
    _execute(loader.get_code(name), loader, spec.origin, spec)


def run_script(space, path: str) -> bool:
    """Runs a file of the release by its path; False if the release has none there."""
    path = os.path.normpath(path)
    source = space.release.bytes_of(path)
    if source is None:
        return False
    loader = space.loader_of(ModuleFile("__main__", SOURCE, path, False))
    origin = loader.get_filename("__main__")
    _execute(compile(source, origin, "exec", dont_inherit=True), loader, origin, None)
    return True


def _execute(code, loader, origin: str, spec) -> None:
    main = ModuleType("__main__")
    content = vars(main)
    content.update(__file__=origin, __loader__=loader, __spec__=spec, __cached__=None)
    content["__package__"] = spec.parent if spec is not None else None
    sys.modules["__main__"] = main
    exec(code, content)
