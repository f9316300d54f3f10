"""What is wrong with a node now, one sentence per topic, for its reports and its log."""

from __future__ import annotations

import logging
from typing import Dict, List

from . import limits

log = logging.getLogger("slipway")


class Problems:
    """The open problems; each is logged once, when it appears or changes."""

    def __init__(self):
        self._open: Dict[str, str] = {}

    def note(self, topic: str, error: object) -> None:
        text = str(error)[: limits.ERROR_LENGTH_MAX]
        if self._open.get(topic) != text:
            log.warning("slipway: %s", text)
        self._open[topic] = text

    def clear(self, *topics: str) -> None:
        for topic in topics:
            self._open.pop(topic, None)

    def sentences(self) -> List[str]:
        return list(self._open.values())[: limits.ERRORS_MAX]
