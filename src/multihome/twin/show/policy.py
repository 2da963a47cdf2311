"""`show policy`: the names of the routing policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.registry import shows
from multihome.twin.show.reply import RpcError
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from multihome.twin.show.element import Element
    from multihome.twin.show.registry import Query


@shows("get-policy-information", "show policy", "<policy-name> logical-system:logical-system")
def policy_information(query: Query) -> Element:
    """Those that are configured and those that `vrf-target` makes.

    Raises:
        RpcError: there is no policy of that name.
    """
    config = query.router.config
    names = set(config.policies.statements if config.policies else ())
    for name, instance in config.instances.items():
        if instance.type == "vrf" and not instance.vrf_import:
            names.add(f"__vrf-import-{name}-internal__")
        if instance.type == "vrf" and not instance.vrf_export:
            names.add(f"__vrf-export-{name}-internal__")
    wanted = query.get("policy-name")
    if wanted is not None and wanted not in names:
        raise RpcError(f"policy {wanted} not found", bad_element="policy-name")
    shown = [wanted] if wanted else sorted(names)
    return output("\n".join(("Configured policies:", *shown)))
