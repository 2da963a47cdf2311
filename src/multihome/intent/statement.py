"""What all expectations have in common: the router, the origin, when it holds, how long to wait."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictStr, WithJsonSchema

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def _seconds(value: object) -> float:
    """Read `30`, `2.5`, `500ms`, `30s`, `2m` or `1h` as seconds."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h)", value) if isinstance(value, str) else None
    if not found:
        raise ValueError(f"{value!r} is not a duration such as 30s")
    return float(found[1]) * _UNITS[found[2]]


_SPELLED: dict[str, object] = {
    "anyOf": [
        {"type": "number", "minimum": 0},
        {"type": "string", "pattern": r"^\d+(\.\d+)?\s*(ms|s|m|h)$"},
    ]
}

Duration: TypeAlias = Annotated[float, BeforeValidator(_seconds), WithJsonSchema(_SPELLED)]
"""Seconds; in files also with a unit."""
Names: TypeAlias = frozenset[StrictStr]


class Statement(BaseModel):
    """Names with hyphens in files, underscores in code; nothing unknown, nothing changed later."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        use_attribute_docstrings=True,
        defer_build=True,
        alias_generator=lambda name: name.replace("_", "-"),
    )


class Expectation(Statement):
    """What every expectation says beside its subject."""

    about: ClassVar[tuple[str, ...]] = ()
    """The fields that say which object is meant; the others assert something of it."""

    router: StrictStr
    """The inventory's name of the router that is asked."""
    name: StrictStr = ""
    """How people call it; unique in a run. Empty: made from what it is about."""
    origin: StrictStr = ""
    """`intent: site saturn, primary leg` or `checks/steady.yaml:12`."""
    ends: Names = frozenset()
    """The routers of a check that has two ends; empty if it has one."""
    tags: Names = frozenset()
    """Words to choose checks by: `verify --tags edge`."""
    level: Literal["error", "warning"] = "error"
    """A warning is reported and counted; only an error fails the run."""
    when: Names = frozenset()
    """The network states it holds in; empty: in every state."""
    wait: Duration = 0.0
    """How long it may take to become true, in seconds or as `30s`, `2m`."""
    hold: Duration = 0.0
    """How long it must then stay true, in seconds or as `30s`, `2m`."""

    @property
    def subject(self) -> str:
        """The object it is about: `ipvpn.inet.0 10.0.0.12/32`."""
        parts = (getattr(self, field) for field in self.about)
        return " ".join(str(part) for part in parts if part is not None)

    @property
    def identity(self) -> str:
        """Its name, or one made from check, router and subject."""
        return self.name or f"{self.check_name}: {self.router} {self.subject}"

    @property
    def check_name(self) -> str:
        """The check that judges it."""
        return str(type(self).model_fields["check"].default)

    @property
    def asserted(self) -> dict[str, object]:
        """Every attribute that this expectation asserts, by its name in code."""
        framing = {*Expectation.model_fields, *self.about, "check"}
        values = {field: getattr(self, field) for field in type(self).model_fields}
        return {
            field: value
            for field, value in values.items()
            if field not in framing and value is not None
        }
