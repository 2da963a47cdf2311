"""Routers that speak BGP, as set commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.addressing import Prefix

if TYPE_CHECKING:
    from multihome.twin.network import Network
    from multihome.twin.routing.route import Route

FIVE = Prefix.parse("5.0.0.0/8")


def speaker(number: int, autonomous_system: int, links: dict[str, str], extra: str = "") -> str:
    """A router with `interface: address/length`, a loopback and an AS."""
    lines = [
        f"set interfaces lo0 unit 0 family inet address {number}.{number}.{number}.{number}/32",
        f"set routing-options autonomous-system {autonomous_system}",
        f"set routing-options router-id {number}.{number}.{number}.{number}",
    ]
    for interface, address in links.items():
        lines.append(f"set interfaces {interface} unit 0 family inet address {address}")
    return "\n".join(lines) + "\n" + extra


def external(name: str, peer: str, peer_as: int, *statements: str) -> str:
    group = f"set protocols bgp group {name}"
    lines = [f"{group} type external", f"{group} neighbor {peer} peer-as {peer_as}"]
    lines += [f"{group} neighbor {peer} {statement}" for statement in statements]
    return "\n".join(lines) + "\n"


def internal(name: str, *peers: str, statements: tuple[str, ...] = ()) -> str:
    group = f"set protocols bgp group {name}"
    lines = [f"{group} type internal", *(f"{group} neighbor {peer}" for peer in peers)]
    lines += [f"{group} {statement}" for statement in statements]
    return "\n".join(lines) + "\n"


ORIGIN = """
set routing-options static route 5.0.0.0/8 discard
set policy-options policy-statement statics from protocol static
set policy-options policy-statement statics then accept
"""


def at(network: Network, name: str, prefix: Prefix = FIVE) -> Route | None:
    return network.nodes[name].rib("inet.0").active(prefix)


def policy(action: str, name: str = "p") -> str:
    return f"""
    set policy-options policy-statement {name} then {action}
    set policy-options policy-statement {name} then accept
    set policy-options community x members 65000:1
    set policy-options community no-export members no-export
    set policy-options community no-advertise members no-advertise
    """
