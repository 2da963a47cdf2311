"""Break one thing behind the tool's back: `verify` must go red and name the culprit."""

import json

import pytest

pytestmark = [pytest.mark.scenario, pytest.mark.xdist_group("scenario")]

CPE = "routing-instances ipvpn protocols bgp group CPE"

SABOTAGE = {
    "wrong MED": (
        "juno",
        [f"set {CPE} neighbor 4.0.0.21 metric-out 20"],
        ["luna inet.0 10.0.0.3/32: med expected 10", "got 20"],
    ),
    "wrong local preference": (
        "ceres",
        [
            "set policy-options policy-statement multihomed-ipvpn-secondary then local-preference 200"
        ],
        ["liber ipvpn.inet.0 10.0.0.12/32: local-preference expected 150", "got 200"],
    ),
    "missing community": (
        "luna",
        ["delete policy-options policy-statement bgp-export term Saturn-Lo0 then community"],
        ["10.0.0.12/32: communities expected", "origin:1000:1000", "got target:1:1"],
    ),
    "swapped VRRP priority": (
        "orcus",
        [
            (
                "set interfaces xe-2/0/0 unit 150 family inet address 192.168.1.2/24 "
                "vrrp-group 1 priority 254"
            )
        ],
        ["luna xe-2/0/1.150 1", "state expected master", "got backup"],
    ),
    "mismatched key": (
        "luna",
        ["set protocols bgp group pe-connection authentication-key another-one"],
        ["luna 4.0.0.22", "state expected Established"],
    ),
    "wrong route distinguisher": (
        "ceres",
        ["set routing-instances ipvpn route-distinguisher 1:2"],
        ["route-distinguisher: value expected 1:1", "got 1:2", "next: show route instance detail"],
    ),
    "a second way out": (
        "genius",
        ["set routing-options static route 0.0.0.0/0 next-hop 4.0.0.90"],
        ["genius inet.0 0.0.0.0/0: next-hop expected 4.0.0.98", "got 4.0.0.98, 4.0.0.90"],
    ),
    "missing next-hop self": (
        "luna",
        ["delete policy-options policy-statement cpe-connection term all then next-hop"],
        ["orcus inet.0 10.0.0.3/32"],
    ),
    "interface down": (
        "orcus",
        ["set interfaces xe-2/0/0 unit 111 disable"],
        ["orcus xe-2/0/0.111: oper expected up", "got down"],
    ),
    "lost static route": (
        "liber",
        ["delete routing-instances ipvpn routing-options static route 10.0.0.3/32"],
        ["liber ipvpn.inet.0 10.0.0.3/32"],
    ),
    "route target changed": (
        "liber",
        ["set routing-instances ipvpn vrf-target target:9:9"],
        ["liber ipvpn.inet.0 10.0.0.12/32"],
    ),
}

