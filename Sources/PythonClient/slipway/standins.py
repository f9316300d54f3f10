"""Stand-ins in `sys.modules`: modules that always show the visible release.

Code of a release holds real modules and never meets these. They serve whoever goes by name:
a script that imported `shop`, pickle, `importlib.import_module`, `mock.patch`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Callable, Dict, Iterable

_TABLE = "_slipway_table"
_ATTRIBUTES = object.__getattribute__

# Answered from the manifest as long as the module has not run: tools that scan sys.modules
# (inspect, warnings, unittest) must not execute code by looking at it.
_DESCRIPTIVE = frozenset(
    ["__name__", "__spec__", "__loader__", "__package__", "__path__", "__file__", "__cached__"]
)


class StandIn(ModuleType):
    """Passes every attribute access on to the visible release's module of the same name."""

    def __init__(self, name: str, table: "StandIns"):
        super().__init__(name)
        _ATTRIBUTES(self, "__dict__")[_TABLE] = table

    def __getattribute__(self, attribute: str):
        if attribute == "__class__":
            return StandIn
        space, name = _visible(self)
        if attribute in _DESCRIPTIVE and not space.has(name):
            return _described(space, name, attribute)
        value = getattr(space.load(name), attribute)
        return space.seen_from_outside(value) if isinstance(value, ModuleType) else value

    def __setattr__(self, attribute: str, value) -> None:
        space, name = _visible(self)
        # The import system binds what it imported to its parent and labels it; the space has
        # done both with the real modules.
        if isinstance(value, StandIn) or (attribute in _DESCRIPTIVE and not space.has(name)):
            return
        setattr(space.load(name), attribute, value)

    def __delattr__(self, attribute: str) -> None:
        space, name = _visible(self)
        delattr(space.load(name), attribute)

    def __dir__(self):
        space, name = _visible(self)
        return dir(space.load(name))

    def __repr__(self) -> str:
        name = _ATTRIBUTES(self, "__dict__")["__name__"]
        return f"<module {name!r} from the code store>"


class StandIns:
    """All stand-ins of a process, one per name for good, so that identity holds."""

    def __init__(self, visible: Callable):
        self.visible = visible
        self._known: Dict[str, StandIn] = {}

    def stand_in(self, name: str) -> StandIn:
        found = self._known.get(name)
        return found if found is not None else self._known.setdefault(name, StandIn(name, self))

    def show(self, name: str) -> bool:
        """Puts a stand-in into `sys.modules`; whether it was not there before.

        A module that something else has put there stays: it is shared, and not ours.
        """
        mine = self.stand_in(name)
        return name not in sys.modules and sys.modules.setdefault(name, mine) is mine

    def is_shown(self, name: str) -> bool:
        """Whether `sys.modules` has the stand-in under this name."""
        return isinstance(sys.modules.get(name), StandIn)

    def hide(self, names: Iterable[str]) -> None:
        """Takes stand-ins out of `sys.modules`."""
        for name in names:
            if self.is_shown(name):
                sys.modules.pop(name, None)

    def hide_others(self, names) -> None:
        """Takes out every stand-in whose name is not among `names`."""
        self.hide([name for name in list(self._known) if name not in names])

    def reclaim(self, name: str, module):
        """What a shown module has become by running: it may have replaced itself there."""
        found = sys.modules.get(name)
        if found is None or isinstance(found, StandIn):
            return module
        sys.modules[name] = self._known[name]
        return found


def _visible(stand_in: StandIn):
    attributes = _ATTRIBUTES(stand_in, "__dict__")
    name = attributes["__name__"]
    space = attributes[_TABLE].visible()
    if space is None or name not in space.release.modules:
        where = "any release" if space is None else f"{space.release.unit} {space.release.version}"
        raise AttributeError(f"module {name!r} is not in {where}")
    return space, name


def _described(space, name: str, attribute: str):
    spec = space.describe(name)
    if attribute == "__spec__":
        return spec
    value = {
        "__name__": spec.name,
        "__loader__": spec.loader,
        "__package__": spec.parent,
        "__path__": spec.submodule_search_locations,
        "__file__": spec.origin,
        "__cached__": None,
    }[attribute]
    if value is None:
        raise AttributeError(f"module {name!r} has no attribute {attribute!r}")
    return value
