r"""Declared changes: what a comparison of snapshots may find without failing.

Every difference that comes under no entry is a failure.

    allow:
      - router: [luna, orcus]           # left out: every router
        kind: route
        change: [moved, changed]        # left out: every change
        key: inet.0 10.0.0.3/32         # or {matches: 'inet.0 10\..*'}; left out: every one
        reason: the drill moves the traffic
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, StrictStr, ValidationError

from multihome.check.catalogue_errors import nearest, said, unknown_key
from multihome.errors import InvalidFile, Problem
from multihome.intent.matcher import Text, accepts
from multihome.intent.statement import Statement
from multihome.inventory.document import Document, Loc, read_document
from multihome.inventory.validation import in_file_order
from multihome.state.snapshot.compare import Change, Difference
from multihome.state.snapshot.row import Kind


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Allowance(Statement):
    """One declared change."""

    router: Annotated[frozenset[StrictStr], BeforeValidator(_several)] | None = None
    kind: Kind | None = None
    change: Annotated[frozenset[Change], BeforeValidator(_several)] | None = None
    key: Text | None = None
    reason: StrictStr = ""

    def covers(self, difference: Difference) -> bool:
        """Whether a difference is one that was declared."""
        return (
            (self.router is None or difference.router in self.router)
            and (self.kind is None or difference.kind == self.kind)
            and (self.change is None or difference.change in self.change)
            and (self.key is None or accepts(self.key, difference.key))
        )


def load_allowances(path: Path, routers: Collection[str]) -> tuple[Allowance, ...]:
    """The declared changes of a file; raises InvalidFile with every problem in it."""
    document = read_document(path)
    problems: list[Problem] = []
    found = tuple(_allowances(document, routers, problems))
    if problems:
        raise InvalidFile(in_file_order(problems))
    return found


def _allowances(
    document: Document, routers: Collection[str], problems: list[Problem]
) -> Iterator[Allowance]:
    data = document.data
    entries = data.get("allow") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(entries, tuple):
        problems.append(document.problem((), "must be a mapping with a list 'allow'"))
        return
    problems += [
        document.problem((key,), unknown_key(key, ["allow"])) for key in data if key != "allow"
    ]
    for number, entry in enumerate(entries):
        loc: Loc = ("allow", number)
        try:
            allowance = Allowance.model_validate(entry)
        except ValidationError as error:
            problems += [
                document.problem(
                    (*loc, *item["loc"][:1]), _words(item["type"], item["msg"], item["loc"])
                )
                for item in error.errors(include_url=False, include_input=False)
            ]
            continue
        problems += [
            document.problem((*loc, "router"), f"unknown router {name!r}{nearest(name, routers)}")
            for name in sorted(allowance.router or ())
            if name not in routers
        ]
        yield allowance


def _words(kind: str, message: str, loc: tuple[str | int, ...]) -> str:
    if kind == "extra_forbidden":
        return unknown_key(str(loc[-1]), list(Allowance.model_fields))
    return said(message)
