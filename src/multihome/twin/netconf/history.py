"""What the configuration database remembers: commits, former configurations, the rescue.

The shapes are those of Junos's `get-commit-information`, `get-rollback-information` and
their kin; `show` makes text and JSON of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.history import Commit
from multihome.twin.netconf.messages import child, name_of, text_of
from multihome.twin.netconf.printing import Stamp, configuration_element
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from lxml.etree import _Element

    from multihome.twin.config.database import Database
    from multihome.twin.config.tree import Node
    from multihome.twin.netconf.messages import Style

PENDING = "rollback pending"


class History:
    """Answers about one database, in the namespaces of one style."""

    def __init__(self, database: Database, style: Style) -> None:
        self._database = database
        self._style = style

    def answer(self, rpc: _Element) -> _Element:
        """The payload of one RPC; raises show's RpcError."""
        known: Mapping[str, Callable[[_Element], _Element]] = {
            "get-commit-information": self._commits,
            "get-commit-revision-information": self._revision,
            "get-rollback-information": self._rollback,
            "get-rescue-information": self._rescue,
        }
        try:
            return known[name_of(rpc)](rpc)
        except KeyError:
            raise RpcError("syntax error", bad_element=name_of(rpc)) from None

    def _commits(self, _: _Element) -> _Element:
        root = self._root("commit-information")
        if (waiting := self._database.scheduled) is not None:
            commit = Commit(
                self._database.committed, waiting.when, waiting.user, "netconf", waiting.log
            )
            self._describe(etree.SubElement(root, "pending-commit"), commit)
        for number, commit in enumerate(self._database.history):
            entry = etree.SubElement(root, "commit-history")
            _leaf(entry, "sequence-number", str(number))
            self._describe(entry, commit)
            if number == 0 and self._database.pending is not None:
                _leaf(entry, "commit-confirmed", PENDING)
        if self._database.rescue is not None:
            self._describe(etree.SubElement(root, "rescue-configuration"), self._database.rescue)
        return root

    def _revision(self, rpc: _Element) -> _Element:
        root = self._root("commit-revision-information")
        newest = self._database.history[0]
        _leaf(root, "revision", f"re0-{int(newest.when.timestamp())}-{len(self._database.history)}")
        if child(rpc, "detail") is not None:
            self._describe(root, newest)
        return root

    def _rollback(self, rpc: _Element) -> _Element:
        number = _number(text_of(rpc, "rollback", "0"))
        root = self._root("rollback-information")
        if child(rpc, "compare") is not None:
            other = _number(text_of(rpc, "compare"))
            self._former(other)
            self._former(number)
            _output(root, self._database.compare(number, other))
            return root
        commit = self._former(number)
        _leaf(root, "ok", None)
        self._append(root, commit.root, rpc, Stamp("commit", commit.when, commit.user))
        return root

    def _rescue(self, rpc: _Element) -> _Element:
        rescue = self._database.rescue
        if rescue is None:
            raise RpcError("rescue configuration does not exist")
        root = self._root("rescue-information")
        _leaf(root, "ok", None)
        self._append(root, rescue.root, rpc, Stamp("commit", rescue.when, rescue.user))
        return root

    def _root(self, name: str) -> _Element:
        return etree.Element(name, nsmap={"junos": self._style.junos})

    def _append(self, parent: _Element, root: Node, rpc: _Element, stamp: Stamp) -> None:
        """The configuration, as text in an output or as elements, by the argument `format`."""
        if text_of(rpc, "format", rpc.get("format", "xml")) == "text":
            _output(parent, stamp.heading + print_text(root))
        else:
            parent.append(configuration_element(self._style, root, stamp))

    def _former(self, number: int) -> Commit:
        if number >= len(self._database.history):
            raise RpcError(f"rollback {number}: No such file or directory")
        return self._database.history[number]

    def _describe(self, parent: _Element, commit: Commit) -> None:
        _leaf(parent, "user", commit.user)
        _leaf(parent, "client", commit.client)
        date = _leaf(parent, "date-time", _moment(commit.when))
        date.set(f"{{{self._style.junos}}}seconds", str(int(commit.when.timestamp())))
        if commit.comment:
            _leaf(parent, "comment", commit.comment)
        if commit.log:
            _leaf(parent, "log", commit.log)


def _leaf(parent: _Element, name: str, text: str | None) -> _Element:
    leaf = etree.SubElement(parent, name)
    leaf.text = text
    return leaf


def _output(parent: _Element, text: str) -> None:
    holder = etree.SubElement(parent, "configuration-information")
    _leaf(holder, "configuration-output", f"\n{text}")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise RpcError("invalid numeric value", bad_element=text)
    return int(text)


def _moment(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S} {when.tzname() or 'UTC'}"
