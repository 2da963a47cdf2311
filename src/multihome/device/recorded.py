"""Replies on disk: written beside a live session, read again in place of one.

A folder holds one folder per router, in it one file per request. A file is the `rpc-reply`, or
the content of one, as a router writes it, namespaces and all; so recordings from elsewhere
serve as well, under the name of the RPC (`get-bgp-summary-information.xml`) or of the RPC with
its arguments (`get-route-information table inet.0.xml`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from multihome.device.history import COMMITS, commit_history
from multihome.device.reply import HasDocumentType, parse, read
from multihome.device.translate import refusal
from multihome.errors import BadReply, DeviceError, Unreachable
from multihome.values.private import private
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from lxml.etree import _Element

    from multihome.device.session import CommitRecord
    from multihome.state.request import Request

_FORBIDDEN = re.compile(r"[^\w.,:+@ -]")


def file_name(request: Request) -> str:
    """The file of one request's reply; a slash of a prefix becomes `_`."""
    return _FORBIDDEN.sub("_", str(request)) + ".xml"


def keep(folder: Path, router: str, request: Request, payload: _Element) -> None:
    """Write one reply, without its secrets, where `RecordedSession` finds it."""
    place = folder / router
    place.mkdir(parents=True, exist_ok=True)
    text = etree.tostring(payload, encoding="unicode", pretty_print=True)
    data = redact(text).encode("ascii", "xmlcharrefreplace")
    with open(place / file_name(request), "wb", opener=private) as stream:
        stream.write(data)


class RecordedSession:
    """Answers from the replies kept of a router.

    What was not recorded is Unreachable: it could not be asked, which must not be taken
    for an empty answer.
    """

    def __init__(self, router: str, folder: Path) -> None:
        self._router, self._folder = router, folder

    @property
    def router(self) -> str:
        """The inventory name."""
        return self._router

    def call(self, request: Request) -> _Element:
        """The recorded reply; an `rpc-error` in it raises as it did."""
        path = self._find(request)
        try:
            root = parse(path.read_bytes())
        except HasDocumentType as error:
            raise BadReply(self._router, f"{path}: {error}") from None
        except etree.XMLSyntaxError as error:
            raise BadReply(self._router, f"{path}: not XML: {error.msg}") from None
        reply = read(root)
        if reply.errors:
            raise refusal(self._router, request.rpc, reply.errors)
        return reply.payload if root.tag == "rpc-reply" else root

    def history(self) -> tuple[CommitRecord, ...]:
        """The recorded commit history."""
        return commit_history(self._router, self.call(COMMITS))

    def close(self) -> None:
        """Nothing is open."""

    def _find(self, request: Request) -> Path:
        for name in (file_name(request), f"{request.rpc}.xml"):
            path = self._folder / self._router / name
            if path.is_file():
                return path
        raise Unreachable(self._router, f"no recorded reply to {request} in {self._folder}")


def replay(
    folder: Path, requests: Mapping[str, Iterable[Request]]
) -> dict[tuple[str, Request], _Element | DeviceError]:
    """Every request answered from the folder, in the shape in which a fleet collects."""
    answers: dict[tuple[str, Request], _Element | DeviceError] = {}
    for router, asked in requests.items():
        session = RecordedSession(router, folder)
        for request in asked:
            try:
                answers[router, request] = session.call(request)
            except DeviceError as error:
                answers[router, request] = error
    return answers
