"""Read an intent: its form by pydantic, its sense by the rules, every complaint at once."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from multihome.errors import InvalidFile, Problem
from multihome.intent.model import Intent
from multihome.intent.rules import addresses, keys, network, prefixes, routers, sites
from multihome.inventory.document import Document, read_document
from multihome.inventory.validation import in_file_order, misspelt, problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from multihome.intent.rules.flaw import Flaw
    from multihome.inventory.document import Loc
    from multihome.inventory.role import Role

RULES: tuple[Callable[[Intent], Iterator[Flaw]], ...] = (
    routers.one_site_each,
    addresses.outside_subnet,
    addresses.duplicate_interfaces,
    addresses.missing_vlans,
    addresses.duplicate_addresses,
    addresses.overlapping_subnets,
    addresses.duplicate_prefixes,
    prefixes.senseless_prefixes,
    prefixes.senseless_addresses,
    prefixes.prefixes_on_links,
    network.loopbacks,
    network.core_links,
    network.far_ends,
    network.vpns,
    network.site_names,
    keys.key_chains,
    keys.start_times,
    sites.legs,
    sites.gateway,
    sites.tracking,
    sites.identities,
)
ROLE_RULES: tuple[Callable[[Intent, Mapping[str, Role]], Iterator[Flaw]], ...] = (
    routers.unknown_routers,
    routers.wrong_roles,
    network.entities,
    network.connected,
)
"""Those that need to know what the inventory says of the routers."""
DOUBTS: tuple[Callable[[Intent], Iterator[Flaw]], ...] = (prefixes.covering_prefixes,)
"""What may be meant, and more often is a slip: warnings."""


def load_intent(path: Path, roles: Mapping[str, Role] | None) -> Intent:
    """The intent in a file, for an inventory with these routers.

    Without roles (the inventory cannot be read) the rules that need them are left out.

    Raises:
        InvalidFile: with every problem of form and sense, in the order of the file.
    """
    document = read_document(path)
    try:
        intent = Intent.model_validate(document.data)
    except ValidationError as error:
        found = list(problems(Intent, document, error))
        found.extend(_beyond(document, error, roles))
        raise InvalidFile(in_file_order(found)) from None
    if flaws := list(broken_rules(document, intent, roles)):
        raise InvalidFile(in_file_order(flaws))
    return intent


def doubts(path: Path, intent: Intent) -> tuple[Problem, ...]:
    """What an intent says that may be meant and more often is a slip, as warnings with lines."""
    flaws = [flaw for rule in DOUBTS for flaw in rule(intent)]
    if not flaws:
        return ()
    document = read_document(path)
    return tuple(in_file_order([document.problem(flaw.loc, flaw.message) for flaw in flaws]))


def broken_rules(
    document: Document, intent: Intent, roles: Mapping[str, Role] | None
) -> Iterator[Problem]:
    """What does not agree, as problems of the file."""
    flaws = [flaw for rule in RULES for flaw in rule(intent)]
    if roles is not None:
        flaws += [flaw for rule in ROLE_RULES for flaw in rule(intent, roles)]
    for flaw in flaws:
        yield document.problem(flaw.loc, flaw.message)


def _beyond(
    document: Document, error: ValidationError, roles: Mapping[str, Role] | None
) -> Iterator[Problem]:
    """What the rules say of a file whose form is wrong.

    Keys that are misspelt are read as they are meant; what is wrong even so is left out.
    """
    data: Any = deepcopy(document.data)
    for wrong, right in misspelt(_details(error)).items():
        around = _at(data, wrong[:-1])
        around[right[-1]] = around.pop(wrong[-1])
    try:
        rest = Intent.model_validate(data)
    except ValidationError as again:
        for loc in _malformed(_details(again)):
            if isinstance(around := _at(data, loc[:-1]), dict):
                around.pop(loc[-1], None)
        try:
            rest = Intent.model_validate(data)
        except ValidationError:
            return
    yield from broken_rules(document, rest, roles)


def _details(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_input=False)


def _malformed(errors: Iterable[ErrorDetails]) -> set[Loc]:
    """What to leave out: an unknown key alone, else the whole site around the error.

    No rule needs all sites to be there, so leaving one out makes no false complaint.
    """
    out: set[Loc] = set()
    for item in errors:
        loc = tuple(item["loc"])
        if item["type"] == "extra_forbidden":
            out.add(loc)
        elif loc[:1] == ("vpns",) and loc[2:3] in {("single-homed",), ("multihomed",)}:
            out.add(loc[:4])
    return out


def _at(data: Any, loc: Loc) -> Any:  # noqa: ANN401 - what a YAML file holds
    """The value at that place, or nothing."""
    for step in loc:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
