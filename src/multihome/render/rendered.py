"""The configuration of one router, and what makes a router have it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from multihome.errors import Refused
from multihome.render.ownership.changes import Choice, path_of
from multihome.render.ownership.compute import compute
from multihome.render.ownership.record import MACRO, macro
from multihome.render.ownership.running import running
from multihome.render.ownership.wanted import Wanted

if TYPE_CHECKING:
    from multihome.render.ownership.changes import StatementChanges
    from multihome.render.ownership.running import Running
    from multihome.render.ownership.statement import Words

_OBFUSCATED = re.compile(r"\$9\$[^\s\"]+")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one router's configuration must hold of the service.

    The statements hold secrets in `$9$` form, which hides nothing: show `redacted` instead.
    """

    router: str
    statements: tuple[str, ...] = field(repr=False)
    """`set ...` lines in the order of loading."""
    shared: tuple[str, ...] = ()
    """Paths that are set and never deleted, without the logical system's prefix."""
    logical_system: str | None = None
    service: str = "ipvpn"
    """Whose record on the router names the statements."""

    @property
    def redacted(self) -> tuple[str, ...]:
        """The statements with every secret hidden."""
        return tuple(_OBFUSCATED.sub("$9$(hidden)", line) for line in self.statements)

    def changes(self, configuration: str, choice: Choice | None = None) -> StatementChanges:
        """What is to be done on a router with this configuration (`set` and `deactivate` lines).

        Raises:
            Refused: the service's record on the router was altered by another hand.
        """
        found = running(configuration, self.logical_system)
        self._refuse_altered(found)
        wanted = Wanted(
            self.service,
            tuple(path_of(line, self.logical_system) for line in self.statements),
            tuple(path_of(path) for path in self.shared),
        )
        chosen = choice or Choice()
        done = compute(self.router, found, wanted, self._here(chosen), self.logical_system)
        named = (*chosen.take_over, *chosen.exclude)
        return replace(done, used=tuple(p for p in named if self._local(p) in done.used))

    def _here(self, choice: Choice) -> Choice:
        """The choice for this logical system: its prefix may be written or left out."""
        return Choice(
            *(tuple(map(self._local, paths)) for paths in (choice.take_over, choice.exclude))
        )

    def _local(self, path: Words) -> Words:
        prefix = ("logical-systems", self.logical_system)
        return path[2:] if path[:2] == prefix else path

    def _refuse_altered(self, found: Running) -> None:
        record = found.records.get(self.service)
        if record is not None and record.strange:
            raise Refused(
                f"{self.router}: `{MACRO} {macro(self.service)}` holds {record.strange[0]!r}, which "
                "this tool did not write like that; look at it, and delete the entry by hand"
            )


def withdrawn(router: str, service: str, logical_system: str | None = None) -> Rendered:
    """For a router that has no part in the service any more; its record says what to delete."""
    return Rendered(router, (), (), logical_system, service)
