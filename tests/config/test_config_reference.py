"""Recordings of real routers, read where they lie: their shapes must come out of this code."""

import re
from pathlib import Path

import pytest
from lxml import etree

from multihome.twin.config.draft import Draft
from multihome.twin.config.formats.diff import diff_text
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.formats.text_reader import TextReader
from multihome.twin.config.formats.xml_format import print_xml
from multihome.twin.config.load import load, parse
from multihome.twin.config.resolve import Resolver
from multihome.twin.config.words import split

REPLIES = Path(__file__).parents[2] / "../shared/reference/junos-replies"
SECTION = re.compile(r"\[edit ?(.*)\]")
pytestmark = pytest.mark.reference


def recordings(folder, pattern):
    return sorted((REPLIES / folder).glob(pattern)) if REPLIES.is_dir() else []


def named(paths):
    found = [pytest.param(path, id=path.stem) for path in paths]
    return found or [
        pytest.param(None, marks=pytest.mark.skip("no recordings beside the checkout"))
    ]


def sections_of(text):
    """The `[edit ...]` sections of a recorded diff, without whatever stands around them."""
    kept, inside = [], False
    for line in text.splitlines():
        inside = bool(SECTION.match(line)) or (inside and line[:1] in "+-! " and bool(line.strip()))
        if inside:
            kept.append(line)
    return kept


def before(lines):
    """A tree that a diff may have started from: whatever it deletes or shows as context."""
    # Something that the diff leaves alone, so that its hierarchy does not vanish with it.
    draft = Draft(parse("set system services ssh", "set").root)
    place, prefix = draft.top, []
    pending = []
    for line in lines:
        if found := SECTION.match(line):
            steps = Resolver(strict=False, locate=True).read(draft.top.statement, split(found[1]))
            prefix = []
            if steps and steps[-1].statement.bag and not steps[-1].key:
                prefix = [steps.pop().statement.keyword]
            place = draft.set(draft.top, steps)
        elif line[0] in "- ":
            text = line[1:].replace(" { ... }", ";")
            pending.append(text)
        if pending and balanced(pending):
            TextReader(draft, strict=False).read("\n".join(pending), place, prefix=prefix)
            pending.clear()
    return draft.finish()


def balanced(lines):
    text = "\n".join(lines)
    return text.count("{") == text.count("}")


DIFFS = [
    *recordings("diff", "ksator*.diff"),
    *recordings("diff", "napalm*.diff"),
    *recordings("diff", "junoscriptorium*.txt"),
]


@pytest.mark.parametrize("path", named(DIFFS))
def test_a_recorded_diff_is_what_this_differ_prints(path):
    lines = sections_of(path.read_text().split("user@cli> \n")[0])
    recorded = "\n".join(lines) + "\n"
    old = before(lines)
    new = load(old, recorded, action="patch", strict=False)
    assert new.ok
    assert diff_text(old, new.root) == recorded


CONFIGURATIONS = recordings("get-configuration", "*.xml")


def configuration_of(path):
    reply = etree.parse(str(path), etree.XMLParser(remove_blank_text=True)).getroot()
    return next((each for each in reply.iter("{*}configuration")), None)


@pytest.mark.parametrize("path", named(CONFIGURATIONS))
def test_a_recorded_configuration_survives_every_format(path):
    configuration = configuration_of(path)
    if configuration is None:
        pytest.skip("recorded as text")
    outcome = parse(configuration, "xml", strict=False)
    assert outcome.ok
    text = print_text(outcome.root)
    assert print_text(parse(text, "text", strict=False).root) == text
    again = parse(print_xml(outcome.root), "xml", strict=False)
    assert print_text(again.root) == text
    assert values_of(configuration) <= values_of(print_xml(outcome.root))


def values_of(element):
    return {each.text.strip() for each in element.iter("*") if each.text and each.text.strip()}


@pytest.mark.parametrize("path", named(recordings("get-configuration", "*show-configuration.xml")))
def test_a_recorded_listing_is_printed_line_for_line(path):
    recorded = path.read_text().partition("<configuration-output>")[2]
    recorded = recorded.partition("</configuration-output>")[0]
    lines = [re.sub(r"\s*## Warning.*", "", line) for line in recorded.strip().splitlines()]
    lines = [line for line in lines if not line.startswith("##")]
    outcome = parse("\n".join(lines), "text", strict=False)
    assert outcome.problems == ()
    assert sorted(print_text(outcome.root).splitlines()) == sorted(lines)
