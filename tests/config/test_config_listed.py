"""Every statement of Junos 21.4R1 is known, with the type of its value; everything else is none."""

from __future__ import annotations

import itertools
import random
import re
from gzip import open as gunzip
from pathlib import Path

import pytest
from statement_list import rows, tree_of

from multihome.twin.config.load import load
from multihome.twin.config.tree import Node

LIST = Path(__file__).parents[2] / "../shared/reference/junos-statements-21.4R1.tsv.gz"
DATA = Path(__file__).parents[2] / "src/multihome/twin/config/grammar/listed.tsv"
VALUES = {
    **dict.fromkeys(("ipv4addr", "ipaddr"), "192.0.2.1"),
    "ipv6addr": "2001:db8::1",
    **dict.fromkeys(
        ("ipv4prefix", "ipprefix", "ipprefix-only", "ipprefix-optional"), "192.0.2.0/24"
    ),
    **dict.fromkeys(("ipv6prefix", "ipv6prefix-only", "ipv6prefix-mandatory"), "2001:db8::/32"),
    **dict.fromkeys(("mac-addr", "mac-unicast", "mac-multicast"), "00:11:22:33:44:55"),
    **dict.fromkeys(("interface-name", "interface-unit"), "ge-0/0/0.0"),
    "interface-device": "ge-0/0/0",
    **dict.fromkeys(("decimal64", "unsigned-float"), "1.5"),
    "areaid": "0.0.0.1",
    "vlan-range": "10-20",
    "community": "65000:1",
    "size": "10m",
}
KEYS = ("n1", "192.0.2.1", "192.0.2.0/24", "5", "0.0.0.1", "ge-0/0/0", "exact")
BARE = {"interfaces interface": "interfaces", "routing-instances instance": "routing-instances"}
BARE |= {"bridge-domains domain": "bridge-domains", "vlans vlan": "vlans"}
PHRASED = re.compile(r" (route-filter|source-address-filter|martians|prefix-list-filter) ")
"""Keys that the command line writes with other words than the model."""


def errors(words):
    found = load(Node(), "set " + " ".join(words) + "\n", format="set").problems
    return [each for each in found if each.severity == "error"]


def value_of(kind, rng):
    if found := re.match(r"union\((.*)\)$", kind):
        parts = [part for part in found[1].split(";") if not part.startswith("string")]
        kind = parts[0] if parts else "string"
    if found := re.match(r"enum\((.*)\)$", kind):
        return rng.choice(found[1].split("|"))
    if found := re.match(r"u?int\d+\[(-?\d+)(?: \.\. (-?\d+))?\]", kind):
        return str(rng.randint(int(found[1]), int(found[2] or found[1])))
    if re.match(r"u?int\d+$", kind):
        return str(rng.randint(0, 100))
    word = "10m" if kind.startswith("string[1 .. 64]") else "5"
    return VALUES.get(kind.partition("[")[0], word)


def accepted(path, kind, rng):
    for model, bare in BARE.items():
        if path.startswith(model + " "):
            path = path.replace(model, bare, 1)
    path = path.replace("prefix-list-item ", "")
    words = path.split()
    places = [place for place, word in enumerate(words) if word.startswith("<")]
    typed = kind.partition(" ")[2]
    tail = [] if typed == "empty" else [value_of(typed, rng)]
    for keys in itertools.islice(itertools.product(KEYS, repeat=len(places)), 2500):
        for place, key in zip(places, keys, strict=True):
            words[place] = key
        if not errors([*words, *tail]):
            return True
    return False


@pytest.fixture(scope="module")
def listed():
    if not LIST.exists():
        pytest.skip("the list of statements is not beside the checkout")
    with gunzip(LIST, "rt", encoding="utf-8") as stream:
        return stream.read().splitlines()


@pytest.mark.reference
def test_the_packaged_list_is_made_from_the_whole_list(listed):
    assert "\n".join(rows(tree_of(listed))) + "\n" == DATA.read_text("utf-8")


@pytest.mark.reference
def test_a_leaf_with_a_value_of_its_type_is_accepted(listed):
    rng = random.Random(214)
    leaves = [tuple(line.split("\t")) for line in listed if "\tleaf" in line]
    plain = [leaf for leaf in leaves if not PHRASED.search(leaf[0])]
    chosen = rng.sample(plain, 300)
    refused = [path for path, kind in chosen if not accepted(path, kind, rng)]
    assert len(refused) <= len(chosen) * 0.05, refused


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("system services dhcp-local-server pool-match-order ip-address-first", True),
        ("protocols msdp group east peer 192.0.2.7 default-peer", True),
        ("protocols msdp group east peer 192.0.2.7 standard-peer", False),
        ("chassis fpc 3 pic 1 tunnel-services bandwidth 10g", True),
        ("services l2tp traceoptions file l2tp.log", True),
        ("services l2tp traceoptions file l2tp.log size 5m files 4", True),
        ("groups east protocols msdp group west mode mesh-group", True),
        ("logical-systems blue protocols msdp group west mode mesh-group", True),
        ("routing-instances red protocols msdp group west mode mesh-group", True),
        ("routing-instances red protocols msdp group west mode mash-group", False),
        ("protocols rsvp hello-interval 61", False),
        ("unheard-of statement", False),
    ],
)
def test_what_only_the_list_knows_is_judged_by_name_and_type(line, right):
    assert (not errors(line.split())) is right
