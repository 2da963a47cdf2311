"""The configuration database at the CLI: `show system commit` and `show system rollback`.

The database answers; here is only the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.show.as_xml import from_xml
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element
    from multihome.twin.show.registry import Query


@shows("get-commit-information", "show system commit", "detail")
@shows("get-commit-revision-information", "show system commit revision", "brief detail")
@shows(
    "get-rollback-information", "show system rollback", "<rollback> compare:compare format:format"
)
def database_information(query: Query) -> Element:
    """Ask the database, whatever the RPC."""
    # A configuration as text is laid out by the database.
    request = etree.Element(query.rpc, format="text" if query.form == "ascii" else query.form)
    for name, values in query.arguments.items():
        for value in values:
            etree.SubElement(request, name).text = value
    reply = query.device.database_reply(request)
    element = from_xml(reply)
    element.source = reply
    return element


@prints("commit-revision-information")
def revision_text(information: Element) -> Iterator[str]:
    """The number of the active configuration; in detail, who committed it, how and when."""
    if not information.has("user"):
        yield f"Revision: {information.value('revision')}"
        return
    for label, name in _DETAILS.items():
        if information.has(name):
            yield f"{label:<12}: {information.value(name)}"


_DETAILS = {
    "Revision": "revision",
    "User": "user",
    "Client": "client",
    "Time": "date-time",
    "Comment": "comment",
}


@prints("commit-information")
def commit_text(information: Element) -> Iterator[str]:
    """A line per commit; the operator's message below it."""
    for pending in information.all("pending-commit"):
        who = f"{pending.value('user')} via {pending.value('client')}"
        yield f"commit requested by {who} at {pending.value('date-time')}"
    for commit in information.all("commit-history"):
        comment = f" {commit.value('comment')}" if commit.has("comment") else ""
        yield (
            f"{commit.value('sequence-number'):<4}{commit.value('date-time')}"
            f" by {commit.value('user')} via {commit.value('client')}{comment}"
        )
        if commit.has("log"):
            yield f"    {commit.value('log')}"
    for rescue in information.all("rescue-configuration"):
        yield (
            f"rescue  {rescue.value('date-time')} by {rescue.value('user')}"
            f" via {rescue.value('client')}"
        )


@prints("rollback-information")
def rollback_text(information: Element) -> Iterator[str]:
    """The configuration or the difference, as the database gives it."""
    for child in information.children:
        yield (child.value("configuration-output") or child.text).strip("\n")
