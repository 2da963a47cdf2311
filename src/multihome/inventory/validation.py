"""From a YAML document to a frozen pydantic model, every complaint with file, line and key."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from multihome.errors import InvalidFile
from multihome.inventory.schema_keys import unknown_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic_core import ErrorDetails

    from multihome.errors import Problem
    from multihome.inventory.document import Document, Loc


class FileModel(BaseModel):
    """What a person writes: no key that is not known, no value that needs guessing."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        regex_engine="python-re",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,  # so that an editor shows them with the schema
    )


M = TypeVar("M", bound=BaseModel)

WORDS = {
    "missing": "is required",
    "int_type": "must be a whole number",
    "string_type": "must be a text; put it in quotes if it looks like a number",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "mapping_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "float_type": "must be a number",
}
"""Pydantic's complaints, by their type, in this project's words."""


def parse(model: type[M], document: Document, data: object | None = None) -> M:
    """The document (or `data`, cut from it) as a model.

    Raises:
        InvalidFile: with every problem that the model finds, in the order of the file.
    """
    try:
        return model.model_validate(document.data if data is None else data)
    except ValidationError as error:
        raise InvalidFile(in_file_order(problems(model, document, error))) from None


def named(value: object) -> object:
    """Say what a name is made of, where a pattern would say it to machines only."""
    if isinstance(value, str) and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", value):
        raise ValueError(
            "is no name: it begins with a letter or digit, and holds only these, '.', '_' and '-'"
        )
    return value


def problems(
    model: type[BaseModel], document: Document, error: ValidationError
) -> Iterator[Problem]:
    """Each complaint of pydantic in this project's words, at its place in the file."""
    found = error.errors(include_url=False, include_input=False)
    meant = misspelt(found)
    places = [tuple(item["loc"]) for item in found]
    for item, place in zip(found, places, strict=True):
        if item["type"] == "too_short" and any(_inside(other, place) for other in places):
            continue  # short only because its items are wrong
        if place in meant.values():
            continue  # it is there, misspelt, and that is reported
        loc = place[:-1] if place[-1:] == ("[key]",) else place
        words = _unknown(model, place, meant) if _is_unknown(item) else _words(item)
        yield document.problem(loc, words)


def misspelt(found: Iterable[ErrorDetails]) -> dict[Loc, Loc]:
    """Unknown keys that look like one that is missing beside them, each with that one."""
    errors = list(found)
    missing = [tuple(item["loc"]) for item in errors if item["type"] == "missing"]
    meant: dict[Loc, Loc] = {}
    for loc in (tuple(item["loc"]) for item in errors if _is_unknown(item)):
        beside = {str(m[-1]): m for m in missing if m[:-1] == loc[:-1] and m not in meant.values()}
        if near := get_close_matches(str(loc[-1]), sorted(beside), n=1):
            meant[loc] = beside[near[0]]
    return meant


def _is_unknown(item: ErrorDetails) -> bool:
    return item["type"] == "extra_forbidden"


def _inside(loc: Loc, outer: Loc) -> bool:
    return len(loc) > len(outer) and loc[: len(outer)] == outer


def in_file_order(found: Iterator[Problem] | list[Problem]) -> list[Problem]:
    """Sorted as a reader meets them."""
    return sorted(found, key=lambda problem: (problem.line or 0, problem.key, problem.message))


def _words(item: ErrorDetails) -> str:
    kind = item["type"]
    if kind == "value_error":
        return item["msg"].removeprefix("Value error, ")
    if kind == "too_short":
        return f"needs at least {item['ctx']['min_length']}"
    if kind in WORDS:
        return WORDS[kind]
    return item["msg"][:1].lower() + item["msg"][1:].replace("Input should", "should")


def _unknown(model: type[BaseModel], loc: Loc, meant: Mapping[Loc, Loc]) -> str:
    if loc in meant:
        return f"unknown key; did you mean {meant[loc][-1]!r}, which is required?"
    return unknown_key(model.model_json_schema(), loc)
