"""What a router has otherwise than it must is noticed, and told by its one cause.

Of the configuration that the intent is rendered to, statements are taken away or changed one by
one on routers that have converged; then everything that the intent implies is asked.  What stays
green is named here, with the reason: `multihome plan` compares configurations, these checks what
routers say and do.
"""

import re
from collections import Counter

import pytest
from intent_rig import Rig

from multihome.report.model import troubles

CPE = "routing-instances ipvpn protocols bgp group CPE"

# What may be missing or otherwise while every router says and does what it must, and why.
HARMLESS = {
    "the default": [
        r"- .* mtu 1500",
        r"- .* type external",
        r"- .* then accept",  # BGP takes what no policy refuses
        r"- routing-options router-id .*",  # it is the loopback's anyway
    ],
    "the other end decides": [
        r"[-~] .* cpe-connection hold-time .*",  # the lower of two offers counts
        r"[-~] .* reflector hold-time .*",
        r"- .* reflector local-address .*",  # the far end opens the session
    ],
    "said twice": [
        r"- .* cpe-connection (type internal|peer-as 65500)",  # the one follows from the other
        r"- .* level 1 disable",
        r"- .* term (direct|Saturn-prefix) from protocol direct",
        r"~ .* route-filter 192.168.1.0/24 orlonger",  # nothing longer is there
        r"- .* as-override",  # no other site has the AS
    ],
    "nobody needs it": [
        r"- .* (vlan-tagging|reflector type internal)",  # a real router refuses the commit
        r"- .*\d family iso",  # of a port without IS-IS
        r"~ .* family iso address 49.1985.*",  # an area, where all is level 2
        r"[-~] protocols (ldp|mpls) interface lo0.*",
    ],
    "only its own configuration tells": [
        r"[-~] protocols isis (lsp-lifetime|overload|spf-options) .*",
        r"- protocols isis (no-ipv6-routing|level 2 wide-metrics-only)",
        r"- protocols isis level 2 authentication-type md5",
        r"[-~] .* ldp-synchronization .*",
        r"[-~] protocols ldp igp-synchronization .*",
        r"- protocols mpls no-propagate-ttl",
    ],
}
INSTEAD = {
    "internal": "external", "reject": "accept", "self": "192.168.1.77", "exact": "orlonger",
    "direct": "static", "static": "direct", "unicast": "multicast",
}  # fmt: skip


@pytest.fixture(scope="module")
def rig(intent):
    made = Rig(intent)
    assert not made.result().failures
    return made


def without(*starts):
    return lambda lines: [
        line for line in lines if not any(line.startswith(f"set {start}") for start in starts)
    ]


def instead(old, new):
    return lambda lines: [re.sub(old, new, line) for line in lines]


def plus(line):
    return lambda lines: [*lines, f"set {line}"]


CAUSES = {
    "another AS": ("luna", instead("autonomous-system 65500", "autonomous-system 65501"), "AS number of luna"),
    "another VLAN": ("luna", instead("vlan-id 105", "vlan-id 106"), "VLAN of luna xe-2/0/0.105"),
    "an address twice": ("orcus", instead("192.168.1.2/24", "192.168.1.3/24"), "address of orcus xe-2/0/0.150"),
    "a loopback twice": ("sol", instead("10.0.0.13/32", "10.0.0.9/32"), "address of sol lo0.13"),
    "no loopback": ("juno", without("interfaces lo0 unit 5 family inet"), "address of juno lo0.5"),
    "not in the instance": ("juno", without("routing-instances ipvpn interface xe-2/0/1.105"), "routing instance of juno xe-2/0/1.105"),
    "no instance": ("ceres", without("routing-instances"), "ceres has no routing instance ipvpn"),
    "another target": ("ceres", instead("target:1:1", "target:1:2"), "route target of instance ipvpn on ceres"),
    "no MPLS": ("juno", without("protocols mpls"), "MPLS is off on juno"),
    "no MPLS on a port": ("liber", without("interfaces xe-2/0/0 unit 114 family mpls"), "MPLS is off on liber xe-2/0/0.114"),
    "no family": ("liber", without("protocols bgp group reflector family inet-vpn"), "liber does not offer inet-vpn-unicast"),
    "a key of a group": ("janus", instead("(reflector authentication-key) .*", r"\1 wrong"), "BGP group reflector of janus"),
    "a key of a session": ("luna", instead("( pe-connection authentication-key) .*", r"\1 wrong"), "BGP session juno - luna"),
    "a key of a link-state protocol": ("mars", instead("(level 2 authentication-key) .*", r"\1 wrong"), "IS-IS on mars"),
    "another MTU": ("liber", instead("(unit 114 .*) mtu 1500", r"\1 mtu 1400"), "MTU of liber xe-2/0/0.114"),
    "another cluster": ("ceres", instead("cluster 10.0.0.2", "cluster 10.0.0.3"), "cluster-list sent by ceres"),
    "the cluster of another": ("ceres", instead("cluster 10.0.0.2", "cluster 10.0.0.4"), "cluster-list sent by ceres"),
    "no BFD": ("liber", without("protocols isis interface xe-2/0/0.114 bfd"), "BFD juno - liber"),
    "no hold time": ("luna", without("protocols bgp group pe-connection hold-time"), "hold time of BGP session juno - luna"),
    "another priority": ("luna", instead("priority 250", "priority 100"), "mastership of 192.168.1.1"),
    "a port switched off": ("luna", plus("interfaces xe-2/0/0 unit 105 disable"), "luna xe-2/0/0.105 is down"),
}  # fmt: skip


