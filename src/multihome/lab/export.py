"""A project as a lab of real Junos: a containerlab topology, and the project that fits it.

What is written follows the sources that `virtual.py` and `topology.py` name.  It has been tried
on the twin: the startup configurations boot there, and the renamed project is applied and
verified.  It has not been tried under containerlab itself, which takes a container engine, KVM
and Juniper's images; so it is not known how each kind boots with its startup configuration,
how frames pass the bridges, and what a release of Junos leaves out on a virtual chassis.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.errors import UsageError
from multihome.intent.places import segments
from multihome.inventory.target import NETCONF_PORT
from multihome.lab import virtual
from multihome.lab.export_readme import INTERFACES, INVENTORY, leaflet
from multihome.lab.renaming import catalogue_text, intent_text
from multihome.lab.topology import as_yaml, bridged, port_names, startup_file, topology
from multihome.lab.wiring import cables
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.load import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from multihome.intent.model import Intent
    from multihome.inventory.facts import Element
    from multihome.lab.renaming import Names
    from multihome.lab.virtual import Kind

_NAME = re.compile(r"[a-z][a-z0-9]{0,8}\Z")
"""A bridge's port is called after the lab, and Linux takes 15 characters."""
_BARRED = re.compile(r'["\\#]|[^ -~]')
"""What cannot be typed at vMX's prompt, which is how it is configured."""
_KEYS = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256")


@dataclass(frozen=True, slots=True)
class Source:
    """A project as values; `checks` and `templates` are texts by file name."""

    hosts: Mapping[str, Element]
    groups: Mapping[str, Element]
    intent: Intent
    intent_text: str
    checks: Mapping[str, str]
    templates: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Login:
    """Who is let in; with neither key nor password, the user that every image makes itself."""

    username: str = virtual.USERNAME
    public_key: str | None = None
    """The line of an `id_ed25519.pub`."""
    password: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The lab that is asked for."""

    name: str
    kind: Kind
    image: str
    login: Login = Login()


@dataclass(frozen=True, slots=True)
class Export:
    """Files by path; those in `private` hold a password."""

    files: Mapping[str, str]
    private: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    """What the operator has to know, or to do by hand."""


def export(source: Source, wanted: Wanted) -> Export:
    """Everything for `containerlab deploy`, and for `multihome -i` on what that starts.

    Raises:
        UsageError: the lab's name or login cannot be used, a router needs more ports than the
            kind has, or two links that share a bridge use one VLAN.
    """
    _sound(wanted)
    kind, name = wanted.kind, wanted.name
    wires = cables(segments(source.intent))
    names = port_names(wires, source.intent.routers, kind)
    startup = {startup_file(router, kind): _startup(wanted, names[router]) for router in names}
    checks, notes = _checks(source.checks, names)
    if not source.intent.core.links:
        notes = (*notes, "the intent names no links of the core, so the topology has none")
    bridges = [bridge for bridge, _ in bridged(wires, name)]
    files = {
        f"{name}.clab.yml": topology(wires, names, name, kind, wanted.image),
        "README.md": leaflet(name, wanted.image, next(iter(names)), bridges),
        "interfaces.yaml": INTERFACES + as_yaml(names),
        **startup,
        **_inventory(source, wanted),
        "inventory/ipvpn.yaml": _intent(source, names),
        **{f"templates/{file}": text for file, text in source.templates.items()},
        **checks,
    }
    return Export(files, frozenset(startup) if wanted.login.password else frozenset(), notes)


def _sound(wanted: Wanted) -> None:
    login = wanted.login
    if not _NAME.match(wanted.name):
        raise UsageError(f"{wanted.name!r}: a lab's name is 1 to 9 small letters and digits")
    if login.username != virtual.USERNAME and not (login.public_key or login.password):
        raise UsageError(
            f"{login.username} would have no way in: give --public-key or --with-password, "
            f"or leave it at {virtual.USERNAME}, the user that the images create"
        )
    if login.password and _BARRED.search(login.password.get_secret_value()):
        raise UsageError('the password must be printable ASCII without ", \\ and #')


def _startup(wanted: Wanted, ports: Mapping[str, str]) -> str:
    """What a router boots with: that it can be reached, and what its kind needs to route."""
    needed = max((int(name.rpartition("/")[2]) + 1 for name in ports.values()), default=0)
    lines = ["set system services ssh", "set system services netconf ssh"]
    lines += _user(wanted.login)
    if needed > wanted.kind.provisioned:
        lines += [f"set chassis fpc 0 pic 0 number-of-ports {needed}"]
    text = "".join(f"{line}\n" for line in (*lines, *wanted.kind.statements))
    outcome = parse(text, "set")
    if outcome.errors:
        raise UsageError(f"{wanted.login.username!r}: {outcome.errors[0].message}")
    return text if wanted.kind.form == "set" else print_text(outcome.root)


def _user(login: Login) -> list[str]:
    user = f"set system login user {login.username}"
    lines = [f"{user} class super-user"]
    if login.public_key:
        key, words = login.public_key, login.public_key.split()
        if len(words) < 2 or words[0] not in _KEYS or not re.fullmatch(r"[\w+/=]+", words[1]):
            raise UsageError(f"{key[:20]!r}... is no public key; known: {', '.join(_KEYS)}")
        # Without its comment, which may hold anything.
        lines += [f'{user} authentication {words[0]} "{words[0]} {words[1]}"']
    if login.password:
        secret = login.password.get_secret_value()
        lines += [f'{user} authentication plain-text-password-value "{secret}"']
    return lines


def _intent(source: Source, names: Names) -> str:
    places = (place for segment in segments(source.intent) for place in segment.places)
    return intent_text(source.intent_text, places, names)


def _checks(texts: Mapping[str, str], names: Names) -> tuple[dict[str, str], tuple[str, ...]]:
    files: dict[str, str] = {}
    notes: list[str] = []
    for file, text in texts.items():
        path = f"checks/{file}"
        catalogue = file.endswith((".yaml", ".yml"))
        files[path], left = catalogue_text(text, names) if catalogue else (text, ())
        notes += [
            f"{path}: {check} names a port that its routers now call differently; left "
            "unchanged; write one check per router"
            for check in left
        ]
    return files, tuple(notes)


def _inventory(source: Source, wanted: Wanted) -> dict[str, str]:
    """The same routers and groups, at the names that containerlab enters in /etc/hosts."""
    hosts = {
        router: {"hostname": f"clab-{wanted.name}-{router}"} | _element(source.hosts[router])
        for router in source.intent.routers
    }
    groups = {name: _element(group) for name, group in source.groups.items()}
    shared = {"platform": "junos", "port": NETCONF_PORT, "username": wanted.login.username}
    return {
        "inventory/hosts.yaml": INVENTORY + as_yaml(hosts),
        "inventory/groups.yaml": as_yaml(groups),
        "inventory/defaults.yaml": as_yaml(shared, inline=False),
    }


def _element(element: Element) -> dict[str, object]:
    """What holds here too: not where a router was, nor that it was part of a larger one."""
    data = {"role": element.data.role, "vars": dict(element.data.vars)}
    known = {key: value for key, value in data.items() if value}
    found = {"groups": list(element.groups), "data": known}
    return {key: value for key, value in found.items() if value}
