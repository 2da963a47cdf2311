"""Loading: a text in any format onto a tree, by any of Junos's load actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lxml import etree

from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.json_reader import BadJson, json_elements
from multihome.twin.config.formats.patch import Patcher
from multihome.twin.config.formats.set_format import Commands
from multihome.twin.config.formats.text_reader import TextReader
from multihome.twin.config.formats.xml_reader import XmlReader
from multihome.twin.config.formats.xml_words import attributes_of, elements, local_name
from multihome.twin.config.problem import Problem, syntax_error
from multihome.twin.config.tree import Node
from multihome.twin.config.words import speakable

if TYPE_CHECKING:
    from multihome.twin.config.formats.xml_reader import Operation

Format = Literal["set", "text", "xml", "json"]
Action = Literal["merge", "replace", "override", "update", "set", "patch"]


@dataclass(frozen=True, slots=True)
class LoadOutcome:
    """What a load made of the tree; with errors, what was understood is loaded all the same.

    Attributes:
        root: the tree afterwards.
        problems: errors and warnings, in the order of the text.
    """

    root: Node
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are not mere warnings."""
        return tuple(each for each in self.problems if each.severity == "error")

    @property
    def ok(self) -> bool:
        """Whether everything was loaded."""
        return not self.errors


def load(
    root: Node,
    data: str | etree._Element,
    *,
    format: Format = "text",
    action: Action = "merge",
    strict: bool = True,
) -> LoadOutcome:
    """The tree with the data loaded.

    Args:
        root: the tree to load onto; it stays as it is.
        data: text, or a `configuration` element for the XML format.
        format: of the data; the actions `set` and `patch` bring their own.
        action: Junos's `load` action.
        strict: refuse unknown words and bad values; otherwise they are kept, with a warning.
    """
    if isinstance(data, str):
        data = speakable(data)
    fresh = action in ("override", "update")
    draft = Draft(None if fresh else root)
    problems = _read(draft, data, "set" if action == "set" else format, action, strict=strict)
    return LoadOutcome(draft.finish(), tuple(problems))


def parse(data: str | etree._Element, format: Format, *, strict: bool = True) -> LoadOutcome:
    """The tree that the data means by itself."""
    return load(Node(), data, format=format, strict=strict)


def parse_set(text: str) -> Node:
    """The tree that `set` lines mean; what is not understood is kept as written."""
    return parse(text, "set", strict=False).root


def edit(
    root: Node,
    config: etree._Element,
    *,
    default: Operation = "merge",
    rollback_on_error: bool = True,
    missing: Literal["warning", "error"] = "warning",
) -> LoadOutcome:
    """NETCONF's `edit-config` (RFC 6241 section 7.2) on a tree.

    Args:
        root: the tree to edit; it stays as it is.
        config: the `config` element, holding `configuration`, or that element itself.
        default: the default-operation; `replace` leaves nothing of what was there.
        rollback_on_error: give the tree back unchanged if there is any error.
        missing: how `operation="delete"` of what is not there is answered.
    """
    configurations = _configurations(config)
    asked = {attributes_of(each).get("operation") for each in configurations}
    whole = default == "replace" or not asked.isdisjoint({"replace", "delete", "remove"})
    draft = Draft(None if whole else root)
    reader = XmlReader(draft, default="merge" if whole else default, replace=False, missing=missing)
    for configuration in configurations:
        reader.read(configuration)
    outcome = LoadOutcome(draft.finish(), tuple(reader.problems))
    if rollback_on_error and not outcome.ok:
        return LoadOutcome(root, outcome.problems)
    return outcome


def _read(
    draft: Draft,
    data: str | etree._Element,
    format: Format,
    action: Action,
    *,
    strict: bool,
) -> list[Problem]:
    replace = action == "replace"
    if format == "xml":
        return _read_xml(draft, data, replace=replace, strict=strict)
    if not isinstance(data, str):
        return [syntax_error(local_name(data))]
    if action == "patch":
        return Patcher(draft, strict=strict).apply(data)
    if format == "json":
        return _read_json(draft, data, replace=replace, strict=strict)
    if format == "set":
        return Commands(draft, strict=strict, loaded=True).run(data)
    return TextReader(draft, strict=strict, replace=replace).read(data)


def _read_json(draft: Draft, data: str, *, replace: bool, strict: bool) -> list[Problem]:
    try:
        configuration = json_elements(data)
    except BadJson as why:
        return [Problem(f"invalid json: {why}", element="configuration")]
    return XmlReader(draft, strict=strict, replace=replace).read(configuration)


def _read_xml(
    draft: Draft, data: str | etree._Element, *, replace: bool, strict: bool
) -> list[Problem]:
    if isinstance(data, str):
        try:
            data = etree.fromstring(data.encode(), etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError as why:
            return [syntax_error(str(why))]
    reader = XmlReader(draft, strict=strict, replace=replace)
    for configuration in _configurations(data):
        reader.read(configuration)
    return reader.problems


def _configurations(element: etree._Element) -> list[etree._Element]:
    """The `configuration` elements that an element is or holds."""
    if local_name(element) == "configuration":
        return [element]
    return [child for child in elements(element) if local_name(child) == "configuration"]
