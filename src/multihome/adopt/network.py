"""The routers together: ports, who faces whom, loopbacks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Interface
from typing import TYPE_CHECKING

from multihome.adopt.source import Tree, below, only

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.adopt.judgement import Judgement
    from multihome.adopt.source import Source

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


@dataclass(frozen=True)
class FoundPort:
    """A unit with an IPv4 address."""

    router: str
    interface: str
    address: IPv4Interface
    unit: Tree = field(repr=False, compare=False)
    instance: str | None = None
    """The routing instance that it is in."""

    @property
    def vlan(self) -> int | None:
        """Its tag."""
        tag = only(below(self.unit, "vlan-id"))
        return int(tag) if tag and tag.isdecimal() else None

    @property
    def description(self) -> str | None:
        """What the router calls it."""
        return only(below(self.unit, "description"))

    @property
    def groups(self) -> Tree:
        """VRRP groups on its address."""
        return below(self.unit, "family", "inet", "address", str(self.address), "vrrp-group")

    def end(self) -> dict[str, str]:
        """As the intent writes it."""
        return {"interface": self.interface, "address": str(self.address)}

    def attachment(self) -> dict[str, str]:
        """As the intent writes a side of a connection."""
        return {"router": self.router, **self.end()}


@dataclass(frozen=True)
class FoundNetwork:
    """All routers whose configurations were read."""

    sources: Mapping[str, Source]
    judgement: Judgement

    @cached_property
    def instances(self) -> Mapping[tuple[str, str], str]:
        """Router and interface -> the routing instance that holds it."""
        return {
            (router, interface): name
            for router, source in self.sources.items()
            for name, instance in source.at("routing-instances").items()
            for interface in below(instance, "interface")
        }

    @cached_property
    def units(self) -> tuple[FoundPort, ...]:
        """Every unit with an address, loopbacks too."""
        return tuple(self._units())

    def _units(self) -> Iterator[FoundPort]:
        for router, source in self.sources.items():
            for physical, settings in source.at("interfaces").items():
                for number, unit in below(settings, "unit").items():
                    name = f"{physical}.{number}"
                    instance = self.instances.get((router, name))
                    for address in _addresses(below(unit, "family", "inet", "address")):
                        yield FoundPort(router, name, address, unit, instance)

    @cached_property
    def ports(self) -> tuple[FoundPort, ...]:
        """Those that packets pass."""
        return tuple(unit for unit in self.units if not unit.interface.startswith("lo"))

    def facing(self, port: FoundPort) -> list[FoundPort]:
        """Ports of other routers in the same subnet and VLAN."""
        subnet, vlan = port.address.network, port.vlan
        return [
            other
            for other in self.ports
            if other.router != port.router and (other.address.network, other.vlan) == (subnet, vlan)
        ]

    def opposite(self, port: FoundPort) -> FoundPort | None:
        """The one port that faces this one; which of several is asked."""
        found = {f"{p.router} {p.interface}": p for p in self.facing(port)}
        chosen = self.judgement.choose(f"{port.router} {port.interface} faces", [*found])
        return found.get(chosen) if chosen else None

    @cached_property
    def loopbacks(self) -> Mapping[str, FoundPort]:
        """The main loopback of each router that has one."""
        found = {}
        for router in self.sources:
            units = {
                f"{unit.interface} {unit.address}": unit
                for unit in self.units
                if unit.router == router and unit.interface.startswith("lo0.")
                if unit.instance is None and unit.address.network.prefixlen == 32
                if not unit.address.is_loopback
            }
            chosen = self.judgement.choose(f"{router} loopback", [*units])
            if chosen:
                found[router] = units[chosen]
        return found

    def router(self, name: str) -> dict[str, object]:
        """Facts of a router, as the intent writes them."""
        loopback = self.loopbacks[name]
        facts: dict[str, object] = {"loopback": loopback.end()}
        iso = only(below(loopback.unit, "family", "iso", "address"))
        if iso:
            facts["iso"] = iso
        if (title := self._title(name, loopback.description)) is not None:
            facts["title"] = title
        return facts

    def title(self, name: str) -> str:
        """How descriptions call a router."""
        loopback = self.loopbacks.get(name)
        own = self._title(name, loopback.description) if loopback else None
        return own or name[:1].upper() + name[1:]

    def _title(self, name: str, shouted: str | None) -> str | None:
        """How neighbours' descriptions spell what the loopback says in capitals."""
        if shouted is None or shouted == name.upper() or not _NAME.fullmatch(shouted):
            return None
        spelled = (word for word in self._spellings if word.upper() == shouted != word)
        return next(spelled, shouted)

    @cached_property
    def _spellings(self) -> tuple[str, ...]:
        words: dict[str, None] = {}
        for unit in self.units:
            for part in (unit.description or "").split("_"):
                words[part] = None
                words[part.partition("-")[2]] = None
        return tuple(words)


def _addresses(tree: Tree) -> Iterator[IPv4Interface]:
    for text in tree:
        try:
            yield IPv4Interface(text)
        except ValueError:
            continue
