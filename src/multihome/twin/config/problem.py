"""What the configuration database has to complain about, in Junos's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One `rpc-error`, as a value; a commit check returns these, causes before consequences.

    Attributes:
        message: Junos's text, without the `error:` that the command line puts before it.
        path: the words of the edit path, `("routing-instances", "ipvpn")`; printed as
            `[edit routing-instances ipvpn]`.  None: no path is given.
        element: the `bad-element`: the word or statement at fault, or an empty string.
        severity: a warning does not stop a load or a commit.
        tag: the NETCONF error-tag (RFC 6241 appendix A).
        type: the NETCONF error-type.
        daemon: who refused, `rpd` or `dcd`; empty for the management daemon itself.
        session: who holds the lock, for `lock-denied`.
    """

    message: str
    path: tuple[str, ...] | None = None
    element: str = ""
    severity: Severity = "error"
    tag: str = "operation-failed"
    type: Literal["protocol", "application"] = "protocol"
    daemon: str = ""
    session: int | None = None

    @property
    def edit_path(self) -> str:
        """`[edit a b]`, or an empty string."""
        return "" if self.path is None else f"[{' '.join(('edit', *self.path))}]"

    def __str__(self) -> str:
        """As the command line prints it: path, quoted statement, text, each further in."""
        lines = [self.edit_path] if self.path is not None else []
        if self.element and self.path is not None:
            lines.append(f"  '{self.element}'")
        indent = " " * (2 * len(lines))
        prefix = "" if lines else f"{self.severity}: "
        return "\n".join([*lines, f"{indent}{prefix}{self.message}"])


def warning(message: str, path: tuple[str, ...] | None = None, element: str = "") -> Problem:
    """A warning; it goes into the reply and the log, and stops nothing."""
    return Problem(message, path, element, severity="warning")


def syntax_error(element: str) -> Problem:
    """A word that the grammar does not know in this place."""
    return Problem("syntax error", element=element)