GATEWAY = "interfaces xe-2/0/1 unit 150 family inet address 192.168.1.3/24 vrrp-group 1"
UNSEEN_UNTIL_A_FAILURE = {
    "no preemption": ("luna", plus(f"{GATEWAY} no-preempt"), "preempt"),
    "another pace": ("luna", plus(f"{GATEWAY} advertise-interval 2"), "advertisement-interval"),
    "a foreign track": (
        "luna", plus(f"{GATEWAY} track interface xe-2/0/0.105 priority-cost 1"), "tracking"),
    "another router ID": (
        "juno", instead("router-id .*", "router-id 10.0.0.99"), "peer-id"),
}  # fmt: skip


def both_levels(lines):
    return [line for line in lines if "level 1 disable" not in line]


@pytest.mark.parametrize(
    "what",
    [
        what if number % 3 == 0 else pytest.param(what, marks=pytest.mark.deep)
        for number, what in enumerate(UNSEEN_UNTIL_A_FAILURE)
    ],
)
def test_what_changes_the_redundancy_is_noticed_before_it_is_needed(rig, what):
    name, edit, attribute = UNSEEN_UNTIL_A_FAILURE[what]
    assert attribute in {each.attribute for each in rig.mutated(name, edit).failures}


def test_an_adjacency_of_two_levels_is_noticed(rig):
    rig.configure("sol", both_levels(rig.lines["sol"]))
    found = rig.mutated("mars", both_levels).failures
    rig.mend(["sol"])
    assert "isis-level" in {each.attribute for each in found}


@pytest.mark.parametrize(
    "what",
    [
        what if number % 5 == 0 else pytest.param(what, marks=pytest.mark.deep)
        for number, what in enumerate(CAUSES)
    ],
)
def test_everything_that_fails_stands_under_the_one_cause(rig, what):
    name, edit, cause = CAUSES[what]
    found = troubles(rig.mutated(name, edit))
    assert [each.cause for each in found] == [cause]
    assert found[0].why
    assert found[0].next


def test_two_routers_that_offer_no_family_are_two_causes(rig):
    edit = without("protocols bgp group reflector family inet-vpn")
    rig.configure("ceres", edit(rig.lines["ceres"]))
    found = troubles(rig.mutated("janus", edit))
    rig.mend(["ceres"])
    first, second, rest = (each.cause for each in found)
    assert {first, second} == {
        f"{name} does not offer inet-vpn-unicast" for name in ("ceres", "janus")
    }
    assert rest == f"{first}; {second}"


def otherwise(line):
    """The statement with another last word, if one comes to mind."""
    head, _, last = line.rpartition(" ")
    if last.startswith('"$9$'):
        return f"{head} wrong"
    if last in INSTEAD:
        return f"{head} {INSTEAD[last]}"
    if last.isdigit():
        return f"{head} {int(last) + 1}"
    if area := re.fullmatch(r"49\.1984(\..*)", last):
        return f"{head} 49.1985{area[1]}"
    parts = re.fullmatch(r"(.*[.:])(\d+)(/\d+)?", last)
    return f"{head} {parts[1]}{(int(parts[2]) + 1) % 256}{parts[3] or ''}" if parts else None


def mutations(rig, name):
    own = [*rig.lines[name]]
    for line in (each for each in own if " description " not in each):
        yield "-", line, None
        if new := otherwise(line):
            yield "~", line, new


def reason(label):
    return next(
        (
            why
            for why, patterns in HARMLESS.items()
            if any(re.fullmatch(p, label) for p in patterns)
        ),
        None,
    )


STRIDE = 37
"""Every so many mutations one is tried: a prime, so that no kind is left out for ever."""


def tried(rig, name, mutation):
    """`red` if what the intent implies is no longer what the router says, or why it is green."""
    sign, line, new = mutation
    label = f"{sign} {(new or line).removeprefix('set ')}"
    noticed = bool(
        rig.mutated(
            name,
            lambda lines: [new or each if each == line else each for each in lines if new or each != line],
        ).failures
    )  # fmt: skip
    assert noticed or reason(label), f"{name} {label}: nobody noticed"
    return "red" if noticed else reason(label)


def test_what_stays_green_is_known_by_name(rig):
    everything = [
        (name, each) for name in ("luna", "juno", "ceres") for each in mutations(rig, name)
    ]
    seen = Counter(tried(rig, name, mutation) for name, mutation in everything[::STRIDE])
    assert seen["red"] > len(everything) / STRIDE / 2
