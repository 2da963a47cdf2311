"""What of theirs can alter what of ours. Each row is a kind, not a network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """A foreign statement of this form contradicts one of ours of that form."""

    kind: str
    theirs: str
    ours: str
    why: str


@dataclass(frozen=True, slots=True)
class Inside:
    """A place of ours, and what foreign statements there do, by the word that follows.

    What is in none of the lists is not judged.
    """

    place: str
    kind: str
    why: str
    alters: frozenset[str] = frozenset()
    """Words that alter what ours does; `*`: any."""
    harmless: frozenset[str] = frozenset()
    """Words that do not; `*`: any that is not in the other list."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PORT = "interfaces {p}"
_UNIT = "interfaces {p} unit {u}"
_VRRP = "interfaces {p} unit {u} family inet address {a} vrrp-group {g}"
_POLICY = "policy-options policy-statement {p}"

PAIRS = (
    Pair("disabled", f"{_PORT} disable", f"{_PORT} unit", "switches our port off"),
    Pair(
        "bundle",
        f"{_PORT} gigether-options|ether-options|fastether-options 802.3ad|ieee-802.3ad",
        f"{_PORT} unit",
        "makes our port a member of a bundle",
    ),
    Pair(
        "tagging",
        f"{_PORT} flexible-vlan-tagging|stacked-vlan-tagging|native-vlan-id|encapsulation",
        f"{_PORT} unit",
        "changes how the frames of our port are tagged",
    ),
    Pair(
        "vlan",
        f"{_PORT} unit * vlan-id {{v}}",
        f"{_PORT} unit * vlan-id {{v}}",
        "takes the VLAN of our interface on the same port",
    ),
    Pair(
        "distinguisher",
        "routing-instances * route-distinguisher {rd}",
        "routing-instances * route-distinguisher {rd}",
        "gives another instance our route distinguisher",
    ),
    Pair(
        "instance",
        "routing-instances * interface {x}",
        "routing-instances * interface {x}",
        "puts our interface into another instance",
    ),
    Pair(
        "target",
        "routing-instances {i} vrf-import|vrf-export",
        "routing-instances {i} vrf-target",
        "is used instead of our route target",
    ),
    Pair(
        "target",
        "routing-instances {i} vrf-target import|export|auto",
        "routing-instances {i} vrf-target",
        "is used instead of our route target",
    ),
)
"""Two statements that do not go together, wherever each is."""

SCOPED_PAIRS = (
    Pair(
        "static",
        "routing-options static defaults",
        "routing-options static route",
        "is the default of our static routes",
    ),
    Pair(
        "static",
        "routing-options aggregate|generate route {r}",
        "routing-options static route {r}",
        "is another route to our static route's prefix",
    ),
)
"""The same, of one instance or of the router itself."""

PLACES = (
    Inside(_VRRP, "gateway", "changes how our gateway works", _words("*"), _words("accept-data")),
    Inside(
        f"{_UNIT} family {{f}} address {{a}}",
        "address",
        "changes our address",
        _words("arp broadcast primary preferred destination master-only"),
        _words("vrrp-group"),
    ),
    Inside(
        f"{_UNIT} family {{f}}",
        "filter",
        "acts on the packets of our interface",
        _words("filter policer rpf-check unnumbered-address dhcp dhcp-client negotiate-address"),
        _words("address accounting no-redirects sampling"),
    ),
    Inside(
        _UNIT,
        "interface",
        "changes our interface",
        _words("disable vlan-tags vlan-id-range encapsulation filter input-vlan-map"
               " output-vlan-map tunnel"),
        _words("description family traps no-traps statistics bandwidth"),
    ),
    Inside(
        _PORT, "port", "changes our port", frozenset(), _words("description unit traps no-traps")
    ),
    Inside(f"{_POLICY} term {{t}}", "term", "changes what our term matches or does", _words("*")),
    Inside("policy-options community {c}", "list", "changes our community", _words("*")),
    Inside("policy-options prefix-list {c}", "list", "changes our prefix list", _words("*")),
    Inside("policy-options as-path {c}", "list", "changes our AS path", _words("*")),
    Inside(
        "routing-instances {i}",
        "instance",
        "changes our instance",
        _words("disable forwarding-options no-vrf-advertise no-local-switching"),
        _words("interface description routing-options protocols vrf-import vrf-export vrf-target"),
    ),
)  # fmt: skip
"""From the innermost outwards: the first place that fits decides."""

