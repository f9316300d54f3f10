"""The command line: `python3 -m slipway run --unit U --channel C -- -m shop`."""

from __future__ import annotations

import argparse
import importlib.util
import os
import runpy
import sys

import slipway

from . import limits
from .errors import ConfigurationError, NoReleaseError, RefusedError, SlipwayError
from .main import run_module, run_script

_EXIT_CODES = ((ConfigurationError, 2), (NoReleaseError, 5), (RefusedError, 6), (SlipwayError, 4))

_EXAMPLES = """\
examples:
  python3 -m slipway run --unit shop --channel production -- -m shop 127.0.0.1:8080
  python3 -m slipway run --unit shop -- manage.py migrate
  SLIPWAY_SERVER=http://ci:8010 SLIPWAY_UNIT=shop python3 -m slipway run -- -m shop

exit codes: the program's own; before it starts
  2 wrong use · 4 server away or release broken · 5 no release · 6 refused
"""


def main(arguments=None) -> int:
    """Runs a program from the store; answers the exit code."""
    options = _parser().parse_args(arguments)
    try:
        program = _program(options.program)
        slipway.install(
            options.server,
            options.unit,
            options.channel,
            _token(options.token_file),
            options.cache,
            node=options.node,
            auto=not options.manual,
            timeout=options.timeout,
        )
        return _run(*program)
    except SlipwayError as error:
        print(f"slipway: {error}", file=sys.stderr)
        return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="slipway",
        description="Runs Python programs straight from Slipway's code store.",
    )
    parser.add_argument("--version", action="version", version=slipway.__version__)
    run = parser.add_subparsers(dest="command", required=True, metavar="COMMAND").add_parser(
        "run",
        help="run a program from a channel and follow it",
        usage="slipway run --unit U [--channel C] [--server URL] -- (-m MODULE | SCRIPT) [ARG…]",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    run.add_argument("--unit", help="what to run (SLIPWAY_UNIT)")
    run.add_argument("--channel", help="which channel to follow (SLIPWAY_CHANNEL; production)")
    run.add_argument("--server", help="the server (SLIPWAY_SERVER; http://127.0.0.1:8010)")
    run.add_argument("--token-file", metavar="FILE", help="file with the token (SLIPWAY_TOKEN)")
    run.add_argument("--cache", metavar="DIR", help="local cache, or `off` (SLIPWAY_CACHE)")
    run.add_argument("--node", metavar="NAME", help="name in the list of nodes (SLIPWAY_NODE)")
    run.add_argument("--manual", action="store_true", help="switch only at safe points")
    run.add_argument(
        "--timeout",
        type=float,
        default=limits.START_SECONDS,
        metavar="S",
        help="how long to wait for the server and the first release (30)",
    )
    run.add_argument("program", nargs=argparse.REMAINDER, help="-m MODULE or SCRIPT, and ARGs")
    return parser


def _program(words):
    """What to run: `("module" or "script", name, arguments)`."""
    words = words[1:] if words[:1] == ["--"] else words
    if words[:1] == ["-m"] and len(words) > 1:
        return "module", words[1], words[2:]
    if words and not words[0].startswith("-"):
        return "script", words[0], words[1:]
    raise ConfigurationError("what to run? End with `-- -m MODULE` or `-- SCRIPT`.")


def _token(path):
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError as error:
        raise ConfigurationError(f"the token file {path}: {error.strerror}") from error


def _run(kind: str, name: str, arguments: list) -> int:
    """Runs the program as `__main__`, outside any release.

    So what it reaches through imported modules moves on with the channel.
    """
    sys.argv = [name, *arguments]
    space = slipway._installed().switch.current
    if kind == "module" and name in space.release.modules:
        run_module(space, name)
    elif kind == "module":
        _refuse_unknown(space, name)
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    elif not run_script(space, name):
        if not os.path.exists(name):
            raise ConfigurationError(f"there is no script {name!r}, in the release or on disk.")
        sys.path.insert(0, os.path.dirname(os.path.abspath(name)))
        runpy.run_path(name, run_name="__main__")
    return 0


def _refuse_unknown(space, name: str) -> None:
    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        found = None
    if found is None:
        release = space.release
        raise ConfigurationError(
            f"{release.unit} {release.version} has no module {name!r}; at its top are: "
            + (", ".join(sorted(release.roots)[:10]) or "no modules at all")
        )
