"""Networks that were there before the tool: whole ones, and the intent that knows one site of each."""

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from intent_networks import Network, Values
from ruamel.yaml import YAML

from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory

ROOT = Path(__file__).parents[2]
SECRETS = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")
_UNUSED = re.compile(r"set interfaces .* (description|mtu) ")
PORTS = ("xe-2/0/", "ge-0/1/", "et-3/1/", "xe-7/1/")


@dataclass(frozen=True)
class Brownfield:
    """What runs, as an intent that nobody kept, and what the operator knows of it."""

    everything: str
    known: str
    roles: dict[str, str]
    seed: int

    def disturbed(self, router: str, lines: list[str]) -> list[str]:
        """The router's statements among others', some of ours missing, in any order of sections."""
        rng = random.Random(f"{self.seed} {router}")
        if router not in json.loads(self.known)["routers"]:
            return lines
        kept = [x for x in lines if not (_UNUSED.match(x) and rng.random() < 0.5)]
        return _mixed(rng, kept, rng.sample(_foreign(kept), k=rng.randint(3, 9)))


def brownfield(seed: int) -> Brownfield:
    """Even numbers: the project's own network under other names; odd ones: one that nobody drew."""
    rng = random.Random(seed)
    if seed % 2:
        network = Network(
            rng.randint(2, 4), (0,), tuple(_vpn(rng) for _ in range(rng.randint(1, 2)))
        )
        text = network.text()
        roles = {name: str(role) for name, role in network.roles().items()}
    else:
        data = YAML(typ="safe").load((ROOT / "inventory" / "ipvpn.yaml").read_text())
        roles = {n: str(r) for n, r in read_inventory(default_project()).roles.items()}
        text = json.dumps(data) if seed == 0 else _renamed(rng, json.dumps(data))
    return Brownfield(text, json.dumps(_one_site(json.loads(text))), roles, seed)


def _vpn(rng):
    return tuple(
        tuple(
            Values(rng.randrange(2), med, preference, priority)
            for med, preference, priority in zip(
                rng.sample(range(500), 2), rng.sample(range(500), 2), rng.sample(range(1, 255), 2),
                strict=True,
            )
        )
        for _ in range(rng.randint(1, 2))
    )  # fmt: skip


def _renamed(rng, text):
    number = str(rng.randint(64512, 65400))
    for old, new in (
        ("65500", number),
        ("xe-2/0/", rng.choice(PORTS)),
        ('"ipvpn"', f'"vpn-{number}"'),
        ('"saturn": {"autonomous-system"', f'"plant-{number}": {{"autonomous-system"'),
        ("multihomed-ipvpn", f"to-{number}"),
        ("cpe-originated-route", f"origin-{number}"),
        ('"group": "CPE"', f'"group": "SITES-{number}"'),
        ('"group": "reflector"', f'"group": "mesh-{number}"'),
    ):
        text = text.replace(old, new)
    return text


def _one_site(data):
    """Only the first multihomed site, on a core that somebody else keeps."""
    name, vpn = next(iter(data["vpns"].items()))
    site, known = next(iter(vpn["multihomed"].items()))
    members = {end["router"] for leg in known["legs"] for end in (leg["pe"], leg["cpe"])}
    members |= {known["customer"]["router"]} if known.get("customer") else set()
    loopbacks = {r: unit for r, unit in vpn.get("loopbacks", {}).items() if r in members}
    kept = {key: value for key, value in vpn.items() if key != "single-homed"}
    core = {"managed": False, **{k: v for k, v in data["core"].items() if k != "managed"}}
    inside = {router for link in core["links"] for router in link["ends"]} | members
    return {
        "service": "known",
        "routers": {router: each for router, each in data["routers"].items() if router in inside},
        "core": core,
        "vpns": {name: {**kept, "loopbacks": loopbacks, "multihomed": {site: known}}},
    }


def _foreign(lines):
    """Statements beside ours that change nothing of ours, for whatever is configured here."""
    words = [line.split() for line in lines]
    port = next(w[2] for w in words if w[1] == "interfaces" and not w[2].startswith("lo"))
    found = [
        [f"set interfaces {port} unit 3777 vlan-id 3777",
         f"set interfaces {port} unit 3777 family inet address 172.31.7.1/30"],
        ["set protocols bgp group A-THEIRS type external",
         "set protocols bgp group A-THEIRS peer-as 64999",
         "set protocols bgp group A-THEIRS local-as 64900",
         "set policy-options policy-statement theirs term a then reject",
         "set protocols bgp group A-THEIRS import theirs",
         "set protocols bgp group A-THEIRS neighbor 172.31.7.2"],
        ["set policy-options policy-statement 0-theirs term b from protocol static",
         "set policy-options policy-statement 0-theirs term b then accept",
         "set policy-options policy-statement 0-theirs term a then reject"],
        ["set policy-options community A-theirs members 65001:99"],
        ["set policy-options prefix-list 0-theirs 172.31.0.0/16"],
        ["set routing-options static route 172.30.0.0/16 discard"],
        ["set firewall family inet filter theirs term t then accept"],
        ["set groups theirs interfaces <ge-9/*> mtu 9000", "set apply-groups theirs"],
        ["set snmp location attic", "set snmp contact nobody"],
    ]  # fmt: skip
    for instance in sorted({w[2] for w in words if w[1] == "routing-instances"}):
        path = f"set routing-instances {instance}"
        found += [
            [f"{path} routing-options static route 172.29.0.0/16 discard"],
            [f"{path} protocols bgp group 0-THEIRS type external",
             f"{path} protocols bgp group 0-THEIRS peer-as 64998",
             f"{path} protocols bgp group 0-THEIRS neighbor 172.31.7.2"],
        ]  # fmt: skip
    return found


def _mixed(rng, ours, theirs):
    """Blocks of both, shuffled; within a block, and among the terms of a policy, order stays."""
    blocks = {}
    for line in ours:
        blocks.setdefault(" ".join(line.split()[1:4]), []).append(line)
    chunks = [*blocks.values(), *theirs]
    rng.shuffle(chunks)
    return [line for chunk in chunks for line in chunk]
