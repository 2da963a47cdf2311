"""`netconf-state` (RFC 6022): what a manager that mounts a router asks first.

There are no models to hand out, so the list of schemas is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.config.problem import Problem
from multihome.twin.netconf.hello import capabilities
from multihome.twin.netconf.messages import Refused, child, name_of, namespace_of, text_of

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.twin.netconf.exchange import Exchange

NAMESPACE = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"


def asked_for(chosen: _Element | None) -> _Element | None:
    """The element `netconf-state` of a filter, if it is there."""
    state = None if chosen is None else child(chosen, "netconf-state")
    return state if state is not None and namespace_of(state) == NAMESPACE else None


def netconf_state(exchange: Exchange, asked: _Element) -> str:
    """The parts of the state that a filter names; all of them if it names none."""
    parts = (_capabilities(exchange), etree.Element("schemas"), _sessions(exchange))
    wanted = {name_of(each) for each in asked}
    root = etree.Element("netconf-state", xmlns=NAMESPACE)
    root.extend(part for part in parts if not wanted or part.tag in wanted)
    etree.indent(root, "    ")
    return etree.tostring(root, encoding="unicode") + "\n"


def get_schema(_: Exchange, rpc: _Element) -> str:
    """`get-schema` (RFC 6022 section 3.1)."""
    name = text_of(rpc, "identifier")
    raise Refused(
        Problem(f"schema not found: {name}", element=name, tag="invalid-value", type="application")
    )


def _capabilities(exchange: Exchange) -> _Element:
    part = etree.Element("capabilities")
    for each in capabilities(chunked=exchange.host.chunked):
        etree.SubElement(part, "capability").text = each
    return part


def _sessions(exchange: Exchange) -> _Element:
    part = etree.Element("sessions")
    for holder in exchange.host.database.holders():
        if holder.client == "netconf":
            session = etree.SubElement(part, "session")
            etree.SubElement(session, "session-id").text = str(holder.session)
            etree.SubElement(session, "transport").text = "netconf-ssh"
            etree.SubElement(session, "username").text = holder.user
            etree.SubElement(session, "login-time").text = f"{holder.since:%Y-%m-%dT%H:%M:%SZ}"
    return part
