"""What had to be decided on the way: questions with more than one reading, secrets, remarks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import SecretStr

from multihome.errors import UsageError
from multihome.render.ownership.statement import meaning
from multihome.render.secrets import Secrets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Undecided(UsageError):
    """The configurations allow more than one reading, and no answer chooses one."""

    def __init__(self, questions: Mapping[str, Sequence[str]]) -> None:
        self.questions = questions
        lines = [f"{key}: {' or '.join(readings)}?" for key, readings in questions.items()]
        super().__init__("\n".join([*lines, "answer each with a `QUESTION: READING` line"]))


@dataclass
class Judgement:
    """Collects questions, secrets and remarks while a network is read."""

    answers: Mapping[str, str] = field(default_factory=dict)
    """Question -> the reading that holds."""
    questions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Those without an answer."""
    remarks: list[str] = field(default_factory=list)
    """What was seen and cannot be expressed."""
    _secrets: dict[str, str] = field(default_factory=dict, repr=False)

    def choose(self, key: str, readings: Sequence[str]) -> str | None:
        """The only reading, or the one that the answer names; None if there is none."""
        found = tuple(dict.fromkeys(readings))
        if len(found) < 2:
            return found[0] if found else None
        if (answer := self.answers.get(key)) in found:
            return answer
        self.questions[key] = found
        return found[0]

    def agreed(self, key: str, values: Mapping[str, str | None]) -> str | None:
        """The value that all routers share; a question if they differ."""
        said = self.choose(key, ["none" if v is None else v for v in values.values()])
        return None if said == "none" else said

    def number(self, key: str, values: Mapping[str, str | None]) -> int | None:
        """The number that all routers share."""
        said = self.agreed(key, values)
        if said is None or said.isdecimal():
            return None if said is None else int(said)
        self.remarks.append(f"{key}: {said!r} is no number: left alone")
        return None

    def secret(self, wish: str, values: Mapping[str, str | None]) -> str | None:
        """A name for what the routers hold there; each keeps its own value if they differ."""
        held = {router: value for router, value in values.items() if value is not None}
        if not held:
            return None
        name = re.sub(r"[^A-Za-z0-9]+", "-", wish).strip("-")
        first = next(iter(held.values()))
        self._secrets[name] = first
        for router, value in held.items():
            if meaning((value,)) != meaning((first,)):
                self._secrets[f"{name}@{router}"] = value
        return name

    @property
    def secrets(self) -> Secrets:
        """Every secret, as the routers hold it."""
        return Secrets({name: SecretStr(value) for name, value in self._secrets.items()})
