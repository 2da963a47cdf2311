"""Where keys may stand in a file, read from the JSON Schema of its model.

A key in the wrong place is answered by the place it belongs in, and not by the key
that was written.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from multihome.inventory.document import Loc

TOP = "the top of the file"
PLACES = 3
"""Places that a hint names at most."""


def unknown_key(schema: Mapping[str, Any], loc: Loc) -> str:
    """What to say of a key that may not stand at `loc`.

    A key that is nearly one of those that may stand there is taken for a misspelling; a key
    that may stand elsewhere is sent there.
    """
    key = str(loc[-1])
    here = sorted(keys_at(schema, loc[:-1]))
    everywhere = places(schema)
    if near := get_close_matches(key, here, n=1):
        return f"unknown key; did you mean {near[0]!r}?"
    if key in everywhere:
        return f"unknown key here; {key!r} belongs in {_listed(everywhere[key])}"
    if near := get_close_matches(key, sorted(everywhere), n=1):
        return f"unknown key; did you mean {near[0]!r} in {_listed(everywhere[near[0]])}?"
    return "unknown key" + (f"; known here: {', '.join(here)}" if here else "")


def keys_at(schema: Mapping[str, Any], loc: Loc) -> set[str]:
    """The keys that may stand in the mapping at `loc`."""
    nodes = [_whole(schema, schema)]
    for step in loc:
        nodes = [below for node in nodes for below in _below(schema, node, step)]
    return {key for node in nodes for key in node.get("properties", {})}


def places(schema: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Every key, with the paths of the mappings it may stand in: `vpns.*.multihomed.*.legs[]`."""
    found: dict[str, dict[str, None]] = {}
    for path, node in _mappings(schema, schema, "", ()):
        for key in node.get("properties", {}):
            found.setdefault(key, {})[path or TOP] = None
    return {key: tuple(paths) for key, paths in found.items()}


def _listed(paths: tuple[str, ...]) -> str:
    shown = ", ".join(paths[:PLACES])
    more = len(paths) - PLACES
    return shown + (f" and {more} more places" if more > 0 else "")


def _mappings(
    schema: Mapping[str, Any], node: Mapping[str, Any], path: str, seen: tuple[int, ...]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping of the file, depth first, the shallow ones of one key before the deep."""
    for form in _forms(schema, node):
        if id(form) in seen:
            continue
        trail = (*seen, id(form))
        if "properties" in form:
            yield path, form
        for key, below in form.get("properties", {}).items():
            yield from _mappings(schema, below, f"{path}.{key}" if path else key, trail)
        if isinstance(items := form.get("items"), dict):
            yield from _mappings(schema, items, f"{path}[]", trail)
        if isinstance(others := form.get("additionalProperties"), dict):
            yield from _mappings(schema, others, f"{path}.*" if path else "*", trail)
        for others in form.get("patternProperties", {}).values():
            yield from _mappings(schema, others, f"{path}.*" if path else "*", trail)


def _forms(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a node may be: itself, what it refers to, or any of several."""
    whole = _whole(schema, node)
    yield whole
    for word in ("anyOf", "oneOf", "allOf"):
        for each in whole.get(word, ()):
            yield from _forms(schema, each)


def _whole(schema: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The definition that a reference means."""
    while "$ref" in node:
        found: Any = schema
        for step in str(node["$ref"]).removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _below(
    schema: Mapping[str, Any], node: Mapping[str, Any], step: str | int
) -> Iterator[Mapping[str, Any]]:
    for form in _forms(schema, node):
        if isinstance(step, int):
            below = [form["items"]] if isinstance(form.get("items"), dict) else []
        elif step in form.get("properties", {}):
            below = [form["properties"][step]]
        else:
            others = form.get("additionalProperties")
            below = [others] if isinstance(others, dict) else []
            below += form.get("patternProperties", {}).values()
        for each in below:
            yield from _forms(schema, each)
