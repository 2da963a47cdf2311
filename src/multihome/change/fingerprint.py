"""A digest of a configuration, to prove that a router is restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multihome.device.session import CandidateSession

import hashlib
import re

from multihome.errors import BadReply, RpcFailed

_LAST_COMMIT = re.compile(r"^## Last (?:commit|changed):.*$", re.MULTILINE)


def fingerprint(session: CandidateSession, *, candidate: bool = False) -> str:
    """Of the committed configuration, or of the candidate; 64 hexadecimal digits.

    Raises:
        DeviceError: the configuration could not be read.
    """
    try:
        text = session.configuration(style="set", candidate=candidate)
    except RpcFailed:  # before Junos 16, `set` is a display filter that NETCONF does not know
        text = session.configuration(style="text", candidate=candidate)
    if not text.strip():
        raise BadReply(session.router, "get-configuration: the whole configuration is empty")
    return hashlib.sha256(_LAST_COMMIT.sub("", text).strip().encode()).hexdigest()
