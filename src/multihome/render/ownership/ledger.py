"""Who owns each statement of a router before a change, and after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from multihome.render.ownership.record import Owner, Record
from multihome.render.ownership.record import made as entry_of
from multihome.render.ownership.statement import meaning, statement
from multihome.render.ownership.wanted import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.render.ownership.changes import Choice
    from multihome.render.ownership.record import Entry
    from multihome.render.ownership.running import Running
    from multihome.render.ownership.statement import Statement, Words
    from multihome.render.ownership.wanted import Wanted


EXCLUSIVE = (
    frozenset({"vlan-tagging", "flexible-vlan-tagging", "stacked-vlan-tagging"}),
    frozenset({"accept", "reject"}),
    frozenset({"preempt", "no-preempt"}),
    frozenset({"next-hop", "discard", "next-table", "receive"}),
)
"""Statements of which Junos keeps only the last that was set."""


@dataclass
class Ledger:
    """The change in the making: who owns each statement before it, and after it."""

    running: Running
    wanted: Wanted
    choice: Choice
    set: list[Words] = field(default_factory=list)
    held: list[tuple[Statement, Statement]] = field(default_factory=list)
    """Ours that would overwrite a foreign value, with the foreign statement."""
    adopted: list[Words] = field(default_factory=list)
    taken: dict[Words, None] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    """The record as it is to be, by key."""

    @cached_property
    def record(self) -> Record:
        """What the router says that this service wrote."""
        return self.running.records.get(self.wanted.service, Record(self.wanted.service))

    @cached_property
    def service_owned(self) -> frozenset[Words]:
        """What identifies the statements that this service wrote."""
        return self.record.paths(Owner.SERVICE)

    @cached_property
    def device_owned(self) -> dict[Words, Entry]:
        """What was there, equal, before the service needed it; as it was then."""
        return {e.path: e for e in self.record.entries if e.owner is Owner.DEVICE}

    @cached_property
    def others(self) -> dict[Words, tuple[str, Owner]]:
        """What other services' records name: the service and what it says of it."""
        return {
            entry.path: (record.service, entry.owner)
            for record in self.running.records.values()
            if record.service != self.wanted.service
            for entry in record.entries
        }

    @cached_property
    def others_containers(self) -> frozenset[Words]:
        """Containers that another service created."""
        return frozenset(p for p, (_, owner) in self.others.items() if owner is Owner.CONTAINER)

    def is_recorded(self, path: Words) -> bool:
        """Whether this service's record names the statement."""
        return path in self.service_owned or path in self.device_owned

    def takes(self, words: Words) -> bool:
        """Whether the operator named it to be taken over."""
        return any(words[: len(path)] == path for path in self.choice.take_over)

    def was_ours(self, words: Words) -> bool:
        """Whether a record of earlier versions names a container that it is in."""
        return any(words[: len(path)] == path for path in self.running.formerly)

    def note(self, owner: Owner, words: Words) -> None:
        """Keep an entry in the record."""
        entry = entry_of(owner, words)
        self.entries[entry.key] = entry

    def take(self, gone: dict[Words, None], named: list[Words]) -> None:
        """Delete what the operator named, unless ours replaces it or another service wrote it."""
        written = {statement(words).path for words in self.set}
        for words in named:
            path = statement(words).path
            if words not in self.running.lines or path in self.others or words in self.taken:
                continue
            self.taken[words] = None
            if path not in written:
                gone[words] = None

    # --- ours ------------------------------------------------------------------------

    def place(self, each: Statement) -> None:
        """Decide about one statement that is wanted."""
        present = self._present(each)
        if present is None:
            rival = self._rival(each)
            if rival is None:
                self._write(each)
            else:
                self._replace(each, rival)
        elif present.meaning == each.meaning or not each.single:
            self._keep(each)
        else:
            self._replace(each, present)

    def _present(self, each: Statement) -> Statement | None:
        if each.single:
            return self.running.values.get(each.path)
        return each if self.running.has(each.words) else None

    def _rival(self, each: Statement) -> Statement | None:
        """A foreign statement that setting ours would remove, since only one of them can be."""
        at = len(each.path) - (2 if each.leaf_list else 1)
        parent = each.words[:at]
        for words in EXCLUSIVE:
            if each.words[at] not in words:
                continue
            for word in sorted(words - {each.words[at]}):
                found = next(self.running.below((*parent, word)), None)
                if found is not None and not self.is_recorded(identity(statement(found))):
                    return statement(found)
        return None

    def _write(self, each: Statement) -> None:
        self.set.append(each.words)
        if not self.wanted.is_shared(each.words):
            self.note(Owner.SERVICE, each.words)

    def _keep(self, each: Statement) -> None:
        """It is there already: whose it is stays as it is recorded; unrecorded, it is adopted."""
        if self.wanted.is_shared(each.words):
            return
        path = identity(each)
        if (
            path in self.service_owned
            or self.was_ours(each.words)
            or self.takes(each.words)
            or self.others.get(path, ("", Owner.DEVICE))[1] is Owner.SERVICE
        ):
            self.note(Owner.SERVICE, each.words)
        else:
            self.note(Owner.DEVICE, each.words)
            if path not in self.device_owned:
                self.adopted.append(each.words)
        if path in self.device_owned and path in self.service_owned:
            self.entries.update({self.device_owned[path].key: self.device_owned[path]})

    def _replace(self, each: Statement, present: Statement) -> None:
        """Another value is there: ours wins where the record or the operator says so."""
        path = identity(each)
        if path in self.others or not (self.is_recorded(path) or self.takes(present.words)):
            self.held.append((each, present))
            return
        if not self.is_recorded(path):
            self.taken[present.words] = None
        self._write(each)
        if path in self.device_owned:
            before = self.device_owned[path]
            self.entries[before.key] = before

    # --- what left the intent --------------------------------------------------------

    def leaving(self) -> Iterator[Words]:
        """Statements that this service wrote, no longer needs, and that no other service needs."""
        present = {identity(each): each for each in self.running.statements}
        for entry in self.record.entries:
            path = entry.path
            if entry.owner is not Owner.SERVICE or path in self.wanted.paths or path in self.others:
                continue
            found = present.get(path)
            if found is not None and _as_written(found, entry):
                if path in self.device_owned:
                    self._give_back(found, self.device_owned[path])
                else:
                    yield found.words

    def _give_back(self, found: Statement, before: Entry) -> None:
        """The device's own value again; of a secret it is not known, so the last one stays."""
        if len(before.words) == len(found.words) and before.words != found.words:
            self.set.append(before.words)

    def containers(self) -> Iterator[Words]:
        """Containers that this service created, or creates."""
        needed = {
            each.words[:size]
            for each in self.wanted.ours
            for size in each.entries
            if size < len(each.words) and not self.wanted.is_shared(each.words)
        }
        known = self.record.paths(Owner.CONTAINER)
        for path in sorted(needed | known):
            if path in needed and (path in known or self._creates(path)):
                self.note(Owner.CONTAINER, path)
            if path in known and path not in needed and path not in self.others:
                yield path

    def _creates(self, path: Words) -> bool:
        return not self.running.has(path) or path in self.others_containers or self.was_ours(path)


def _as_written(found: Statement, entry: Entry) -> bool:
    """Whether the value is still the one that was written; of a secret that is not recorded."""
    if not found.single or len(entry.words) < len(found.words):
        return True
    return meaning(entry.words) == found.meaning
