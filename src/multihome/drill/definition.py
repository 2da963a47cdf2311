"""What a drill is: one fault, injected by configuration on one router."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill, and the network state that must come of it."""

    name: str
    summary: str
    router: str
    statements: tuple[str, ...]
    """Lines for `load set`, such as `deactivate protocols bgp group G neighbor A`."""
    state: str
    site: str | None = None
    """The multihomed site that the state is about."""
    backup: str | None = None
    """The CPE of its backup leg that the state is about, if it is about one."""
    between: tuple[str, ...] = ()
    """What the fault separates: routers, or a router and a LAN."""

    @property
    def script(self) -> str:
        """The lines as they are loaded."""
        return "\n".join((*self.statements, ""))

    def inside(self, logical_system: str | None) -> Drill:
        """The same fault where the router is that logical system of a larger one."""
        if logical_system is None:
            return self
        told = (line.partition(" ") for line in self.statements)
        inside = f"logical-systems {logical_system}"
        return replace(self, statements=tuple(f"{verb} {inside} {path}" for verb, _, path in told))
