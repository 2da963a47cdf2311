"""A reply as it came, for questions that have no table of their own."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from multihome.state.reply import WRAPPERS, Reply, local

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_raw(router: str, element: _Element) -> _Element:
    """The reply without namespaces; an error in it, or no answer in it, is BadReply.

    An element without content is an answer: there is nothing of what was asked about.
    """
    bare = deepcopy(element)
    for each in bare.iter():
        if name := local(each):
            each.tag = name
    reply = Reply(router, "rpc", bare)
    for error in bare.iter("rpc-error"):
        severity = (error.findtext("error-severity") or "error").strip()
        if severity == "error":
            message = (error.findtext("error-message") or "no words").strip()
            raise reply.bad(f"the router refused: {message}")
    if bare.tag in WRAPPERS and not len(bare) and not (bare.text or "").strip():
        raise reply.bad("an empty reply")
    return bare
