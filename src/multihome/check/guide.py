"""The checks for people and editors: the list, each one explained, the schema."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from multihome.check.catalogue_errors import FOREIGN, statement_in
from multihome.check.kinds.known import REGISTRY
from multihome.intent.expect import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.check.registry import Check
    from multihome.intent.statement import Statement

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SHARED = ("tags", "when", "level", "wait", "hold")


@dataclass(frozen=True, slots=True)
class Guide:
    """One check explained."""

    name: str
    summary: str
    description: str
    fields: tuple[tuple[str, str], ...]
    """Each key and what it says, the subject first."""
    parts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Of keys that hold keys themselves: which they are, and those keys."""
    requests: tuple[str, ...]
    """The RPCs that the example sends."""
    example: str
    """A catalogue file in YAML; the tests run it."""


def example(name: str) -> str:
    """The example of one check, a catalogue in YAML."""
    return (files("multihome.check") / "examples" / f"{name}.yaml").read_text(encoding="utf-8")


def guide(name: str) -> Guide:
    """One check; raises UnknownName."""
    check = REGISTRY.get(name)
    text = example(check.name)
    entries = YAML(typ="safe").load(text)["checks"]
    adapter = TypeAdapter(check.expectation)
    requests = [
        str(query) for entry in entries for query in check.needs(adapter.validate_python(entry))
    ]
    properties = check.expectation.model_json_schema()["properties"]
    about = [name.replace("_", "-") for name in ("router", *check.expectation.about)]
    order = [*about, *(key for key in properties if key not in about)]
    return Guide(
        name=check.name,
        summary=check.summary,
        description=check.description,
        fields=tuple(
            (key, str(properties[key].get("description", "")))
            for key in order
            if key not in {*FOREIGN, "check"}
        ),
        parts=tuple(_parts(check)),
        requests=tuple(dict.fromkeys(requests)),
        example=text,
    )


def _parts(check: Check) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """The keys inside `active`, `each`, `tables`; alike ones once."""
    holders: dict[type[Statement], list[str]] = {}
    for name, field in check.expectation.model_fields.items():
        model = statement_in(field.annotation)
        if model is not None:
            holders.setdefault(model, []).append(field.alias or name)
    for model, names in holders.items():
        properties = model.model_json_schema()["properties"]
        keys = ((key, str(value.get("description", ""))) for key, value in properties.items())
        yield ", ".join(names), tuple(keys)


def catalogue_schema() -> dict[str, Any]:
    """The JSON Schema of a catalogue file, for editors to complete and underline."""
    definitions: dict[str, Any] = {}
    for check in REGISTRY:
        schema = check.expectation.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(schema.pop("$defs", {}))
        definitions[check.name] = _entry(schema, check)
        _say_states(definitions[check.name])
    shared = definitions["ping"]["properties"]
    return {
        "$schema": _DRAFT,
        "title": "A catalogue of checks",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "defaults": {
                "type": "object",
                "description": "What every check of the file says unless it says otherwise.",
                "additionalProperties": False,
                "properties": {name: shared[name] for name in _SHARED},
            },
            "checks": {
                "type": "array",
                "items": {"oneOf": [{"$ref": f"#/$defs/{check.name}"} for check in REGISTRY]},
            },
        },
        "$defs": definitions,
    }


def _say_states(entry: dict[str, Any]) -> None:
    """The network states by name, for both ends."""
    states = {"type": "array", "uniqueItems": True, "items": {"enum": sorted(STATES)}}
    for properties in (entry["properties"], entry["properties"]["other-end"]["properties"]):
        properties["when"] = {**states, "description": properties["when"].get("description", "")}


def _entry(schema: dict[str, Any], check: Check) -> dict[str, Any]:
    """One entry: several routers at once are allowed, and a second end that differs."""
    properties = {key: value for key, value in schema["properties"].items() if key not in FOREIGN}
    other = {**properties, "router": dict(properties["router"])}
    other.pop("check")
    names = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    router = properties["router"]
    properties["router"] = {
        "anyOf": [{"type": "string"}, names],
        "description": router.get("description", ""),
    }
    properties["other-end"] = {
        "type": "object",
        "description": "The same at the other end; what differs there.",
        "properties": other,
        "required": ["router"],
        "additionalProperties": False,
    }
    required = ["check", *(key for key in schema.get("required", ()) if key != "check")]
    description = f"{check.summary}\n\n{check.description}"
    return {**schema, "properties": properties, "required": required, "description": description}
