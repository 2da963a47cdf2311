"""JSON Schemas of every file that a person writes or a program reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multihome.check.guide import catalogue_schema
from multihome.errors import UnknownName
from multihome.intent.model import Intent
from multihome.inventory.facts import Element
from multihome.report.document import json_schema

if TYPE_CHECKING:
    from collections.abc import Callable

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(what: str) -> dict[str, Any]:
    """The schema of `checks`, `intent`, `inventory` (hosts.yaml, groups.yaml) or `result`.

    Raises:
        UnknownName: none of these.
    """
    if what not in SCHEMAS:
        raise UnknownName("schema", what, SCHEMAS)
    return {"$schema": DRAFT, **SCHEMAS[what](), "title": f"multihome {what}"}


def _inventory() -> dict[str, Any]:
    element = Element.model_json_schema(ref_template="#/$defs/{model}")
    definitions = element.pop("$defs", {})
    return {"type": "object", "additionalProperties": element, "$defs": definitions}


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "checks": catalogue_schema,
    "intent": Intent.model_json_schema,
    "inventory": _inventory,
    "result": json_schema,
}
