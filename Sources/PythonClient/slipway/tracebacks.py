"""Makes uncaught errors show their source, which is in no file, and only the user's frames."""

from __future__ import annotations

import os
import sys
import threading
import traceback
import types

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep
_AROUND = ("<frozen runpy>", os.sep + "runpy.py")

_excepthook = None
_threading_hook = None
# Python 3.9 has no name for it yet.
_default_threading_hook = getattr(threading, "__excepthook__", threading.excepthook)


def show_sources() -> None:
    """Takes the place of the interpreter's own printer, which (until 3.12) reads only files.

    A hook that somebody else has set is left alone.
    """
    global _excepthook, _threading_hook
    if sys.excepthook is sys.__excepthook__:
        _excepthook, sys.excepthook = sys.excepthook, _show
    if threading.excepthook is _default_threading_hook:
        _threading_hook, threading.excepthook = threading.excepthook, _show_in_thread


def stop_showing_sources() -> None:
    """Undoes `show_sources`."""
    if sys.excepthook is _show:
        sys.excepthook = _excepthook
    if threading.excepthook is _show_in_thread:
        threading.excepthook = _threading_hook


def without_ours(trace):
    """The same traceback without the frames of this client, as CPython does for importlib."""
    kept = []
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith(_OURS):
            kept.append(trace)
        trace = trace.tb_next
    result = None
    for link in reversed(kept):
        result = types.TracebackType(result, link.tb_frame, link.tb_lasti, link.tb_lineno)
    return result


def without_start(trace):
    """The same traceback from the program's first frame on, without what started it."""
    while trace is not None and trace.tb_next is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith(_OURS) and not name.endswith(_AROUND):
            break
        trace = trace.tb_next
    return trace


def _show(kind, error, trace) -> None:
    traceback.print_exception(kind, error, without_start(trace))


def _show_in_thread(details) -> None:
    if details.exc_type is SystemExit or sys.stderr is None:
        return
    name = details.thread.name if details.thread is not None else threading.get_ident()
    print(f"Exception in thread {name}:", file=sys.stderr)
    traceback.print_exception(details.exc_type, details.exc_value, details.exc_traceback)
