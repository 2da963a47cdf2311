"""What is wrong in a catalogue, said at the key where it is wrong."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from multihome.intent.statement import Expectation, Statement
from multihome.inventory.schema_keys import TOP, places
from multihome.inventory.validation import WORDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from pydantic_core import ErrorDetails

    from multihome.inventory.document import Document, Loc

FOREIGN = frozenset({"origin", "ends"})
"""Fields of an expectation that a file does not say: they follow from its position."""
UNKNOWN_KEY = "unknown key"


def nearest(name: str, known: Collection[str]) -> str:
    """The end of a complaint about an unknown name: a guess, or all names there are."""
    names = sorted(map(str, known))
    near = get_close_matches(name, names, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(names)}"


def unknown_key(key: str, known: Collection[str]) -> str:
    """The complaint about a key that is not known here."""
    near = get_close_matches(key, sorted(known), n=1)
    return f"{UNKNOWN_KEY}; did you mean {near[0]!r}?" if near else UNKNOWN_KEY


def located(
    document: Document, item: ErrorDetails, entry: Loc, model: type[Expectation]
) -> tuple[Loc, str]:
    """Pydantic's complaint about an entry: where it belongs, and in this project's words."""
    where = (*holder(document, entry, item["loc"]), *_steps(document, item, entry))
    if item["type"] == "extra_forbidden":
        return where, _misplaced(str(item["loc"][-1]), _owner(model, item["loc"][:-1]), model)
    return where, WORDS.get(item["type"]) or said(item["msg"])


def _misplaced(key: str, owner: type[Statement], model: type[Expectation]) -> str:
    """The complaint about a key that may not stand there, but perhaps elsewhere in the entry."""
    known = unknown_key(key, _keys(owner))
    if known != UNKNOWN_KEY:
        return known
    homes = places(model.model_json_schema(by_alias=True)).get(key, ())
    if homes and key not in FOREIGN:
        listed = ", ".join("the check itself" if home == TOP else home for home in homes)
        return f"unknown key here; {key!r} belongs in {listed}"
    return known


def said(message: str) -> str:
    """Pydantic's words in the tone of this project's."""
    text = message.removeprefix("Value error, ").replace("Input should", "should")
    return text[:1].lower() + text[1:]


def holder(document: Document, entry: Loc, loc: Loc) -> Loc:
    """The entry, or what it takes the key from: the other end's entry, or the defaults."""
    for place in (entry, entry[:2], ("defaults",)):
        if loc and (*place, loc[0]) in document.lines:
            return place
    return entry


def _steps(document: Document, item: ErrorDetails, entry: Loc) -> Loc:
    """The steps that stand in the file; pydantic also names the forms of a value it tried."""
    if item["type"] in ("missing", "extra_forbidden"):
        return tuple(item["loc"])
    start = holder(document, entry, item["loc"])
    steps: Loc = ()
    for step in item["loc"]:
        if (*start, *steps, step) not in document.lines:
            break
        steps = (*steps, step)
    return steps


def _keys(model: type[Statement]) -> frozenset[str]:
    return frozenset(
        field.alias or name for name, field in model.model_fields.items() if name not in FOREIGN
    )


def _owner(model: type[Statement], loc: Loc) -> type[Statement]:
    """The model that a nested key belongs to: of `active`, `each`, `tables`."""
    for step in loc:
        field = model.model_fields.get(str(step).replace("-", "_"))
        model = (statement_in(field.annotation) if field else None) or model
    return model


def statement_in(annotation: Any) -> type[Statement] | None:  # noqa: ANN401 - any form of type
    """The model of nested keys in the type of a field, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, Statement):
        return annotation
    found = (statement_in(part) for part in getattr(annotation, "__args__", ()))
    return next((each for each in found if each), None)
