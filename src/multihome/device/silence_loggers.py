"""Silence for libraries that log requests, arguments and replies in clear."""

from __future__ import annotations

import logging

OFF = logging.CRITICAL + 1


def hush(*names: str) -> None:
    """Let these loggers and their children say nothing at any level that exists.

    ncclient logs each request in full, nornir each task's arguments: secrets would be in
    whatever handler the process has.
    """
    for name in names:
        logging.getLogger(name).setLevel(OFF)
