"""Listings: every table has one, their columns are filled, and they are found by themselves."""

import pkgutil
from importlib import import_module

import pytest

from multihome import state
from multihome.state import bgp, configuration, interface, system
from multihome.state.listing import PACKAGE, Listing, listings
from multihome.state.query import Query

NOT_LISTED = {
    bgp.SUMMARY: "the neighbours of `show bgp` say more",
    interface.TERSE: "the interfaces of `show interfaces` say more",
    system.SOFTWARE: "`show system` says more",
    system.IDENTITY: "for the tool alone: who answers",
    system.IDENTITY_BY_SOFTWARE: "for the tool alone: who answers",
    configuration.STATEMENTS: "`show raw 'show configuration | display set'`",
}
LONGEST = 58
"""Characters of a help in the list of verbs, on 80 columns."""


def declared():
    for module in pkgutil.iter_modules(state.__path__, f"{PACKAGE}."):
        if not module.ispkg:
            yield from vars(import_module(module.name)).values()


def test_every_query_has_a_listing_or_a_reason_to_have_none():
    listed = {query for each in listings().values() for query in each.queries}
    queries = {value for value in declared() if isinstance(value, Query)}
    assert queries - listed == set(NOT_LISTED)


def test_every_listing_is_found_by_its_verb():
    found = [value for value in declared() if isinstance(value, Listing)]
    assert found
    assert all(listings()[each.verb] is each for each in found)


@pytest.mark.parametrize("verb", listings())
def test_a_help_fits_into_the_list_of_verbs(verb):
    listing = listings()[verb]
    assert listing.help.endswith(".")
    assert len(listing.help) <= LONGEST
    assert "router" not in listing.columns  # the first column of every table