SCOPED_PLACES = (
    Inside("routing-options static route {r}", "static", "changes our static route", _words("*")),
    Inside(
        "routing-options static", "static", "", frozenset(), _words("route defaults")
    ),
    Inside(
        "protocols isis interface {i}",
        "igp",
        "changes IS-IS on our interface",
        _words("disable passive level hello-authentication-key hello-authentication-type"
               " hello-interval hold-time mesh-group csnp-interval lsp-interval max-hello-size"
               " no-advertise-adjacency-segment checksum"),
        frozenset(),
    ),
    Inside(
        "protocols isis level {l}",
        "igp",
        "changes our level of IS-IS",
        _words("disable authentication-key authentication-type authentication-key-chain"
               " preference external-preference no-hello-authentication no-csnp-authentication"
               " no-psnp-authentication wide-metrics-only prefix-export-limit"),
        frozenset(),
    ),
    Inside(
        "protocols isis",
        "igp",
        "changes our IS-IS",
        _words("disable export import overload reference-bandwidth no-ipv4-routing rib-group"
               " authentication-key authentication-type no-authentication-check"
               " loose-authentication-check ignore-attached-bit topologies max-areas net"),
        _words("interface level traceoptions graceful-restart"),
    ),
    Inside(
        "protocols ldp interface {i}",
        "labels",
        "changes LDP on our interface",
        _words("disable hello-interval hold-time transport-address"),
        frozenset(),
    ),
    Inside("protocols ldp session {s}", "labels", "changes our LDP session", _words("*")),
    Inside(
        "protocols ldp",
        "labels",
        "changes our LDP",
        _words("export import egress-policy transport-address deaggregate preference"
               " explicit-null keepalive-interval keepalive-timeout p2mp strict-targeted-hellos"
               " session-group authentication-key-chain policing no-forwarding"),
        _words("interface session traceoptions log-updown graceful-restart session-protection"
               " traffic-statistics"),
    ),
    Inside(
        "protocols mpls interface {i}", "labels", "changes MPLS on our interface",
        _words("disable"), frozenset(),
    ),
    Inside(
        "protocols mpls",
        "labels",
        "changes our MPLS",
        _words("explicit-null no-propagate-ttl no-decrement-ttl disable"),
        _words("interface traceoptions statistics label-switched-path path admin-groups"
               " icmp-tunneling"),
    ),
)  # fmt: skip
"""The same, of one instance or of the router itself."""

INSTANCE_LIMITS = _words("maximum-prefixes maximum-paths")
"""Of an instance's routing-options: how many routes it takes."""
BGP_ALTERS = _words(
    "accept-remote-nexthop add-path advertise-external advertise-inactive advertise-peer-as"
    " no-advertise-peer-as as-override authentication-algorithm authentication-key"
    " authentication-key-chain bfd-liveness-detection cluster damping disable enforce-first-as"
    " export family forwarding-context graceful-restart hold-time import include-mp-next-hop keep"
    " local-address local-as local-interface local-preference loops metric-out multihop multipath"
    " no-client-reflect out-delay outbound-route-filter passive peer-as preference remove-private"
    " route-server-client tcp-mss ttl type vpn-apply-export shutdown minimum-hold-time"
)
"""What changes a BGP session, or the routes on it."""
BGP_HARMLESS = _words("description log-updown traceoptions group neighbor")
FAMILY_ALTERS = _words("prefix-limit accepted-prefix-limit damping loops add-path rib-group no-install"
                       " local-ipv4-address")  # fmt: skip
"""What, in an address family of ours, limits or changes its routes."""
