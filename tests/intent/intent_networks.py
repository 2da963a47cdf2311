"""Networks that nobody drew: rings of PEs, sites with any number of legs."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from multihome.inventory.role import Role


@dataclass(frozen=True)
class Values:
    pe: int
    med: int
    preference: int
    priority: int


@dataclass(frozen=True)
class Network:
    """`pes` routers in a ring; per VPN its multihomed sites, and one single-homed site."""

    pes: int
    reflectors: tuple[int, ...]
    vpns: tuple[tuple[tuple[Values, ...], ...], ...]

    def text(self) -> str:
        return json.dumps(_Builder(self).intent())

    def roles(self) -> dict[str, Role]:
        names = json.loads(self.text())["routers"]
        kinds = {"pe": Role.PE, "ce": Role.CPE, "cu": Role.CUSTOMER}
        return {name: kinds[name[:2]] for name in names}


def _distinct(low: int, high: int, count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high), min_size=count, max_size=count, unique=True)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    pes = draw(st.integers(2, 5))

    def site() -> tuple[Values, ...]:
        count = draw(st.integers(2, 3))
        return tuple(
            Values(*values)
            for values in zip(
                draw(st.lists(st.integers(0, pes - 1), min_size=count, max_size=count)),
                draw(_distinct(0, 500, count)),
                draw(_distinct(0, 500, count)),
                draw(_distinct(1, 254, count)),
                strict=True,
            )
        )

    vpns = tuple(
        tuple(site() for _ in range(draw(st.integers(1, 2))))
        for _ in range(draw(st.integers(1, 2)))
    )
    reflectors = tuple(draw(st.lists(st.integers(0, pes - 1), max_size=2, unique=True)))
    return Network(pes, reflectors, vpns)


class _Builder:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._routers: dict[str, Any] = {}
        self._links = 0

    def intent(self) -> dict[str, Any]:
        network = self._network
        for number in range(network.pes):
            self._router(f"pe{number}", iso=True)
        vpns = {
            f"vpn{number}": self._vpn(number, sites) for number, sites in enumerate(network.vpns)
        }
        ring = [
            {"vlan": 10 + n, "ends": dict([self._end(f"pe{n}", 10 + n, 1), self._end(f"pe{(n + 1) % network.pes}", 10 + n, 2)])}
            for n in range(network.pes if network.pes > 2 else 1)
        ]  # fmt: skip
        reflectors = {f"pe{n}": f"10.255.0.{n + 1}" for n in network.reflectors}
        core = {"autonomous-system": 1, "propagate-ttl": False, "bgp": {"reflectors": reflectors}}
        return {
            "service": "generated",
            "routers": self._routers,
            "core": core | {"links": ring},
            "vpns": vpns,
        }

    def _router(self, name: str, *, iso: bool = False) -> str:
        number = len(self._routers) + 1
        loopback = {"interface": f"lo0.{number}", "address": f"10.0.0.{number}/32"}
        title = {"iso": f"49.0001.0000.0000.{number:04d}.00"} if iso else {}
        self._routers[name] = {"loopback": loopback} | title
        return name

    def _end(self, router: str, vlan: int, host: int) -> tuple[str, dict[str, str]]:
        return router, {"interface": f"ge-0/0/{host}.{vlan}", "address": f"4.1.{vlan}.{host}/24"}

    def _connection(self, pe: str, cpe: str) -> dict[str, Any]:
        self._links += 1
        vlan = 100 + self._links
        ends = {
            side: {
                "router": router,
                "interface": f"ge-0/0/0.{vlan}",
                "address": f"4.0.{self._links}.{host}/30",
            }
            for side, router, host in (("pe", pe, 1), ("cpe", cpe, 2))
        }
        return {"vlan": vlan, **ends}

    def _vpn(self, number: int, sites: tuple[tuple[Values, ...], ...]) -> dict[str, Any]:
        cpe = self._router(f"ce{number}s")
        single = self._connection("pe0", cpe) | {
            "prefixes": [self._routers[cpe]["loopback"]["address"]]
        }
        return {
            "route-distinguisher": f"1:{number}",
            "vrf-target": f"target:1:{number}",
            "single-homed": {f"branch{number}": single},
            "multihomed": {
                f"site{number}x{index}": self._site(f"{number}x{index}", legs)
                for index, legs in enumerate(sites)
            },
        }

    def _site(self, label: str, legs: tuple[Values, ...]) -> dict[str, Any]:
        lan = f"192.168.{len(self._routers)}"
        made, members = [], {}
        for index, leg in enumerate(legs):
            cpe = self._router(f"ce{label}l{index}")
            made.append(
                self._connection(f"pe{leg.pe}", cpe)
                | {
                    "role": "backup" if index else "primary",
                    "med": leg.med,
                    "local-preference": leg.preference,
                }
            )
            members[cpe] = {
                "interface": "ge-0/0/1.5",
                "address": f"{lan}.{index + 2}/24",
                "priority": leg.priority,
            }
        customer = self._router(f"cu{label}")
        return {
            "autonomous-system": 65000,
            "site-of-origin": f"origin:1:{len(self._routers)}",
            "legs": made,
            "gateway": {
                "subnet": f"{lan}.0/24",
                "vlan": 5,
                "group": 1,
                "virtual-address": f"{lan}.1",
                "routers": members,
            },
            "customer": {
                "router": customer,
                "interface": "ge-0/0/1.5",
                "address": f"{lan}.254/24",
                "prefixes": [self._routers[customer]["loopback"]["address"]],
            },
        }
