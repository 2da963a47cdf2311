"""The greeting: what Junos says it can, and what the client says back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from multihome.twin.netconf.messages import name_of

if TYPE_CHECKING:
    from lxml.etree import _Element

    from multihome.twin.netconf.messages import Style

BASE_1_1 = "urn:ietf:params:netconf:base:1.1"
_FEATURES = ("candidate:1.0", "confirmed-commit:1.0", "validate:1.0")
_URL = "url:1.0?{}=http,ftp,file"
"""Junos calls the schemes so only where it names the capability as RFC 6241 does."""
_MODULES = (
    "urn:ietf:params:xml:ns:yang:ietf-yang-metadata?module=ietf-yang-metadata&revision=2016-08-05",
    "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring",
    "http://xml.juniper.net/netconf/junos/1.0",
    "http://xml.juniper.net/dmi/system/1.0",
    "http://yang.juniper.net/junos/jcmd?module=junos-configuration-metadata&revision=2021-09-01",
)


def capabilities(*, chunked: bool) -> tuple[str, ...]:
    """What the router offers, in the order of Junos, which names the standard ones twice."""
    standard = "urn:ietf:params:netconf"
    namespaced = "urn:ietf:params:xml:ns:netconf"
    return (
        f"{standard}:base:1.0",
        *((BASE_1_1,) if chunked else ()),
        *(f"{standard}:capability:{feature}" for feature in (*_FEATURES, _URL.format("scheme"))),
        f"{namespaced}:base:1.0",
        *(
            f"{namespaced}:capability:{feature}"
            for feature in (*_FEATURES, _URL.format("protocol"))
        ),
        *_MODULES,
    )


def hello(style: Style, session: int, user: str, *, chunked: bool) -> bytes:
    """The router's hello, with the comments in front of it that Junos writes."""
    tag = style.tag
    listed = "".join(
        f"    <{tag('capability')}>{escape(capability)}</{tag('capability')}>\n"
        for capability in capabilities(chunked=chunked)
    )
    return (
        "<!-- No zombies were killed during the creation of this user interface -->\n"
        f"<!-- user {user}, class j-super-user -->\n"
        f"<{tag('hello')} {style.declaration}>\n"
        f"  <{tag('capabilities')}>\n{listed}  </{tag('capabilities')}>\n"
        f"  <{tag('session-id')}>{session}</{tag('session-id')}>\n"
        f"</{tag('hello')}>"
    ).encode()


def offered(client: _Element) -> frozenset[str]:
    """The capabilities of a client's hello."""
    return frozenset(
        (node.text or "").strip() for node in client.iter() if name_of(node) == "capability"
    )
