"""Answers that are words already: `output`, and the warning of a daemon that does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.as_xml import XNM
from multihome.twin.show.element import Element
from multihome.twin.show.registry import printer, prints

if TYPE_CHECKING:
    from collections.abc import Iterator


def output(text: str) -> Element:
    """A plain sentence of a daemon, such as `BGP is not running`."""
    return Element("output", text)


def not_needed(daemon: str) -> Element:
    """What is said for a daemon that the configuration gives no work."""
    warning = Element("warning", module=XNM)
    warning.add("message", f"{daemon} subsystem not running - not needed by configuration.")
    reason = warning.add("reason")
    reason.add("daemon", daemon)
    reason.flag("process-not-configured")
    return warning


@prints("output")
def output_text(element: Element) -> Iterator[str]:
    """The sentence."""
    yield element.text


@prints("warning")
def warning_text(element: Element) -> Iterator[str]:
    """The message behind the word `warning`."""
    yield f"warning: {element.value('message')}"


@prints("multi-routing-engine-results")
def engines_text(element: Element) -> Iterator[str]:
    """Each routing engine's answer below its name."""
    for item in element.all("multi-routing-engine-item"):
        yield f"{item.value('re-name')}:"
        yield "-" * 74
        for answer in item.children[1:]:
            lines = printer(answer.tag)
            yield from lines(answer) if lines else ()
        yield ""
