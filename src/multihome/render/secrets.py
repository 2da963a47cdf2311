"""Where keys come from: names in the intent, values from outside, `$9$` on the router."""

from __future__ import annotations

import json
import os
import re
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Self

from pydantic import SecretStr

from multihome.errors import InvalidFile, Problem, UsageError
from multihome.inventory.document import read_document
from multihome.values.secret import is_obfuscated, obfuscate, reveal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PREFIX = "MULTIHOME_SECRET_"
"""`pe-cpe` is `MULTIHOME_SECRET_PE_CPE`; for the router luna alone, `MULTIHOME_SECRET_PE_CPE__LUNA`."""


class MissingSecrets(UsageError):
    """Names in the intent without a value."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(sorted(names))
        lines = [f"the key {name!r} has no value: set {variable(name)}" for name in self.names]
        advice = "or name a file that holds `NAME: value` lines with --secrets"
        super().__init__("\n".join([*lines, advice]))


class Secrets:
    """Values by name; never shown, compared or printed in clear."""

    def __init__(self, values: Mapping[str, SecretStr]) -> None:
        """Take `name` or `name@router` as keys; case, dots and dashes do not matter."""
        self._values = {_key(name): value for name, value in values.items()}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Every `MULTIHOME_SECRET_*` that is not empty."""
        found = {
            name.removeprefix(PREFIX).replace("__", "@"): SecretStr(value)
            for name, value in environ.items()
            if name.startswith(PREFIX) and value
        }
        return cls(found)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """A YAML file of `name: value` or `name@router: value` that only its owner may read.

        Raises:
            InvalidFile: it is none.
            UsageError: others may read it.
        """
        document = read_document(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise UsageError(f"{path} can be read by others; `chmod 600 {path}` fixes that")
        if not isinstance(document.data, dict):
            raise InvalidFile([Problem(path, 1, "", "must hold `NAME: value` lines")])
        wrong = [
            document.problem((name,), "must be a text; put it in quotes")
            for name, value in document.data.items()
            if not isinstance(value, str) or not value
        ]
        if wrong:
            raise InvalidFile(wrong)
        return cls({name: SecretStr(value) for name, value in document.data.items()})

    @classmethod
    def generated(cls, names: Iterable[str]) -> Self:
        """New random values, for a network that lives no longer than they do."""
        return cls({name: SecretStr(token_urlsafe(16)) for name in names})

    def save(self, path: Path) -> None:
        """Write a file for `from_file`, readable by its owner only."""
        lines = [
            f"{json.dumps(name)}: {json.dumps(value.get_secret_value())}\n"
            for name, value in self._values.items()
        ]
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.writelines(lines)

    def __or__(self, other: Secrets) -> Secrets:
        """Both; where a name is in both, the other's value."""
        return Secrets({**self._values, **other._values})

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._values

    def values(self) -> tuple[str, ...]:
        """Every value in clear: for masking them in what is written, and for nothing else."""
        return tuple(value.get_secret_value() for value in self._values.values())

    def obfuscated(self, name: str, router: str) -> str:
        """The `$9$` form of the secret for this router, always the same for the same value.

        Raises:
            MissingSecrets: there is none of that name.
            UsageError: Junos could not hold it.
        """
        value = self._values.get(_key(f"{name}@{router}")) or self._values.get(_key(name))
        if value is None:
            raise MissingSecrets([name])
        text = value.get_secret_value()
        try:
            if not is_obfuscated(text):
                return obfuscate(text, salt=name)
            if not reveal(text):
                raise ValueError("it is empty")  # noqa: TRY301 - one way out for both
        except ValueError as error:
            raise UsageError(f"secret {name!r} cannot be used: {error}") from None
        return text

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self._values))})"


def variable(name: str) -> str:
    """The environment variable that gives a secret its value."""
    return PREFIX + re.sub(r"[^A-Z0-9]+", "_", name.upper())


def _key(name: str) -> str:
    base, at, router = name.partition("@")
    return at.join(re.sub(r"[^a-z0-9]+", "-", part.lower()) for part in (base, router) if part)
