"""A containerlab topology: nodes, and links between the ports that stand for the intent's.

https://containerlab.dev/manual/topo-def-file/ and https://containerlab.dev/manual/kinds/bridge/
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from multihome.lab import virtual
from multihome.values.interface import InterfaceName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from multihome.lab.order import Cable
    from multihome.lab.renaming import Names
    from multihome.lab.virtual import Kind
    from multihome.lab.wiring import Port

_HEAD = """\
# Made by `multihome lab export`; README.md beside it says how to start it.
# ethN of a node is its port ge-0/0/(N-1); interfaces.yaml says for which port of the intent.
"""


def port_names(wires: Iterable[Cable], routers: Iterable[str], kind: Kind) -> Names:
    """Each router's ports with those that stand for them; those with a far end come first.

    Raises:
        UsageError: a router needs more ports than the kind has.
    """
    alone: dict[Port, bool] = {end: len(cable.ends) == 1 for cable in wires for end in cable.ends}
    ordered = sorted(alone, key=lambda end: (alone[end], InterfaceName.parse(end[1]).sort_key))
    return {
        router: virtual.port_names(
            (port for owner, port in ordered if owner == router), kind, router
        )
        for router in routers
    }


def topology(wires: Iterable[Cable], names: Names, name: str, kind: Kind, image: str) -> str:
    """The topology file of a lab of that name."""
    wires = tuple(wires)
    nodes: dict[str, object] = {
        router: {"kind": kind.name, "startup-config": startup_file(router, kind)}
        for router in names
    }
    nodes |= {bridge: {"kind": "bridge"} for bridge, _ in bridged(wires, name)}
    whole = {
        "kinds": {kind.name: {"image": image}},
        "nodes": nodes,
        "links": [*_direct(wires, names), *_over_bridges(wires, names, name)],
    }
    return _HEAD + as_yaml({"name": name, "topology": whole})


def startup_file(router: str, kind: Kind) -> str:
    """Where a router's first configuration is, seen from the topology file."""
    return f"startup/{router}{kind.suffix}"


def bridged(wires: Iterable[Cable], name: str) -> Iterator[tuple[str, Cable]]:
    """The cables that more than two ports are on, each with its bridge."""
    wide = (cable for cable in wires if len(cable.ends) > 2)
    return ((f"{name}-br{number}", cable) for number, cable in enumerate(wide))


def _direct(wires: Iterable[Cable], names: Names) -> Iterator[dict[str, object]]:
    for cable in wires:
        ends = [_endpoint(end, names) for end in cable.ends]
        if len(ends) == 2:
            yield {"endpoints": [f"{node}:{interface}" for node, interface in ends]}
        elif len(ends) == 1:  # to a router out of the inventory: the port is up without an answer
            node, interface = ends[0]
            yield {"type": "dummy", "endpoint": {"node": node, "interface": interface}}


def _over_bridges(wires: Iterable[Cable], names: Names, name: str) -> Iterator[dict[str, object]]:
    for number, (bridge, cable) in enumerate(bridged(wires, name)):
        for place, end in enumerate(cable.ends, 1):
            node, interface = _endpoint(end, names)
            yield {"endpoints": [f"{node}:{interface}", f"{bridge}:{name}{number}-{place}"]}


def _endpoint(end: Port, names: Names) -> Port:
    """The node and the container's interface."""
    router, port = end
    return router, virtual.endpoint(names[router][port])


def as_yaml(data: object, *, inline: bool = True) -> str:
    """Block style; with `inline`, the innermost on one line."""
    yaml = YAML()
    yaml.default_flow_style = None if inline else False
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()
