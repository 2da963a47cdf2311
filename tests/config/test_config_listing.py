"""Whole listings as `show configuration` prints them: read strictly, printed back the same."""

from pathlib import Path

import pytest

from multihome.twin.config.formats.set_format import print_set
from multihome.twin.config.formats.text_format import print_text
from multihome.twin.config.formats.xml_format import print_json, print_xml
from multihome.twin.config.load import parse

LISTINGS = sorted((Path(__file__).parent / "cases" / "listings").glob("*.conf"))


@pytest.mark.parametrize("path", LISTINGS, ids=lambda path: path.stem)
def test_a_listing_is_printed_as_it_was_read(path):
    outcome = parse(path.read_text(), "text")
    assert outcome.problems == ()
    assert print_text(outcome.root) == path.read_text()


@pytest.mark.parametrize("path", LISTINGS, ids=lambda path: path.stem)
def test_a_listing_survives_the_other_formats(path):
    text = path.read_text()
    root = parse(text, "text").root
    printed = {"set": print_set(root), "xml": print_xml(root), "json": print_json(root)}
    for form, data in printed.items():
        outcome = parse(data, form)
        assert (form, outcome.problems) == (form, ())
        assert print_text(outcome.root) == text
