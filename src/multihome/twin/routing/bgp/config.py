"""What a change of a neighbour's configuration means for its session."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from multihome.twin.addressing import Address
from multihome.twin.junos.model.bgp import BgpNeighbor
from multihome.twin.junos.model.keys import ChainKey

if TYPE_CHECKING:
    from multihome.twin.junos.model.router import Router


class Effect(Enum):
    """From nothing to a new session."""

    NONE = auto()
    REOFFER = auto()
    """Other export rules: advertise what comes out differently."""
    REEVALUATE = auto()
    """Other import rules as well: what was received goes through them again."""
    RESTART = auto()
    """What was agreed in the OPENs, or below them, changes."""


_COSMETIC = {"description", "log_updown", "prefix_limits"}
_IMPORT = {
    "import_policies",
    "preference",
    "local_preference",
    "multipath",
    "multipath_multiple_as",
    "keep_all",
    "keep_none",
    "accept_remote_nexthop",
    "local_as_loops",
    "family_loops",
}
_EXPORT = {
    "export_policies",
    "as_override",
    "advertise_peer_as",
    "remove_private",
    "no_aggregator_id",
    "advertise_inactive",
    "advertise_external",
    "metric_out",
    "no_client_reflect",
    "vpn_apply_export",
    "local_as_no_prepend_global",
    "no_nexthop_change",
    "out_delay",
}
_NAMES = tuple(field.name for field in fields(BgpNeighbor))


def effect_of(old: BgpNeighbor, new: BgpNeighbor) -> Effect:
    """The strongest of what the changed statements ask for."""
    if old == new:
        return Effect.NONE
    changed = {name for name in _NAMES if getattr(old, name) != getattr(new, name)}
    if rolls_over(old, new):
        changed.discard("authentication_key")
    if changed - _COSMETIC - _IMPORT - _EXPORT:
        return Effect.RESTART
    if changed & _IMPORT:
        return Effect.REEVALUATE
    return Effect.REOFFER if changed & _EXPORT else Effect.NONE


def rolls_over(old: BgpNeighbor, new: BgpNeighbor) -> bool:
    """Whether another key of a chain is in use: that resets no session."""
    keys = (old.authentication_key, new.authentication_key)
    return keys[0] != keys[1] and all(isinstance(key, ChainKey) for key in keys)


def export_rules(config: BgpNeighbor) -> BgpNeighbor:
    """What two neighbours must have in common to be offered the same."""
    return replace(
        config,
        address=Address(0),
        local_address=None,
        description="",
        import_policies=(),
        authentication_key=None,
        hold_time=0,
        passive=False,
        shutdown=False,
        bfd=None,
        log_updown=False,
        prefix_limits=(),
        keep_all=False,
        keep_none=False,
        accept_remote_nexthop=False,
        family_loops=(),
        preference=0,
        multipath=False,
        multipath_multiple_as=False,
    )


def vpn_imports(router: Router) -> object:
    """Everything that decides which VPN routes are wanted by a VRF; a reflector wants all."""
    instances = [
        (i.name, i.type, i.route_distinguisher, i.vrf_target_import, i.vrf_import)
        for i in router.instances.values()
    ]
    by_policy = any(i.vrf_import for i in router.instances.values())
    return instances, router.policies if by_policy else None
