"""The article's outputs, from the article's network: they differ in ages, times and labels alone."""

import re
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from multihome.intent.load import load_intent
from multihome.inventory.project import default_project
from multihome.inventory.targets import read_inventory
from multihome.render.render import render
from multihome.render.secrets import Secrets
from multihome.twin.calendar import Calendar
from multihome.twin.chassis import Chassis
from multihome.twin.journal import Journal
from multihome.twin.network import Network
from multihome.twin.show.answer import answer
from multihome.twin.show.commands import rpc_of

pytestmark = pytest.mark.reference
KEYS = ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")
STEADY = [
    ("Saturn", "ping 10.0.0.3 source 10.0.0.12", " count 2"),
    ("Saturn", "traceroute 10.0.0.3 source 10.0.0.12", ""),
    ("Luna", "show vrrp", ""),
    ("Luna", "show route 10.0.0.3", ""),
    ("Orcus", "show route 10.0.0.3", ""),
    ("Liber", "show route table ipvpn.inet.0 10.0.0.12 active-path", ""),
    ("Ceres", "show route table ipvpn.inet.0 10.0.0.12", ""),
    ("Orcus", "show route receive-protocol bgp 4.0.0.46", ""),
]
BROKEN = [
    ("Saturn", "ping 10.0.0.3 source 10.0.0.12", " count 2"),
    ("Saturn", "traceroute 10.0.0.3 source 10.0.0.12", ""),
    ("Luna", "show route 10.0.0.3", ""),
]
FAULT = "deactivate routing-instances ipvpn protocols bgp group CPE neighbor 4.0.0.21"


def rendered(*, systems):
    """The article's configurations by router, in logical systems of their name or without."""
    project = default_project()
    roles = read_inventory(project).roles
    intent = load_intent(project.intent, roles)
    secrets = Secrets({name: SecretStr(name) for name in KEYS})
    for name in roles:
        title = name.capitalize()
        system = title if systems else None
        yield title, render(project, intent, name, secrets, logical_system=system).statements


class Lab:
    def __init__(self):
        self.network = Network()
        self.calendar = Calendar(self.network.clock, datetime(2015, 1, 18, tzinfo=UTC))
        self.chassis, self.texts = {}, {}
        for name, statements in rendered(systems=False):
            text = "\n".join([f"set system host-name {name}", *statements])
            self.chassis[name], self.texts[name] = self.boot(name, text), text
        self.network.converge()
        self.wait(8 * 86400)

    def boot(self, name, text):
        chassis = Chassis(name, self.network, self.calendar, Journal(self.calendar))
        chassis.boot(text, "set")
        return chassis

    def wait(self, seconds):
        self.network.clock.advance_to(self.network.clock.now + seconds)

    def cli(self, router, line):
        request = rpc_of(line.split())
        request.set("format", "text")
        [output] = answer(self.chassis[router], request).elements
        return output.text

    def change(self, router, line):
        self.texts[router] += f"\n{line}"
        self.chassis[router].boot(self.texts[router], "set")
        self.network.converge()


@pytest.fixture(scope="module")
def steady():
    return Lab()


class Hosted(Lab):
    """All of it in one chassis, as the article's author has it."""

    def __init__(self):
        self.network = Network()
        self.calendar = Calendar(self.network.clock, datetime(2015, 1, 18, tzinfo=UTC))
        routers = dict(rendered(systems=True))
        statements = [line for lines in routers.values() for line in lines]
        one = self.boot("mx104", "\n".join(["set system host-name MX104-TEST-HB", *statements]))
        self.chassis = dict.fromkeys(routers, one)
        self.network.converge()
        self.wait(8 * 86400)

    def cli(self, router, line):
        return super().cli(router, f"{line} logical-system {router}")


@pytest.fixture(scope="module")
def hosted():
    return Hosted()


@pytest.fixture
def fresh():
    return Lab()


@pytest.fixture(scope="module")
def broken():
    lab = Lab()
    lab.change("Juno", FAULT)
    lab.wait(200)
    return lab


def printed(text):
    """What is left when ages, times and the values of transport labels are taken out."""
    text = re.sub(r"(\d+w)?(\d+d )?\d\d:\d\d:\d\d", "AGE", text)
    text = re.sub(r"\d+\.\d{3}(/[\d./]+)? ms", "TIME ms", text)
    text = re.sub(r"([AD])  \d\.\d{3} ", r"\1  TIMER ", text)
    text = re.sub(r"Push \d+\(top\)", "Push LABEL(top)", text)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def in_the_article(reference, router, line, occurrence):
    article = (reference / "article.md").read_text()
    block = article.split(f"{router}> {line}\n")[1 + occurrence]
    block = re.split(r"play@|</pre>", block)[0]
    block = re.sub(r"</?font[^>]*>", "", block).replace("^C", "")
    return re.sub(r"\s*<-+.*$", "", block, flags=re.MULTILINE)


@pytest.mark.parametrize(("router", "line", "more"), STEADY)
def test_the_steady_network_prints_what_the_article_shows(steady, reference, router, line, more):
    expected = printed(in_the_article(reference, router, line, 0))
    assert printed(steady.cli(router, line + more)) == expected


@pytest.mark.parametrize(("router", "line", "more"), STEADY)
def test_logical_systems_of_one_chassis_print_it_too(hosted, reference, router, line, more):
    expected = printed(in_the_article(reference, router, line, 0))
    assert printed(hosted.cli(router, line + more)) == expected


