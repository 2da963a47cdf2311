"""Foreign statements against ours: what must be decided, and what is not judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.render.ownership.changes import Conflict, shown
from multihome.render.ownership.conflicts.finding import Theirs, View
from multihome.render.ownership.conflicts.inherited import inherited
from multihome.render.ownership.conflicts.rules import findings
from multihome.render.ownership.statement import join
from multihome.render.ownership.wanted import identity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from multihome.render.ownership.conflicts.finding import Finding
    from multihome.render.ownership.ledger import Ledger
    from multihome.render.ownership.statement import Words


def judge(
    ledger: Ledger, gone: Collection[Words], order: Mapping[Words, list[str]]
) -> tuple[Finding, ...]:
    """What foreign statements do to ours, those that are inherited from groups too."""
    running, wanted = ledger.running, ledger.wanted
    if not wanted.ours:
        return ()
    equal = {each.meaning for each in wanted.ours}
    values = {each.path for each in wanted.ours if each.single}
    standing = tuple(
        Theirs(each.words, each.words)
        for each in running.statements
        if each.meaning not in equal
        and each.words not in gone
        and each.path not in values
        and identity(each) not in wanted.paths
        and running.is_active(each.words)
    )
    ours = wanted.statements
    from_groups = tuple(inherited(running, ours))
    return tuple(findings(View(ours, (*standing, *from_groups), order)))


def conflicts_of(ledger: Ledger, found: Iterable[Finding], *, judged: bool) -> tuple[Conflict, ...]:
    """The findings that are still to be decided, for people."""
    choice = ledger.choice
    return tuple(
        Conflict(
            each.kind,
            shown(join(each.ours)),
            shown(join(each.theirs.source)),
            each.why or "what it does to ours is not judged",
            each.theirs.source,
        )
        for each in found
        if each.judged is judged
        and each.theirs.source not in ledger.taken
        and not _named(each.theirs.source, choice.exclude)
    )


def overwritten(ledger: Ledger) -> Iterator[Conflict]:
    """Foreign values in the place of ours."""
    for ours, theirs in ledger.held:
        if _named(theirs.words, ledger.choice.exclude):
            continue
        other = ledger.others.get(identity(ours))
        why = f"another value, of the service {other[0]!r}" if other else "another value"
        yield Conflict(
            "value", shown(join(ours.words)), shown(join(theirs.words)), why, theirs.words
        )


def _named(words: Words, paths: Iterable[Words]) -> bool:
    return any(words[: len(path)] == path for path in paths)
