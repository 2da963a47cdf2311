"""The routers of the default project on the twin, to be configured otherwise than they must be."""

from datetime import UTC, datetime

from lxml import etree
from pydantic import SecretStr

from multihome.check import engine
from multihome.device.reply import parse
from multihome.errors import RpcFailed
from multihome.intent.expect import expectations
from multihome.intent.wiring_plan import chart
from multihome.inventory.project import default_project
from multihome.render.render import render
from multihome.render.secrets import Secrets
from multihome.twin.calendar import Calendar
from multihome.twin.chassis import Chassis
from multihome.twin.clock import Clock
from multihome.twin.config.load import load
from multihome.twin.config.tree import Node
from multihome.twin.journal import Journal
from multihome.twin.network import Network
from multihome.twin.show.answer import answer
from multihome.twin.show.reply import RpcError

SECRETS = Secrets({name: SecretStr(name) for name in ("isis", "ldp", "ibgp", "pe-cpe", "cpe-cpe")})


class StillClock:
    def now(self):
        return 0.0

    def sleep(self, _seconds):
        raise AssertionError("nothing here may wait")


class Rig:
    """The routers of the default project on the twin, each to be configured otherwise."""

    def __init__(self, intent):
        self.intent, self.network = intent, Network(Clock())
        calendar = Calendar(self.network.clock, datetime.now(UTC))
        self.lines, self.chassis = {}, {}
        for name in intent.routers:
            made = render(default_project(), intent, name, SECRETS)
            self.lines[name] = made.statements
            self.chassis[name] = Chassis(name, self.network, calendar, Journal(calendar, None))
        self.mend(intent.routers)
        self.wanted = expectations(intent)

    def configure(self, name, lines):
        assert (
            self.chassis[name].boot(f"set system host-name {name}\n" + "\n".join(lines), "set")
            == ()
        )

    def problems(self, name, lines):
        """What the router would not take of these lines."""
        text = f"set system host-name {name}\n" + "\n".join(lines)
        return load(Node(), text, format="set", strict=False).problems

    def mend(self, names):
        for name in names:
            self.configure(name, self.lines[name])
        self.network.converge(600)

    def collect(self, asks):
        return {(name, ask): self.reply(name, ask.element()) for name, ask in asks}

    def reply(self, name, rpc):
        try:
            [element] = answer(self.chassis[name], rpc).elements
        except RpcError as error:
            return RpcFailed(name, str(error))
        return parse(etree.tostring(element))

    def result(self):
        self.network.converge(600)
        found = engine.run(
            self.wanted,
            self.collect,
            StillClock(),
            routers=list(self.chassis),
            chart=chart(self.intent),
        )
        return found.result

    def mutated(self, name, edit):
        """What is found while one router's lines are those that `edit` makes of them."""
        lines = edit(list(self.lines[name]))
        assert lines != list(self.lines[name])
        self.configure(name, lines)
        try:
            return self.result()
        finally:
            self.mend([name])