@pytest.mark.parametrize(("router", "line", "more"), BROKEN)
def test_the_broken_network_prints_what_the_article_shows(broken, reference, router, line, more):
    expected = printed(in_the_article(reference, router, line, 1))
    assert printed(broken.cli(router, line + more)) == expected


def test_the_details_hold_what_the_article_leaves_of_them(steady, reference):
    line = "show route table ipvpn.inet.0 10.0.0.12 active-path detail"
    shown = iter(printed(steady.cli("Liber", line)).split("\n"))
    for wanted in printed(in_the_article(reference, "Liber", line, 0)).split("\n"):
        assert "omitted" in wanted or wanted in shown


@pytest.mark.parametrize(
    "line",
    [
        "show route",
        "show route detail",
        "show route extensive",
        "show route terse",
        "show route hidden",
        "show route summary",
        "show route forwarding-table",
        "show route instance detail",
        "show bgp summary",
        "show bgp neighbor",
        "show bgp group",
        "show isis adjacency extensive",
        "show isis interface",
        "show isis database extensive",
        "show isis overview",
        "show ldp neighbor extensive",
        "show ldp session extensive",
        "show ldp database",
        "show bfd session extensive",
        "show vrrp extensive",
        "show vrrp track",
        "show interfaces",
        "show interfaces extensive",
        "show arp",
        "show chassis hardware",
    ],
)
def test_every_router_answers_every_command(steady, line):
    for router in steady.chassis:
        assert steady.cli(router, line)


def test_arp_knows_the_virtual_gateway(steady):
    text = steady.cli("Saturn", "show arp no-resolve")
    assert re.search(r"00:00:5e:00:01:01 +192\.168\.1\.1 +ae1\.150", text)
    assert text.count("ae1.150") == 3


def test_a_pe_shows_what_it_sends_under_the_instance(steady):
    text = steady.cli("Liber", "show route advertising-protocol bgp 10.0.0.2")
    table = text.split("ipvpn.inet.0:")[1]
    assert re.search(r"\* 10\.0\.0\.3/32 +Self +100 +I$", table, re.MULTILINE)


def test_only_what_is_received_names_the_tables_that_held_nothing_of_it(steady):
    tables = re.compile(r"^(\S+): \d+ destinations", re.MULTILINE)
    sent = steady.cli("Liber", "show route advertising-protocol bgp 10.0.0.2")
    assert tables.findall(sent) == ["ipvpn.inet.0"]
    received = steady.cli("Liber", "show route receive-protocol bgp 10.0.0.2")
    assert {"inet.0", "inet.3", "ipvpn.inet.0", "mpls.0"} <= set(tables.findall(received))


def test_a_reflector_shows_what_it_sends_under_the_vpn_table(steady):
    text = steady.cli("Ceres", "show route advertising-protocol bgp 10.0.0.7")
    assert "1:1:10.0.0.12/32" in text.split("bgp.l3vpn.0:")[1]


def test_lldp_finds_the_ports_at_the_other_ends_that_speak_it_too(fresh):
    fresh.change("Luna", "set protocols lldp interface all")
    assert fresh.cli("Luna", "show lldp neighbors").strip().count("\n") == 0
    fresh.change("Juno", "set protocols lldp interface xe-2/0/1")
    fresh.change("Orcus", "set protocols lldp interface all")
    [heading, *lines] = fresh.cli("Luna", "show lldp neighbors").strip().split("\n")
    ends = {tuple(line.split()[at] for at in (0, 3, 4)) for line in lines}
    far = fresh.cli("Juno", "show interfaces xe-2/0/1")
    assert ("xe-2/0/0", re.search(r"SNMP ifIndex: (\d+)", far)[1], "Juno") in ends
    assert {end for *_, end in ends} == {"Juno", "Orcus"}
    for at, word in ((19, "Parent"), (39, "Chassis"), (59, "Port info"), (78, "System")):
        assert heading.find(word) == at
        assert all(line[at - 1] == " " != line[at] for line in lines)
    assert re.search(r"^all .* 2$", fresh.cli("Luna", "show lldp"), re.MULTILINE)


def test_a_session_names_the_options_that_are_configured(fresh):
    def options(router, peer):
        text = fresh.cli(router, f"show bgp neighbor {peer}")
        return [found.split() for found in re.findall(r"Options: <(.*)>", text)]

    first, *_ = options("Luna", "4.0.0.22")
    assert first == ["Preference", "HoldTime", "AuthKey", "LogUpDown", "PeerAS", "Refresh"]
    fresh.change("Luna", "delete protocols bgp group pe-connection hold-time")
    fresh.change("Luna", "set protocols bgp group pe-connection remove-private")
    fresh.change("Luna", "set protocols bgp group pe-connection multipath")
    first, second = options("Luna", "4.0.0.22")
    assert first == [
        *("Preference", "RemovePrivateAS", "AuthKey", "LogUpDown"),
        *("PeerAS", "Multipath", "Refresh"),
    ]
    assert second == ["GracefulShutdownRcv"]
    assert options("Juno", "10.0.0.2")[1:] == [["BfdEnabled"], ["GracefulShutdownRcv"]]


def test_arp_names_what_it_may_resolve_and_says_when_it_forgets(steady):
    [heading, first, *_] = steady.cli("Luna", "show arp").strip().split("\n")
    for title, at in (("Address", 18), ("Name", 34), ("Interface", 60), ("Flags", 84)):
        assert heading.find(title, at) == at
        assert first[at - 1] == " " != first[at]
    [heading, first, *_] = steady.cli("Luna", "show arp no-resolve expiration-time").split("\n")[1:]
    assert heading.endswith("Flags    TTE")
    assert re.search(r" none \d+$", first)
