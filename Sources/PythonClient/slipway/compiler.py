"""Turns the source of a release into code, before anything of it runs."""

from __future__ import annotations

import importlib.util
import marshal
import sys
from typing import Dict, Optional

from .errors import BrokenReleaseError
from .manifest import Manifest
from .modules import SOURCE, ModuleFile

_PROBLEMS_SHOWN = 5

# Compiled code belongs to one interpreter: its bytecode's number and its -O level.
TAG = "-".join(
    [
        sys.implementation.cache_tag or "none",
        importlib.util.MAGIC_NUMBER.hex(),
        str(sys.flags.optimize),
    ]
)

# Path and blob name a piece of code: the file name inside it holds both.
Codes = Dict[str, bytes]


def origin(unit: str, path: str, sha256: str) -> str:
    """The file name tracebacks show; it names the content, so it is never ambiguous."""
    return f"slipway://{unit}/{path}@{sha256[:8]}"


def compile_release(
    manifest: Manifest,
    modules: Dict[str, ModuleFile],
    blobs: Dict[str, bytes],
    known: Codes,
) -> Codes:
    """Code of every source module, marshalled, by origin; what `known` has is taken over.

    All errors are collected: a release manager wants the whole list at once.
    """
    codes, problems = {}, []
    for module in modules.values():
        if module.kind != SOURCE:
            continue
        sha256 = manifest.entries[module.path].sha256
        name = origin(manifest.unit, module.path, sha256)
        code = known.get(name)
        if code is None:
            try:
                code = _compiled(blobs[sha256], name)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                problems.append(_problem(module.path, error))
                continue
        codes[name] = code
    if problems:
        raise BrokenReleaseError(_summary(manifest, problems))
    return codes


def pack(codes: Codes) -> bytes:
    """One block for the cache; each module stays marshalled until it is imported."""
    return marshal.dumps(codes)


def unpack(data: Optional[bytes]) -> Codes:
    """The reverse of `pack`, for bytes whose digest was checked."""
    try:
        codes = marshal.loads(data) if data else {}
    except (ValueError, EOFError, TypeError):
        return {}
    return codes if isinstance(codes, dict) else {}


def _compiled(source: bytes, name: str) -> bytes:
    return marshal.dumps(compile(source, name, "exec", dont_inherit=True))


def _problem(path: str, error: BaseException) -> str:
    line = getattr(error, "lineno", None)
    text = getattr(error, "msg", None) or error or type(error).__name__
    return f"{path}:{line}: {text}" if line else f"{path}: {text}"


def _summary(manifest: Manifest, problems: list) -> str:
    shown = "; ".join(sorted(problems)[:_PROBLEMS_SHOWN])
    more = len(problems) - _PROBLEMS_SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    return f"{manifest.unit} {manifest.version} does not compile: {shown}{rest}"
