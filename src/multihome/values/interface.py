"""Names of Junos interfaces, physical and logical."""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = re.compile(r"(?P<media>[a-z]+)-?(?P<place>[\d/:]*)(?:\.(?P<unit>\d+))?\Z")


class InterfaceName(NamedTuple):
    """`xe-2/0/1.150` taken apart; `unit` is None for a physical interface."""

    physical: str
    unit: int | None = None

    @classmethod
    def parse(cls, text: str) -> InterfaceName:
        """Read a name; raises ValueError if it is no Junos interface name."""
        if not _NAME.match(text):
            raise ValueError(f"{text!r} is not an interface name such as xe-2/0/1.150")
        physical, _, unit = text.partition(".")
        return cls(physical, int(unit) if unit else None)

    @property
    def sort_key(self) -> tuple[str, tuple[int, ...], int]:
        """Junos's order: by media, then by slot, port and unit as numbers."""
        media = self.physical.rstrip("0123456789/:")
        numbers = tuple(int(n) for n in re.findall(r"\d+", self.physical))
        return media, numbers, -1 if self.unit is None else self.unit

    def __str__(self) -> str:
        return self.physical if self.unit is None else f"{self.physical}.{self.unit}"
