"""What each router must say in each network state, reasoned out from the intent alone.

Nothing here looks at templates, blueprints or rendered configuration: who prefers which
leg, who told whom and where packets go is derived from the intent a second time, by
following routes through the topology.  A mistake in a template therefore cannot make its
own check pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.errors import UnknownName
from multihome.intent.expect.derive_absences import gone
from multihome.intent.expect.derive_core import core
from multihome.intent.expect.derive_forwarding import forwarding
from multihome.intent.expect.derive_sites import sites
from multihome.intent.expect.derive_vpns import vpns
from multihome.intent.expect.derived_network import world
from multihome.intent.expect.say_keys import keys
from multihome.intent.expect.states import STATES, NetworkState, scene

if TYPE_CHECKING:
    from collections.abc import Collection

    from multihome.intent.expect.derived_network import World
    from multihome.intent.expectation import AnyExpectation
    from multihome.intent.model import Intent

__all__ = ["STATES", "NetworkState", "expectations"]


def expectations(
    intent: Intent,
    state: str = NetworkState.STEADY,
    routers: Collection[str] | None = None,
    *,
    site: str | None = None,
    backup: str | None = None,
) -> tuple[AnyExpectation, ...]:
    """Everything that must hold in a network state, of `routers` or of all.

    `site` says whose leg has failed, where the intent has several multihomed sites; `backup`
    which of its backup legs, by its CPE, where it has several.

    Raises:
        UnknownName: no such state, site, backup leg or router.
        UsageError: the state needs a site, and there is none or a choice; or `backup` is given
            for a state that is not about one.
    """
    for name in routers or ():
        if name not in intent.routers:
            raise UnknownName("router", name, intent.routers)
    derived = world(intent, scene(intent, state, site, backup))
    said = _said(derived)
    if state != NetworkState.STEADY:
        steady = _said(world(intent, scene(intent, NetworkState.STEADY)))
        said = (*said, *gone(derived, steady, said))
    wanted = set(intent.routers if routers is None else routers)
    return tuple(item for item in said if item.router in wanted)


def _said(derived: World) -> tuple[AnyExpectation, ...]:
    return (
        *core(derived),
        *vpns(derived),
        *sites(derived),
        *forwarding(derived),
        *keys(derived),
    )
