"""The PEP 451 loader of one module file in one release."""

from __future__ import annotations

import importlib.util
import marshal
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Optional

from .modules import NAMESPACE, SOURCE
from .resources import PackageReader


class StoreLoader:
    """Answers what the import system, tracebacks, runpy and pkgutil ask about a module.

    It keeps to the release it was made for, so an old traceback shows the old source.
    """

    def __init__(self, release, module, stand_ins):
        self.release = release
        self.module = module
        self._stand_ins = stand_ins

    def spec(self, search=None) -> ModuleSpec:
        """A new spec; `search` extends a namespace package by folders on disk."""
        module = self.module
        spec = ModuleSpec(
            module.name, self, origin=self.release.origin(module), is_package=module.is_package
        )
        if module.is_package:
            spec.submodule_search_locations = [self.release.location(module), *(search or ())]
        spec.has_location = module.kind != NAMESPACE
        return spec

    def create_module(self, spec):
        """A stand-in that shows the module of whichever release is visible."""
        return self._stand_ins.stand_in(spec.name)

    def exec_module(self, module) -> None:
        """Executes the visible release's module; the stand-in itself never holds anything."""
        self._stand_ins.visible().load(self.module.name)

    def is_package(self, name: str) -> bool:
        return self.module.is_package

    def get_filename(self, name: str) -> str:
        origin = self.release.origin(self.module)
        if origin is None:
            raise ImportError("a namespace package has no file", name=name)
        return origin

    def get_source(self, name: str):
        try:
            return self.release.source(self.module)
        except (SyntaxError, UnicodeDecodeError) as error:
            raise ImportError("the source cannot be decoded", name=name) from error

    def source_reader(self):
        """Reads the source later; holds the file's bytes and nothing else of the release."""
        content = self.release.bytes_of(self.module.path)
        return lambda: importlib.util.decode_source(content)

    def get_code(self, name: str):
        if self.module.kind == NAMESPACE:
            return compile("", "<namespace package>", "exec", dont_inherit=True)
        if self.module.kind != SOURCE:
            return None
        return marshal.loads(self.release.codes[self.get_filename(name)])

    def get_data(self, path: str) -> bytes:
        return self.release.data(path)

    def get_resource_reader(self, name: str):
        return PackageReader(self.release, self.module) if self.module.is_package else None

    def __repr__(self) -> str:
        return f"<StoreLoader {self.module.name} of {self.release.unit} {self.release.version}>"


def blank_module(spec: ModuleSpec, names: dict) -> ModuleType:
    """A module that is about to run, with the builtins of its release."""
    module = ModuleType(spec.name)
    content = vars(module)
    content["__spec__"] = spec
    content["__loader__"] = spec.loader
    content["__package__"] = spec.parent
    content["__builtins__"] = names
    if spec.submodule_search_locations is not None:
        content["__path__"] = spec.submodule_search_locations
    if spec.has_location:
        content["__file__"] = spec.origin
    return module


def bind(outer: Optional[ModuleType], tail: str, module: ModuleType) -> None:
    """Makes a module an attribute of its parent, if there is one that takes attributes."""
    try:
        if outer is not None:
            setattr(outer, tail, module)
    except AttributeError:
        pass
