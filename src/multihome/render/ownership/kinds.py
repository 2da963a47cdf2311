"""What kind of statement a Junos keyword is, from Juniper's published YANG."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Letter = Literal["c", "p", "l", "r", "v", "e", "m"]
"""Container, presence container, list, list keyed by the rest of the line, leaf, word, leaf-list."""
ANY = "*"
"""Of a list whose entries have no keyword, such as `interfaces`."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One keyword: its kind, how many keys an entry has, and the keywords below it."""

    letter: Letter
    keys: int
    below: Mapping[str, Kind]


@lru_cache(maxsize=1)
def top() -> Mapping[str, Kind]:
    """The keywords at the top of a configuration."""
    text = files(__package__).joinpath("junos.kinds").read_text(encoding="utf-8")
    rows: list[dict[str, Kind]] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            rows.append(dict(_read(item, rows) for item in line.split()))
    found = rows[-1]
    _repeat(found)
    return found


def _read(item: str, rows: list[dict[str, Kind]]) -> tuple[str, Kind]:
    """`keyword=l2@17`: a list of two keys, with row 17 below it."""
    item, _, row = item.partition("@")
    keyword, _, mark = item.partition("=")
    letter: Letter = mark[:1] or "c"  # type: ignore[assignment]
    keys = int(mark[1:] or 1) if letter == "l" else 0
    return keyword, Kind(letter, keys, rows[int(row)] if row else {})


def _repeat(found: dict[str, Kind]) -> None:
    """What the published list leaves out since it repeats other places."""
    instance = found["routing-instances"].below[ANY].below
    repeated = {name: found[name] for name in ("protocols", "routing-options")}
    instance.update(repeated)  # type: ignore[attr-defined]
    empty: dict[str, Kind] = {}
    found["groups"] = Kind("l", 1, found)
    found["logical-systems"] = Kind("l", 1, found)
    found["apply-macro"] = Kind("l", 2, empty)
