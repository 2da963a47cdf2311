"""Two paths from one intent meet: what is rendered, run on the twin, says what is expected.

Templates and expectations share nothing but the intent, and the twin shares nothing with
either; so where all three agree, for networks that nobody drew, each has been checked by
the other two.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings
from intent_networks import Network as AnyNetwork
from intent_networks import Values, networks
from lxml import etree
from pydantic import SecretStr

from multihome.check import engine
from multihome.check.result import RunResult
from multihome.device.reply import parse
from multihome.errors import RpcFailed, UnknownName, UsageError
from multihome.intent.expect import STATES, expectations
from multihome.intent.model import Intent
from multihome.inventory.project import Project, default_project
from multihome.render.render import render
from multihome.render.secrets import Secrets
from multihome.runbook.path import seen
from multihome.state.query import Evidence
from multihome.twin.calendar import Calendar
from multihome.twin.chassis import Chassis
from multihome.twin.clock import Clock
from multihome.twin.journal import Journal
from multihome.twin.network import Network
from multihome.twin.show.answer import answer
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from multihome.runbook.workspace import Workspace

Load = Callable[..., Intent]
SECRETS = Secrets({name: SecretStr(name) for name in ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")})
SESSION = "deactivate routing-instances ipvpn protocols bgp group CPE neighbor"

# How each state is brought about by configuration alone.
FAULTS: dict[str, dict[str, list[str]]] = {
    "steady": {},
    "primary-session-down": {"juno": [f"{SESSION} 4.0.0.21"]},
    "backup-session-down": {"ceres": [f"{SESSION} 4.0.0.45"]},
    "primary-link-down": {
        "juno": ["set interfaces xe-2/0/1 unit 105 disable"],
        "luna": ["set interfaces xe-2/0/0 unit 105 disable"],
    },
    "primary-cpe-down": {"luna": ["deactivate interfaces"]},
    "backup-cpe-down": {"orcus": ["deactivate interfaces"]},
    "primary-pe-down": {"juno": ["deactivate interfaces", "deactivate routing-instances"]},
    "primary-lan-down": {"luna": ["set interfaces xe-2/0/1 unit 150 disable"]},
    "inter-cpe-down": {"luna": ["deactivate protocols bgp group cpe-connection"]},
}
OPTIONS = {
    "plain": {},
    "tracking": {"track-uplink: null": "track-uplink: 120"},
    "no table label": {"table-label: true": "table-label: false"},
    "inactive": {"advertise-inactive: false": "advertise-inactive: true"},
    "meds swapped": {"med: 10\n": "med: 150\n", "            med: 150\n            vlan: 111": "            med: 10\n            vlan: 111"},
    "preferences swapped": {
        "local-preference: 10\n": "local-preference: 150\n",
        "role: primary\n            local-preference: 150": "role: primary\n            local-preference: 10",
    },
}  # fmt: skip


class Lab:
    """The routers of an intent on the twin, without a wire between the test and them."""

    def __init__(
        self, intent: Intent, faults: Mapping[str, Iterable[str]], project: Project | None = None
    ):
        self.network = network = Network(Clock())
        calendar = Calendar(network.clock, datetime.now(UTC))
        self._chassis = {
            name: Chassis(name, network, calendar, Journal(calendar, None))
            for name in intent.routers
        }
        for name, chassis in self._chassis.items():
            made = render(project or default_project(), intent, name, SECRETS)
            lines = [f"set system host-name {name}", *made.statements, *faults.get(name, ())]
            assert chassis.boot("\n".join(lines), "set") == ()
        network.converge(600)
        self._seen = Evidence({})

    def fault(self, *words: str, on: bool = True) -> None:
        """Break or mend something, and let the network settle."""
        self.network.fault(*words, on=on)
        self.network.converge(600)
        self._seen = Evidence({})

    def differences(
        self, intent: Intent, state: str, site: str | None = None, backup: str | None = None
    ) -> list[str]:
        """What the routers say otherwise than the intent has it."""
        wanted = expectations(intent, state, site=site, backup=backup)
        new = [ask for ask in engine.plan(wanted) if ask not in self._seen]
        replies = {(name, ask): self._reply(name, ask.element()) for name, ask in new}
        self._seen = self._seen.joined(Evidence(replies))
        results = engine.evaluate(wanted, self._seen)
        return [str(f) for result in results for f in result.findings if f.verdict]

    def outcome(self, intent: Intent, state: str) -> engine.Outcome:
        """What a run finds, with the evidence that it judged."""
        self.differences(intent, state)
        results = engine.evaluate(expectations(intent, state), self._seen)
        return engine.Outcome(RunResult(len(results), results), self._seen)

    def _reply(self, name: str, rpc: Any) -> Any:
        try:
            [element] = answer(self._chassis[name], rpc).elements
        except RpcError as error:
            return RpcFailed(name, str(error))
        return parse(etree.tostring(element))


# The same brought about behind the routers' backs: cables, ports, power, filtered sessions.
BREAKAGES: dict[str, tuple[str, ...]] = {
    "primary-session-down": ("session", "juno", "4.0.0.21"),
    "backup-session-down": ("session", "ceres", "4.0.0.45"),
    "primary-link-down": ("link", "juno", "luna"),
    "primary-cpe-down": ("router", "luna"),
    "backup-cpe-down": ("router", "orcus"),
    "primary-pe-down": ("router", "juno"),
    "primary-lan-down": ("interface", "luna", "xe-2/0/1.150"),
    "inter-cpe-down": ("session", "luna", "192.168.1.2"),
}
CASES = [
    ("plain", "steady"),
    ("plain", "primary-session-down"),
    ("tracking", "primary-link-down"),
    ("meds swapped", "primary-session-down"),
    ("preferences swapped", "steady"),
]
MORE_CASES = [
    *(("plain", state) for state in STATES if ("plain", state) not in CASES),
    ("no table label", "primary-session-down"),
    ("inactive", "steady"),
    ("meds swapped", "steady"),
]


@pytest.mark.parametrize(
    ("option", "state"),
    [*CASES, *(pytest.param(*case, marks=pytest.mark.deep) for case in MORE_CASES)],
)
def test_the_location_says_what_its_intent_implies(
    load: Load, source: str, option: str, state: str
):
    for old, new in OPTIONS[option].items():
        assert old in source
        source = source.replace(old, new, 1)
    intent = load(source)
    assert Lab(intent, FAULTS[state]).differences(intent, state) == []


@pytest.mark.deep
@pytest.mark.parametrize("options", [(), ("tracking",), ("inactive",), ("tracking", "inactive")])
def test_every_state_is_what_it_is_and_no_other(load: Load, source: str, options: tuple[str, ...]):
    for old, new in (item for option in options for item in OPTIONS[option].items()):
        source = source.replace(old, new, 1)
    intent = load(source)
    lab = Lab(intent, {})
    others = ["steady"] if options else list(STATES)
    for state in STATES:
        if state in BREAKAGES:
            lab.fault(*BREAKAGES[state])
        assert lab.differences(intent, state) == [], state
        taken_for = [each for each in others if not lab.differences(intent, each)]
        assert taken_for == [each for each in others if each == state]
        if state in BREAKAGES:
            lab.fault(*BREAKAGES[state], on=False)


@pytest.mark.parametrize(
    ("template", "right", "wrong", "culprit"),
    [
        pytest.param("routing-instances", "metric-out {{ neighbor.med }}", "metric-out 99", "luna", marks=pytest.mark.deep),
        ("policy-vpn", "local-preference {{ neighbor.local_preference }}", "local-preference 7", "juno"),
        pytest.param("policy-vpn", "no-cpe-originated then reject", "no-cpe-originated then accept", "orcus", marks=pytest.mark.deep),
        pytest.param("policy-site", "term direct then community add", "term other then community add", "juno", marks=pytest.mark.deep),
        ("policy-site", "term all then next-hop self", "term all from protocol static", "orcus"),
        pytest.param("interfaces", "priority {{ port.virtual.priority }}", "priority 100", "luna", marks=pytest.mark.deep),
        pytest.param("isis", "point-to-point", "passive", "liber", marks=pytest.mark.deep),
    ],
)  # fmt: skip
def test_a_mistake_in_a_template_is_found_by_what_the_intent_implies(
    intent: Intent, tmp_path: Path, template: str, right: str, wrong: str, culprit: str
):
    shutil.copytree(default_project().templates, tmp_path / "templates")
    path = tmp_path / "templates" / f"{template}.j2"
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong))
    found = Lab(intent, {}, Project(tmp_path)).differences(intent, "steady")
    assert culprit in {difference.split()[0] for difference in found}


@settings(max_examples=settings().max_examples // 10)
@given(network=networks())
def test_a_network_that_nobody_drew_says_what_its_intent_implies(load: Load, network: AnyNetwork):
    intent = load(network.text(), network.roles())
    assert Lab(intent, {}).differences(intent, "steady") == []
    name, site = next(iter(intent.vpns["vpn0"].multihomed.items()))
    leg, group = site.legs[0], f"CPE-{name}"
    fault = f"deactivate routing-instances vpn0 protocols bgp group {group} neighbor"
    faults = {leg.pe.router: [f"{fault} {leg.cpe.address.ip}"]}
    assert Lab(intent, faults).differences(intent, "primary-session-down", name) == []


def test_the_ways_of_every_site_are_shown_or_of_those_asked_for_and_cut_off(load: Load):
    site = (Values(0, 10, 150, 250), Values(1, 150, 10, 150))
    network = AnyNetwork(3, (2,), ((site, site), (site,)))
    intent = load(network.text(), network.roles())
    lab, workspace = Lab(intent, {}), cast("Workspace", SimpleNamespace(intent=intent))

    def shown(site: str | None) -> list[str]:
        outcome = lab.outcome(intent, "steady")
        found = seen(workspace, expectations(intent, "steady"), outcome, "steady", site)
        assert all(path.routers[-1] == path.target for path in found)
        return [f"{path.source}>{path.target}" for path in found]

    customers = {
        name: (str(site.customer.router), next(iter(vpn.single_homed.values())).cpe.router)
        for vpn in intent.vpns.values()
        for name, site in vpn.multihomed.items()
    }
    both = {name: [f"{a}>{b}", f"{b}>{a}"] for name, (a, b) in customers.items()}
    assert len(both) == 3
    assert shown(None) == [way for ways in both.values() for way in ways]
    assert shown("site0x1") == both["site0x1"]
    first = intent.vpns["vpn1"].multihomed["site1x0"].legs[0]
    lab.fault("session", first.pe.router, str(first.cpe.address.ip))
    assert shown("site0x1") == [*both["site0x1"], *both["site1x0"]]


def test_the_last_neighbor_in_the_core_takes_the_labelled_routes_with_it(load: Load):
    site = (Values(0, 10, 150, 250), Values(1, 150, 10, 150))
    network = AnyNetwork(2, (), ((site,),))
    intent = load(network.text(), network.roles())
    lab = Lab(intent, {})
    assert lab.differences(intent, "steady") == []
    lab.fault("router", "pe0")
    assert lab.differences(intent, "primary-pe-down") == []
    assert lab.differences(intent, "steady") != []


def test_each_backup_leg_of_several_can_be_the_one_that_failed(load: Load):
    legs = [(0, 10, 150, 250), (1, 150, 20, 150), (1, 300, 10, 100)]
    network = AnyNetwork(2, (), ((tuple(Values(*each) for each in legs),),))
    intent = load(network.text(), network.roles())
    [(name, site)] = intent.vpns["vpn0"].multihomed.items()
    first, second = (leg.cpe for leg in site.legs[1:])
    lab = Lab(intent, {})
    for state, fault in (
        ("backup-session-down", ("session", "pe1", str(second.address.ip))),
        ("backup-cpe-down", ("router", second.router)),
        ("inter-cpe-down", ("session", site.legs[0].cpe.router, str(site.gateway.routers[second.router].address.ip))),
    ):  # fmt: skip
        lab.fault(*fault)
        assert lab.differences(intent, state, name, second.router) == [], state
        assert lab.differences(intent, state, name, first.router) != [], state
        assert lab.differences(intent, state, name) == lab.differences(
            intent, state, name, first.router
        )
        lab.fault(*fault, on=False)
    with pytest.raises(UnknownName, match="unknown CPE of a backup leg 'nobody'"):
        lab.differences(intent, "backup-cpe-down", name, "nobody")
    with pytest.raises(UsageError, match="steady is not about a backup leg"):
        lab.differences(intent, "steady", name, second.router)
