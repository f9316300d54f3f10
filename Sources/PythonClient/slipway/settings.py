"""What a node follows, from arguments and `SLIPWAY_*` environment variables."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import socket
from typing import NamedTuple, Optional
from urllib.parse import urlsplit

from . import limits
from .errors import ConfigurationError

DEFAULT_SERVER = "http://127.0.0.1:8010"
DEFAULT_CHANNEL = "production"

# The same rule as the server's, so that a bad name is told before anything is asked.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}\Z", re.ASCII)


class Settings(NamedTuple):
    """Everything a node needs to know before its first request."""

    server: str
    unit: str
    channel: str
    token: Optional[str]
    cache: Optional[str]
    cache_wanted: bool
    node: Optional[str]
    auto: bool
    preload: bool
    timeout: float

    @property
    def subject(self) -> str:
        """The channel in words, as messages show it."""
        return f"{self.unit}/{self.channel}"

    @property
    def key(self) -> str:
        """A file name for the channel; two servers may have the same unit."""
        mark = hashlib.sha256(f"{self.server}\n{self.subject}".encode()).hexdigest()[:12]
        return f"{self.unit}@{self.channel}-{mark}"


def gather(
    server=None,
    unit=None,
    channel=None,
    token=None,
    cache=None,
    node=None,
    auto=True,
    preload=True,
    timeout=limits.START_SECONDS,
) -> Settings:
    """Fills what the caller left out from the environment, and checks all of it.

    `cache=False` (or `SLIPWAY_CACHE=off`) means no local cache.
    """
    environment = os.environ
    server = server or environment.get("SLIPWAY_SERVER") or DEFAULT_SERVER
    unit = unit or environment.get("SLIPWAY_UNIT")
    channel = channel or environment.get("SLIPWAY_CHANNEL") or DEFAULT_CHANNEL
    token = token or environment.get("SLIPWAY_TOKEN") or None
    node = node or environment.get("SLIPWAY_NODE") or None
    if not unit:
        raise ConfigurationError(
            "which unit? Give unit=… (or --unit), or set SLIPWAY_UNIT."
        )
    for what, name in (("unit", unit), ("channel", channel), ("node", node)):
        if name is not None and not (isinstance(name, str) and _NAME.match(name)):
            raise ConfigurationError(
                f"{name!r} cannot be the name of a {what}: up to 63 letters, digits, "
                "dots, dashes and underscores, a letter or digit first."
            )
    folder, wanted = _cache_folder(cache)
    return Settings(
        server=_checked_server(server),
        unit=unit,
        channel=channel,
        token=_checked_token(token),
        cache=folder,
        cache_wanted=wanted,
        node=node,
        auto=bool(auto),
        preload=bool(preload),
        timeout=float(timeout),
    )


def node_name(settings: Settings, forked: bool = False) -> str:
    """A name for this process: the given one, else host, process number and chance.

    A forked child of a named node adds its process number, so that two processes never
    report under one name.
    """
    if settings.node is None:
        host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:40].lstrip(".-")
        return f"{host or 'node'}-{os.getpid()}-{secrets.token_hex(3)}"
    return f"{settings.node[:52]}.{os.getpid()}" if forked else settings.node


def _checked_server(server: str) -> str:
    try:
        parts = urlsplit(server)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.username or parts.query or parts.fragment:
        raise ConfigurationError(
            f"{server!r} is not the address of a server: give http://HOST:PORT "
            "(the token goes into SLIPWAY_TOKEN, not into the address)."
        )
    return server.rstrip("/")


def _checked_token(token):
    if token is not None and not re.fullmatch(r"[!-~]+", token):
        raise ConfigurationError(
            "the token has characters a header cannot carry; was a line break copied with it?"
        )
    return token


def _cache_folder(cache):
    """The folder and whether somebody asked for it: only then is its failure an error."""
    if cache is None:
        cache = os.environ.get("SLIPWAY_CACHE") or None
    if cache is False or cache == "off":
        return None, False
    if cache is not None:
        return os.path.abspath(os.path.expanduser(os.fspath(cache))), True
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return (os.path.join(base, "slipway"), False) if os.path.isabs(base) else (None, False)
