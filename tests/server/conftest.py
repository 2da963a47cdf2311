"""A chassis without sockets, a raw NETCONF client for it, and a lab with them."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from multihome.lab.embedded import embedded
from multihome.lab.order import Order, fresh
from multihome.twin.calendar import Calendar
from multihome.twin.chassis import Chassis
from multihome.twin.journal import Journal
from multihome.twin.netconf.session import Session
from multihome.twin.network import Network

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
FACTORY = """\
set version 21.4R3.15
set system host-name r1
set system root-authentication encrypted-password "*"
set system services netconf ssh
"""


class Box:
    """One chassis and its clock."""

    def __init__(self, configuration=FACTORY, *, always_chunked=True):
        self.network = Network()
        calendar = Calendar(self.network.clock, datetime(2026, 1, 1, tzinfo=UTC))
        self.journal = Journal(calendar)
        self.chassis = Chassis(
            "r1", self.network, calendar, self.journal, always_chunked=always_chunked
        )
        self.chassis.boot(configuration, "set")

    @property
    def clock(self):
        return self.network.clock

    def client(self, user="lab"):
        return Client(self.chassis, user)


class Client:
    """Speaks NETCONF 1.0 to a session without a transport."""

    def __init__(self, chassis, user="lab"):
        self.hung_up = False
        self.session = Session(chassis, user, "192.0.2.1", self._hang_up)
        self.greeting = self.session.greeting().decode()

    def _hang_up(self):
        self.hung_up = True
        self.session.close()

    def send(self, text):
        return b"".join(self.session.receive(text.encode())).decode()

    def raw(self, operation, attributes='message-id="7"'):
        return self.send(f'<rpc {attributes} xmlns="{BASE}">{operation}</rpc>]]>]]>')

    def ask(self, operation):
        """The reply's root without namespaces, its messages without line ends around them."""
        root = etree.fromstring(self.raw(operation).split("]]>]]>")[0].encode())
        for element in root.iter("*"):
            element.tag = etree.QName(element).localname
            if element.tag == "error-message":
                element.text = (element.text or "").strip("\n")
        return root

    def load(self, lines):
        return self.ask(
            '<load-configuration action="set" format="text">'
            f"<configuration-set>{lines}</configuration-set></load-configuration>"
        )

    def commit(self, inner=""):
        return self.ask(f"<commit-configuration>{inner}</commit-configuration>")

    def diff(self, rollback=0):
        return self.ask(
            f'<get-configuration compare="rollback" rollback="{rollback}" format="text"/>'
        ).findtext(".//configuration-output")


@pytest.fixture
def box():
    return Box()


@pytest.fixture(scope="module")
def lab():
    with embedded(Order(fresh(["r1", "r2"]))) as running:
        yield running


@pytest.fixture(scope="session")
def make_box():
    return Box
