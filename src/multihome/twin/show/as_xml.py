"""A reply as namespaced XML.

The namespaces carry the release: `http://xml.juniper.net/junos/18.2R3/junos-routing`.
Up to 18.x both the outer (`junos:`) and the inner (`junos-routing`) one name the release;
19.x to 23.1 name its base, `22.2R0`; from 23.2 on the outer one carries the whole version.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.show.element import COMMENT, Element

if TYPE_CHECKING:
    from lxml.etree import _Element

NETCONF = "urn:ietf:params:xml:ns:netconf:base:1.0"
XNM = "http://xml.juniper.net/xnm/1.1/xnm"
_SITE = "http://xml.juniper.net/junos"
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML has no way to say (XML 1.0 section 2.2)."""
_VERSION = re.compile(r"(\d+)\.(\d+)([A-Z]+\d*)?")


@lru_cache(maxsize=8)
def junos_namespace(version: str) -> str:
    """What the prefix `junos:` means in the replies of this release."""
    major, release = _release(version)
    return f"{_SITE}/{version if major >= (23, 2) else release}/junos"


def module_namespace(module: str, version: str) -> str:
    """The namespace of a schema module such as `junos-routing`; a URI stays as it is."""
    return module if "://" in module else f"{_SITE}/{_release(version)[1]}/{module}"


def release(version: str) -> tuple[int, int]:
    """The year and the quarter of a release: `21.4R3.15` is (21, 4); (0, 0) if it is none."""
    return _release(version)[0]


def to_xml(element: Element, version: str, default: str | None = NETCONF) -> _Element:
    """The element with its namespaces; `default` is that of elements without a module."""
    namespace = module_namespace(element.module, version) if element.module else default
    prefixes: dict[str, str] = {}
    if namespace:
        # First, so that lxml takes it where `junos:` means the same namespace; its stubs do
        # not know that None is the prefix of the default namespace.
        prefixes[None] = namespace  # type: ignore[index]
    prefixes["junos"] = junos_namespace(version)
    root = etree.Element(_name(element.tag, namespace), nsmap=prefixes)
    _fill(root, element, namespace, version)
    return root


def _fill(target: _Element, source: Element, namespace: str | None, version: str) -> None:
    target.text = _UNSPEAKABLE.sub("?", source.text) or None
    for name, value in source.attributes.items():
        target.set(_attribute(name, version), value)
    for child in source.children:
        if child.tag == COMMENT:
            target.append(etree.Comment(f" {child.text} "))
        elif child.module:
            target.append(to_xml(child, version))
        else:
            _fill(etree.SubElement(target, _name(child.tag, namespace)), child, namespace, version)


def _name(tag: str, namespace: str | None) -> str:
    return f"{{{namespace}}}{tag}" if namespace else tag


def _attribute(name: str, version: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{junos_namespace(version)}}}{local}" if colon and prefix == "junos" else name


def _release(version: str) -> tuple[tuple[int, int], str]:
    match = _VERSION.match(version)
    if match is None:
        return (0, 0), version
    major = (int(match[1]), int(match[2]))
    return major, f"{match[1]}.{match[2]}{'R0' if major >= (19, 1) else match[3] or ''}"


def from_xml(source: _Element) -> Element:
    """An element of another room as ours, without its namespaces."""
    name = etree.QName(source)
    target = Element(name.localname, (source.text or "").strip("\n"))
    target.attributes = {_plain(str(key)): str(value) for key, value in source.attrib.items()}
    target.children = [from_xml(child) for child in source.iterchildren("*")]
    return target


def _plain(attribute: str) -> str:
    name = etree.QName(attribute)
    return f"junos:{name.localname}" if name.namespace else name.localname
