"""Why an interface is down: switched off, its port dead, its cable cut, or no router at the far end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.check.diagnosis.misconfiguration import why_miswired
from multihome.check.inquiry import Explanation, silence
from multihome.state import interface

if TYPE_CHECKING:
    from multihome.check.inquiry import Inquiry


@dataclass(frozen=True, slots=True)
class Down:
    """One interface that is down."""

    router: str
    interface: str
    how: str
    port: str = ""
    """Its port, if that is down as a whole."""
    units: int = 0
    """How many interfaces are down with the port."""

    @property
    def disabled(self) -> bool:
        """It is disabled by configuration."""
        return self.how == _DISABLED

    @property
    def explanation(self) -> Explanation:
        """The port, or else the interface, as the cause."""
        name = self.port or self.interface
        return Explanation(
            f"{self.router} {name} is down ({self.how})",
            cause=f"{self.router} {name} is down",
            next=f"show interfaces {name} extensive (on {self.router})",
            certain=True,
        )


_DISABLED = "disabled by configuration"


def why_link(router: str, name: str, inquiry: Inquiry) -> Explanation | None:
    """That an interface, or one at the other end of its link, is down or not as it must be."""
    others = inquiry.opposite(router, name)
    down = [end for each in ((router, name), *others) if (end := _down(*each, inquiry))]
    if not down:
        charted = inquiry.chart.opposite.get((router, name), ())
        return why_miswired(((router, name), *charted), inquiry)
    if (culprit := _culprit(down)) is not None:
        return culprit.explanation
    silent = [other for other, _ in others if inquiry.silent(other)]
    if silent and len(silent) == len(others):
        return _nobody_there(down[0], silent)
    return _cut(down) if len(down) == len(others) + 1 > 1 else down[0].explanation


def why_interface_down(router: str, name: str, inquiry: Inquiry) -> Explanation | None:
    """Why this interface is down, whatever is the matter with the other end; None if it is up."""
    return why_link(router, name, inquiry) if _down(router, name, inquiry) else None


def _culprit(down: list[Down]) -> Down | None:
    """The end that was switched off, or whose port took more than this link with it."""
    if (off := next((each for each in down if each.disabled), None)) is not None:
        return off
    most = max(each.units for each in down)
    worst = [each for each in down if each.units == most]
    return worst[0] if most > 1 and len(worst) == 1 else None


def _nobody_there(near: Down, silent: list[str]) -> Explanation:
    """The far end is off, or cut off: it does not even answer to management."""
    reason = "; ".join(map(silence, silent))
    return Explanation(
        f"{near.explanation.why}; at the far end, {reason}",
        cause=reason,
        next=near.explanation.next,
        certain=True,
    )


def _cut(down: list[Down]) -> Explanation:
    """Every end is without a carrier, and none has a reason of its own."""
    ends = " - ".join(sorted(f"{each.router} {each.interface}" for each in down))
    return Explanation(
        f"the link {ends} has no carrier at any end",
        cause=f"link {ends} is down",
        next=down[0].explanation.next,
        certain=True,
    )


def _down(router: str, name: str, inquiry: Inquiry) -> Down | None:
    table = inquiry.table(router, interface.TERSE)
    status = table.get(name) if table else None
    if table is None or status is None or not _is_down(status):
        return None
    port = table.get(name.partition(".")[0]) if "." in name else None
    for each in (status, port):
        if each is not None and each.admin == "down":
            return Down(router, each.name, _DISABLED)
    if port is None or not _is_down(port):
        return Down(router, name, "no carrier")
    prefix = f"{port.name}."
    units = [each for key, each in table.by_name.items() if key.startswith(prefix)]
    return Down(router, name, "no carrier", port.name, sum(map(_is_down, units)))


def _is_down(status: interface.Status) -> bool:
    return status.oper != "up" or status.admin == "down"
