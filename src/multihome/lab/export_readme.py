"""The README and file headers of an exported lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERFACES = """\
# Which port of the virtual router stands for which port of the intent, by router. Units keep
# their numbers; inventory/ipvpn.yaml and checks/ use the new names already.
# ge-0/0/N is the container's ethN+1 in the topology.
"""
INVENTORY = """\
# The routers of the lab beside it, by the names that containerlab enters in /etc/hosts.
"""
_TEXT = """\
# {name}: a lab of real Junos

Made by `multihome lab export`, which runs no containers itself. {name}.clab.yml is a topology
for [containerlab](https://containerlab.dev); inventory/, templates/ and checks/ are the project
that fits it; interfaces.yaml says which port stands for which.

It needs a Linux machine with KVM and the image `{image}`, built with
[vrnetlab](https://github.com/srl-labs/vrnetlab) from the disk that Juniper offers. If yours has
another name, change it in the topology, under `kinds`.

In this folder:

```sh
{made}sudo containerlab deploy -t {name}.clab.yml    # then some ten minutes until all have booted
multihome -i . trust {router}            # and so on: look at each host key once
multihome -i . preflight
multihome -i . plan
multihome -i . apply
multihome -i . verify
sudo containerlab destroy -t {name}.clab.yml --cleanup
{unmade}```

The login is `username` in inventory/defaults.yaml. containerlab's documentation gives the password
of the user that its images create; `--public-key` or `--with-password` add a user of your own. The
protocol keys come from `MULTIHOME_SECRET_*` or `--secrets FILE`; any values will do in a lab.
"""
_BRIDGE = """\
sudo ip link add {bridge} type bridge mcast_snooping 0
sudo ip link set {bridge} up
"""


def leaflet(name: str, image: str, router: str, bridges: Sequence[str]) -> str:
    """How to start the lab, and how to point this tool at it; `router` is any of them."""
    made = "".join(_BRIDGE.format(bridge=bridge) for bridge in bridges)
    unmade = "".join(f"sudo ip link del {bridge}\n" for bridge in bridges)
    return _TEXT.format(name=name, image=image, router=router, made=made, unmade=unmade)
