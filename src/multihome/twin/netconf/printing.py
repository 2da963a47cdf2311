"""A configuration as it is sent: in one of Junos's four formats, with its heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lxml import etree

from multihome.twin.config.formats.diff_xml import diff_xml
from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.formats.xml_format import print_json, print_xml
from multihome.twin.netconf.changed import mark_changes

if TYPE_CHECKING:
    from datetime import datetime

    from multihome.twin.config.database import Database
    from multihome.twin.config.tree import Node
    from multihome.twin.netconf.messages import Style

XNM = "http://xml.juniper.net/xnm/1.1/xnm"
YANG = "http://yang.juniper.net/junos/conf"
FORMATS = ("xml", "text", "ascii", "set", "json")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who changed a configuration, and when; `verb` is `commit` or `changed`."""

    verb: str
    when: datetime
    user: str = ""

    @classmethod
    def of(cls, database: Database, *, committed: bool) -> Stamp | None:
        """What Junos says of one of the two databases; None before the first commit."""
        if not database.history:
            return None
        newest = database.history[0]
        if committed or not database.modified or database.changed is None:
            return cls("commit", newest.when, newest.user)
        return cls("changed", database.changed)

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of `configuration`, without their prefix."""
        known = {
            f"{self.verb}-seconds": str(int(self.when.timestamp())),
            f"{self.verb}-localtime": f"{self.when:%Y-%m-%d %H:%M:%S} {self.when.tzname() or 'UTC'}",
        }
        return {**known, f"{self.verb}-user": self.user} if self.user else known

    @property
    def heading(self) -> str:
        """The first line of the text format."""
        moment = self.attributes[f"{self.verb}-localtime"]
        by = f" by {self.user}" if self.user else ""
        return f"## Last {self.verb}: {moment}{by}\n"


def configuration_body(
    style: Style, root: Node, form: str, stamp: Stamp | None, before: Node | None = None
) -> str:
    """The configuration as a reply holds it; elements say what is not as it was `before`."""
    if form == "json":
        return f"\n{escape(configuration_json(style, root, stamp))}"
    if form == "set":
        return f'<configuration-set xmlns="{XNM}">\n{escape(print_set(root))}</configuration-set>\n'
    if form in {"text", "ascii"}:
        heading = stamp.heading if stamp is not None else ""
        text = escape(heading + print_text(root))
        return f'<configuration-text xmlns="{XNM}">\n{text}</configuration-text>\n'
    return _sent(style, configuration_element(style, root, stamp, before))


def _sent(style: Style, element: etree._Element) -> str:
    etree.indent(element, "    ")
    text = etree.tostring(element, encoding="unicode")
    return text.replace(f' xmlns:junos="{style.junos}"', "") + "\n"


def configuration_element(
    style: Style, root: Node, stamp: Stamp | None, before: Node | None = None
) -> etree._Element:
    """The element `configuration`, in the namespace that the session's mode gives it."""
    element = print_xml(root, junos=style.junos)
    if before is not None:
        mark_changes(element, print_xml(before, junos=style.junos), style.junos)
    if stamp is not None:
        for name, value in stamp.attributes.items():
            element.set(f"{{{style.junos}}}{name}", value)
    return _as_named(style, element)


def _as_named(style: Style, element: etree._Element) -> etree._Element:
    """The element in the namespace of the session's mode; each part its own, if it is compliant."""
    if not style.compliant:
        return _within(element, XNM)
    whole = _within(element, f"{YANG}/root", deep=False)
    for child in list(element):
        named = str(child.tag).startswith("{")  # an annotation, which is in Junos's own already
        name = etree.QName(child).localname
        whole.append(child if named else _within(child, f"{YANG}/{name}"))
    return whole


def configuration_json(style: Style, root: Node, stamp: Stamp | None) -> str:
    """The JSON format; the heading is in the attributes of `configuration`."""
    known = stamp.attributes if stamp is not None else {}
    attributes = {f"junos:{name}": value for name, value in known.items()}
    return print_json(root, {"xmlns": XNM if not style.compliant else f"{YANG}/root", **attributes})


def compared(difference: str) -> str:
    """The answer to `show | compare`."""
    text = f"<configuration-output>\n{escape(difference)}</configuration-output>"
    return f"<configuration-information>\n{text}\n</configuration-information>\n"


def compared_elements(style: Style, old: Node, new: Node) -> str:
    """The answer to `show | compare | display xml`: nothing where nothing differs."""
    difference = diff_xml(old, new, style.junos)
    return "" if difference is None else _sent(style, _as_named(style, difference))


def _within(element: etree._Element, namespace: str, *, deep: bool = True) -> etree._Element:
    """A copy whose elements without a namespace are in this one, as the default."""
    prefixes: dict[str | None, str] = {**element.nsmap, None: namespace}
    # lxml's stubs do not know that None is the prefix of the default namespace.
    copy = etree.Element(f"{{{namespace}}}{element.tag}", element.attrib, prefixes)  # type: ignore[arg-type]
    copy.text = element.text
    if deep:
        for child in element:
            copy.append(_renamed(child, namespace))
    return copy


def _renamed(element: etree._Element, namespace: str) -> etree._Element:
    for each in element.iter():
        if not str(each.tag).startswith("{"):
            each.tag = f"{{{namespace}}}{each.tag}"
    return element