ONE_CAUSE = {
    "no MED at all": ("juno", f"delete {CPE} neighbor 4.0.0.21 metric-out", "med sent by juno"),
    "a MED that draws traffic": (
        "ceres",
        f"set {CPE} neighbor 4.0.0.45 metric-out 5",
        "med sent by ceres",
    ),
    "no import from the site": (
        "juno",
        f"delete {CPE} neighbor 4.0.0.21 import",
        "import policy of juno for 4.0.0.21 (luna)",
    ),
    "no export to the site": (
        "juno",
        f"delete {CPE} neighbor 4.0.0.21 export",
        "what juno advertises",
    ),
    "routes of the site come back to it": (
        "juno",
        "set policy-options community cpe-originated-route members origin:1000:1001",
        "what juno advertises",
    ),
    "a community too many": (
        "luna",
        "set policy-options community cpe-originated-route members origin:1000:9",
        "communities sent by luna",
    ),
    "another virtual address": (
        "luna",
        (
            "set interfaces xe-2/0/1 unit 150 family inet address 192.168.1.3/24 "
            "vrrp-group 1 virtual-address 192.168.1.9"
        ),
        "virtual addresses of luna xe-2/0/1.150",
    ),
    "a route that the site tells the VPN and must not": (
        "luna",
        "set routing-options static route 10.0.0.3/32 discard",
        "Static route to 10.0.0.3/32 on luna",
    ),
    "one link less for IS-IS": (
        "sol",
        "delete protocols isis interface xe-2/0/1.112",
        "IS-IS adjacency liber - sol",
    ),
    "one link less for LDP": (
        "mars",
        "delete protocols ldp interface xe-2/0/1.113",
        "LDP session liber - mars",
    ),
    "no export to the provider": (
        "luna",
        "delete protocols bgp group pe-connection export",
        "what luna advertises",
    ),
    "no loopback": ("luna", "delete interfaces lo0 unit 8", "luna lo0.8 is not configured"),
    "no customer's route": (
        "luna",
        "delete routing-options static route 10.0.0.12/32",
        "luna has no static route to 10.0.0.12/32",
    ),
    "no default route": (
        "saturn",
        "delete routing-options static route 0.0.0.0/0",
        "saturn has no static route to 0.0.0.0/0",
    ),
    "a route that draws traffic into a hole": (
        "liber",
        "set routing-instances ipvpn routing-options static route 10.0.0.12/32 discard",
        "Static route to 10.0.0.12/32 on liber",
    ),
    "no reflection": (
        "ceres",
        "delete protocols bgp group reflector cluster",
        "what ceres advertises",
    ),
    "no LDP": ("juno", "deactivate protocols ldp", "LDP does not run on juno"),
    "another VLAN": (
        "luna",
        "set interfaces xe-2/0/1 unit 150 vlan-id 151",
        "VLAN of luna xe-2/0/1.150",
    ),
    "no BGP": ("janus", "delete protocols bgp group reflector", "BGP does not run on janus"),
    "no export on the backup leg": (
        "ceres",
        f"delete {CPE} neighbor 4.0.0.45 export",
        "what ceres advertises",
    ),
    "no IS-IS": ("janus", "deactivate protocols isis", "IS-IS does not run on janus"),
    "no neighbor": (
        "ceres",
        "delete protocols bgp group reflector neighbor 10.0.0.5",
        "BGP session ceres - juno",
    ),
}


def some_by_default(cases, *chosen):
    """All of them in the deep run, these few in any other."""
    assert set(chosen) <= set(cases)
    return [
        name if name in chosen else pytest.param(name, marks=pytest.mark.deep) for name in cases
    ]


@pytest.mark.parametrize(
    "name", some_by_default(ONE_CAUSE, "no MED at all", "one link less for IS-IS", "no loopback")
)
def test_all_that_one_statement_breaks_is_told_under_one_cause(operator, tmp_path, name):
    router, statement, cause = ONE_CAUSE[name]
    path = tmp_path / "run.json"
    operator.sabotage(router, statement)
    try:
        result = operator("verify", "--json", str(path))
    finally:
        operator.undo(router)
    assert result.code in (3, 4), result.text[-2000:]
    found = [
        finding["cause"]
        for phase in json.loads(path.read_text())["phases"]
        for check in phase["results"]
        for finding in check["findings"]
        if finding["verdict"] != "pass"
    ]
    assert len(found) > 4
    assert set(found) == {cause}
    assert result.text.count(" why: ") == 1


@pytest.mark.parametrize(
    "name", some_by_default(SABOTAGE, "wrong MED", "wrong route distinguisher", "interface down")
)
def test_verify_goes_red_and_names_router_object_and_difference(operator, name):
    router, statements, words = SABOTAGE[name]
    operator.sabotage(router, *statements)
    try:
        result = operator("verify")
    finally:
        operator.undo(router)
    assert result.code in (3, 4), result.text[-2000:]
    for word in words:
        assert word in result.text, f"{word!r} not in: {result.text[:6000]}"


def test_verify_is_green_again_after_each_of_them(operator):
    assert operator("verify").code == 0
