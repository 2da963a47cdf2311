"""From what runs, what is wanted and the record to what is to be done. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.render.ownership.arrange import arrange
from multihome.render.ownership.changes import Choice, StatementChanges
from multihome.render.ownership.contradictions import conflicts_of, judge, overwritten
from multihome.render.ownership.ledger import Ledger
from multihome.render.ownership.record import MACRO, OLD_MACRO, Owner, entry_line, macro
from multihome.render.ownership.statement import join, statement
from multihome.render.ownership.wanted import identity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from multihome.render.ownership.conflicts.finding import Finding
    from multihome.render.ownership.running import Running
    from multihome.render.ownership.statement import Statement, Words
    from multihome.render.ownership.wanted import Wanted


def compute(
    router: str,
    running: Running,
    wanted: Wanted,
    choice: Choice = Choice(),  # noqa: B008 - frozen
    logical_system: str | None = None,
) -> StatementChanges:
    """What is to be done on one router so that it holds what is wanted, and nothing else changes.

    Loading the script and computing again gives no changes. Foreign statements are all still
    there afterwards, except those that the operator chose to take over.
    """
    ledger = Ledger(running, wanted, choice)
    for each in wanted.ours:
        ledger.place(each)
    gone = dict.fromkeys(ledger.leaving())
    foreign = _foreign(ledger, gone)
    held = frozenset(ours.words for ours, _ in ledger.held)
    arranged = arrange(running, wanted, held)
    found = judge(ledger, gone, arranged.order)
    named = [w for w in dict.fromkeys((*foreign, *_sources(found))) if ledger.takes(w)]
    ledger.take(gone, named)
    empty = _emptied(ledger, gone)
    activate = _inactive(ledger, held)
    recorded, forgotten = _bookkeeping(ledger)
    return StatementChanges(
        router=router,
        logical_system=logical_system,
        set=tuple(map(join, ledger.set)),
        delete=tuple(map(join, _deletions(running, gone, empty))),
        gone=_texts(running, gone),
        insert=arranged.moves,
        activate=tuple(map(join, activate)),
        revived=_texts(running, (w for w in foreign if _any_around(w, activate))),
        adopted=_texts(running, ledger.adopted),
        taken=_texts(running, ledger.taken),
        foreign=_texts(running, (w for w in foreign if w not in ledger.taken)),
        conflicts=(*overwritten(ledger), *conflicts_of(ledger, found, judged=True)),
        unjudged=conflicts_of(ledger, found, judged=False),
        recorded=recorded,
        forgotten=forgotten,
        used=_used(ledger, foreign, found),
    )


def _sources(found: Iterable[Finding]) -> Iterator[Words]:
    return (each.theirs.source for each in found)


def _foreign(ledger: Ledger, gone: Collection[Words]) -> list[Words]:
    """Statements around ours that are neither ours nor another service's."""
    inside = _around(ledger)
    equal = {each.meaning for each in ledger.wanted.ours}
    ours = {each.words[:size] for each in ledger.wanted.ours for size in each.entries}
    ours |= ledger.record.paths(Owner.CONTAINER)
    written = {statement(words).path for words in ledger.set}
    return [
        each.words
        for each in ledger.running.statements
        if each.words in inside
        and not (each.words in ours or each.words in gone or each.meaning in equal)
        and not (each.path in written and each.words not in ledger.taken)
        and identity(each) not in ledger.others
    ]


def _around(ledger: Ledger) -> set[Words]:
    """Every statement in the containers that hold, or held, one of ours."""
    around = {each.container for each in ledger.wanted.ours} | set(ledger.running.formerly)
    around |= {statement(entry.words).container for entry in ledger.record.entries}
    outermost = (
        path for path in around if not any(path[:size] in around for size in range(1, len(path)))
    )
    return {words for path in outermost for words in ledger.running.below(path)}


def _emptied(ledger: Ledger, gone: dict[Words, None]) -> list[Words]:
    """Containers of ours in which nothing is left."""
    kept = {path for words in ledger.set for path in _prefixes(words)}
    kept |= {path for each in ledger.wanted.ours for path in _prefixes(each.words)}
    chosen = (*ledger.containers(), *_plain(gone), *_entries(ledger.taken))
    removable = [path for path in chosen if path not in kept]
    own = {*gone, *removable}
    for words in ledger.running.lines:
        if words not in own:
            kept.update(_prefixes(words))
    return [path for path in removable if path not in kept and ledger.running.has(path)]


def _entries(taken: Iterable[Words]) -> Iterator[Words]:
    """Containers that were there only for what is taken over."""
    for words in taken:
        yield from (words[:size] for size in statement(words).entries if size > 2)


def _plain(gone: Iterable[Words]) -> Iterator[Words]:
    """Containers that mean nothing once they are empty; the top ones vanish by themselves."""
    for words in gone:
        for size in statement(words).plain:
            if size > 2:
                yield words[:size]


def _deletions(running: Running, gone: Iterable[Words], empty: list[Words]) -> list[Words]:
    """Whole containers where all goes, else leaf by leaf."""
    emptied = set(empty)
    chosen = [p for p in empty if not any(p[:size] in emptied for size in range(1, len(p)))]
    chosen += (
        _deleted(running, statement(words))
        for words in gone
        if not any(path in emptied for path in _prefixes(words))
    )
    return list(dict.fromkeys(chosen))


def _deleted(running: Running, each: Statement) -> Words:
    """A leaf's path; with its value if something else has the same path."""
    alone = len([*running.below(each.path)]) <= 1
    return each.path if alone else each.words


def _prefixes(words: Words) -> Iterator[Words]:
    return (words[:size] for size in range(1, len(words) + 1))


def _inactive(ledger: Ledger, held: frozenset[Words]) -> list[Words]:
    ours = [each.words for each in ledger.wanted.ours if each.words not in held]
    note = (MACRO, macro(ledger.wanted.service))
    return [
        path
        for path in ledger.running.inactive
        if any(words[: len(path)] == path for words in ours) or (ours and path == note)
    ]


def _any_around(words: Words, paths: list[Words]) -> bool:
    return any(words[: len(path)] == path for path in paths)


def _bookkeeping(ledger: Ledger) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Entries to write and to delete; a record without entries goes."""
    service, record = ledger.wanted.service, ledger.record
    known = {entry.key: entry for entry in record.entries}
    write = [e for key, e in ledger.entries.items() if known.get(key) != e]
    drop = [key for key in known if key not in ledger.entries]
    forgotten = [f"{MACRO} {macro(service)} {key}" for key in drop]
    if known and not ledger.entries:
        forgotten = [f"{MACRO} {macro(service)}"]
    if ledger.running.formerly and ledger.entries:
        forgotten.append(f"{MACRO} {OLD_MACRO}")
    return tuple(entry_line(service, entry) for entry in write), tuple(forgotten)


def _used(ledger: Ledger, foreign: list[Words], found: Iterable[Finding]) -> tuple[Words, ...]:
    """The operator's paths that name something here."""
    theirs = [theirs.words for _, theirs in ledger.held]
    seen = [*foreign, *theirs, *_sources(found), *ledger.wanted.statements]
    named = (*ledger.choice.take_over, *ledger.choice.exclude)
    return tuple(p for p in named if any(words[: len(p)] == p for words in seen))


def _texts(running: Running, chosen: Iterable[Words]) -> tuple[str, ...]:
    return tuple(running.lines.get(words, join(words)) for words in chosen)
