"""Key chains: each router that signs with one sends with a key of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.intent.expect.expectation_fields import either, frame
from multihome.intent.expectation import AnyExpectation, RpcXPath

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.intent.expect.derived_network import World
    from multihome.intent.model import Intent


def keys(world: World) -> Iterator[AnyExpectation]:
    """Which of the keys it is depends on the time of day: any of them will do, none will not."""
    seen: set[tuple[str, str]] = set()
    for router, name in _uses(world.intent):
        if name is None or (router, name) in seen or not world.alive(router):
            continue
        seen.add((router, name))
        chain = f"//hakr-keychain[hakr-keychain-name='{name}']"
        numbers = [str(number) for number in world.intent.key_chains[name].keys]
        yield RpcXPath(
            **frame(world, router, f"key chain {name}", "keys"),
            rpc="get-hakr-keychain-information",
            xpath=f"{chain}/hakr-keychain-active-send-key",
            value=either(numbers),
        )


def _uses(intent: Intent) -> Iterator[tuple[str, str | None]]:
    """Each router and the chain of each thing that it signs."""
    core = intent.core
    if core.managed:
        for router in dict.fromkeys(name for link in core.links for name in link.ends):
            yield router, core.isis.authentication_key_chain
            yield router, core.ldp.authentication_key_chain
        for router in intent.bgp_speakers:
            yield router, core.bgp.authentication_key_chain
    for _, _, site in intent.multihomed_sites():
        for leg in site.legs:
            yield leg.pe.router, site.authentication_key_chain
            yield leg.cpe.router, site.authentication_key_chain
        for router in site.gateway.routers:
            yield router, site.inter_cpe.authentication_key_chain
