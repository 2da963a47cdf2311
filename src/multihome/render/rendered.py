"""The configuration of one router, and the script that makes a router have it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from multihome.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = "apply-macro multihome"
"""Where a router remembers what of its configuration is ours: `apply-macro NAME { N "path"; }`."""
_OURS = re.compile(
    r"(interfaces \S+ unit \d+( .+)?|routing-instances \S+|protocols (isis|ldp|mpls|bgp group \S+)"
    r"|policy-options (prefix-list|policy-statement|community) \S+"
    r"|routing-options (router-id|autonomous-system|static route \S+)"
    rf"|{MANIFEST})"
)
_OBFUSCATED = re.compile(r"\$9\$[^\s\"]+")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one router's configuration must hold of the service.

    The statements hold secrets in `$9$` form, which hides nothing: show `redacted` instead.
    """

    router: str
    statements: tuple[str, ...] = field(repr=False)
    """`set ...` lines in the order of loading."""
    owned: tuple[str, ...]
    """Paths that are replaced as a whole, without the logical system's prefix."""
    logical_system: str | None = None
    former: tuple[str, ...] = ()
    """Paths that the router says were ours and that are no longer."""

    @property
    def load_script(self) -> str:
        """Lines for `load set`: what is ours goes, then what is wanted comes.

        A router that has it all already shows no difference afterwards.
        """
        prefix = f"logical-systems {self.logical_system} " if self.logical_system else ""
        deletions = [f"delete {prefix}{path}" for path in (*self.former, *self.owned)]
        return "\n".join([*deletions, *self.statements, ""])

    @property
    def redacted(self) -> tuple[str, ...]:
        """The statements with every secret hidden."""
        return tuple(_OBFUSCATED.sub("$9$(hidden)", line) for line in self.statements)

    def after(self, configuration: str) -> Rendered:
        """The same, for a router with this configuration (`set` lines): removes what was ours.

        Raises:
            UsageError: the router's own list names something that this tool never makes.
        """
        listed = manifest(configuration, self.logical_system)
        kept = set(self.owned)
        former = tuple(path for path in listed if path not in kept)
        if strange := [path for path in former if not _OURS.fullmatch(path)]:
            raise UsageError(
                f"{self.router}: {MANIFEST!r} lists {strange[0]!r}, which this tool does not own; "
                "look at it, and take the entry out by hand"
            )
        return Rendered(self.router, self.statements, self.owned, self.logical_system, former)


def withdrawn(router: str, logical_system: str | None = None) -> Rendered:
    """For a router that has no part in the service any more; `after` says what to remove."""
    return Rendered(router, (), (), logical_system)


def manifest(configuration: str, logical_system: str | None = None) -> tuple[str, ...]:
    """The paths that a router's configuration (`set` lines) lists as ours."""
    prefix = f"logical-systems {logical_system} " if logical_system else ""
    start = f"set {prefix}{MANIFEST} "
    found: list[str] = []
    for line in configuration.splitlines():
        if line.startswith(start):
            _, _, path = line.removeprefix(start).partition(" ")
            found.append(path.strip().strip('"'))
    return tuple(dict.fromkeys(found + ([MANIFEST] if found else [])))


def manifest_statements(owned: Iterable[str]) -> list[str]:
    """The statements by which a router remembers what is ours."""
    return [f'set {MANIFEST} {number} "{path}"' for number, path in enumerate(owned, start=1)]
