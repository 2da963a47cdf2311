"""The catalogue: what operators add to the checks by hand, in YAML under `checks/`.

    defaults: {tags: [edge], when: [steady]}
    checks:
      - check: vrrp
        name: luna-is-the-gateway
        router: luna                    # or a list: the same of each
        interface: xe-2/0/1.150
        group: 1
        state: master
        other-end: {router: orcus, interface: xe-2/0/0.150, state: backup}

`other-end` is a second expectation of the same kind that differs in the keys given, so that
both ends of a session or a LAN stand in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from multihome.check.catalogue_errors import FOREIGN, holder, located, nearest, unknown_key
from multihome.check.kinds.known import REGISTRY
from multihome.errors import InvalidFile, Problem
from multihome.inventory.document import Document, read_document
from multihome.inventory.validation import in_file_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from multihome.intent.statement import Expectation
    from multihome.inventory.document import Loc

_SUFFIXES = (".yaml", ".yml")
_TOP = frozenset({"defaults", "checks"})
_SHARED = frozenset({"tags", "when", "level", "wait", "hold"})


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a catalogue may use."""

    routers: Collection[str]
    states: Collection[str]


def load_catalogue(folder: Path, names: Names) -> tuple[Expectation, ...]:
    """Every check of every `.yaml` or `.yml` file in a folder, in the order of their names.

    Raises:
        InvalidFile: with every problem of all files, each with file, line and key.
    """
    if not folder.is_dir():
        raise InvalidFile([Problem(folder, None, "", "is no folder of checks")])
    found: list[Expectation] = []
    problems: list[Problem] = []
    for path in sorted(each for each in folder.iterdir() if each.suffix in _SUFFIXES):
        try:
            found += load_file(path, names)
        except InvalidFile as error:
            problems += error.problems
    if problems:
        raise InvalidFile(problems)
    return tuple(found)


def skipped(folder: Path) -> tuple[Problem, ...]:
    """What is in the folder and is not read, though a person may think that it is: warnings."""
    found: list[Problem] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith((".", "_")):
            continue
        if path.is_dir():
            inside = [each for each in path.rglob("*") if each.suffix.lower() in _SUFFIXES]
            if inside:
                many = f"{len(inside)} file{'s' if len(inside) > 1 else ''}"
                advice = f"{many} in this sub-folder not read; move to {folder.name}/ itself"
                found.append(Problem(path, None, "", advice))
        elif path.suffix not in _SUFFIXES and _looks_like_yaml(path.name):
            advice = "is not read; only names that end in .yaml or .yml are"
            found.append(Problem(path, None, "", advice))
    return tuple(found)


def _looks_like_yaml(name: str) -> bool:
    """`.YAML`, `.yaml.bak`, `.json`, `.yaml~`: anything that held checks, or was meant to."""
    low = name.lower()
    return any(suffix in low for suffix in _SUFFIXES) or low.endswith(".json")


def load_file(path: Path, names: Names) -> tuple[Expectation, ...]:
    """The checks of one file; raises InvalidFile with every problem in it."""
    reader = _Reader(read_document(path), names)
    found = tuple(reader.expectations())
    if reader.problems:
        raise InvalidFile(in_file_order(reader.problems))
    return found


class _Reader:
    """Reads one document, collecting problems as it goes."""

    def __init__(self, document: Document, names: Names) -> None:
        self._document, self._names = document, names
        self._defaults: dict[str, object] = {}
        self._seen: dict[str, int] = {}
        self.problems: list[Problem] = []

    def expectations(self) -> Iterator[Expectation]:
        data = self._document.data
        if not isinstance(data, Mapping):
            self._complain((), "must be a mapping with the key 'checks'")
            return
        for key in data:
            if key not in _TOP:
                self._complain((key,), unknown_key(key, _TOP))
        self._read_defaults(data.get("defaults", {}))
        checks = data.get("checks", ())
        if not isinstance(checks, tuple):
            self._complain(("checks",), "must be a list")
            return
        for number, entry in enumerate(checks):
            yield from self._entry(entry, ("checks", number))

    def _read_defaults(self, defaults: object) -> None:
        if not isinstance(defaults, Mapping):
            self._complain(("defaults",), "must be a mapping")
            return
        for key in defaults:
            if key not in _SHARED:
                self._complain(("defaults", key), unknown_key(key, _SHARED))
        self._defaults = {key: defaults[key] for key in defaults if key in _SHARED}

    def _entry(self, entry: object, loc: Loc) -> Iterator[Expectation]:
        if not isinstance(entry, Mapping):
            self._complain(loc, "must be a mapping with the key 'check'")
            return
        fields = {**self._defaults, **entry}
        other = fields.pop("other-end", None)
        self._name(fields.get("name"), loc)
        near = self._routers(fields, loc)
        far = other.get("router") if isinstance(other, Mapping) else None
        ends = frozenset(map(str, (*near, far))) if far is not None else frozenset[str]()
        for router in near:
            yield from self._one({**fields, "router": router}, loc, ends)
        if other is None:
            return
        if not isinstance(other, Mapping):
            self._complain((*loc, "other-end"), "must be a mapping")
        elif far is None:
            self._complain((*loc, "other-end", "router"), "is required")
        else:
            yield from self._one({**fields, **other}, (*loc, "other-end"), ends)

    def _routers(self, fields: Mapping[str, object], loc: Loc) -> Sequence[object]:
        router = fields.get("router")
        if isinstance(router, tuple):
            if not router:
                self._complain((*loc, "router"), "names no router")
            return router
        return (router,)

    def _name(self, name: object, loc: Loc) -> None:
        if not isinstance(name, str):
            return
        if name in self._seen:
            self._complain((*loc, "name"), f"used twice; first on line {self._seen[name]}")
        self._seen.setdefault(name, self._document.line((*loc, "name")) or 0)

    def _one(
        self, fields: dict[str, object], loc: Loc, ends: frozenset[str]
    ) -> Iterator[Expectation]:
        model = self._model(fields.get("check"), loc)
        if model is None:
            return
        self._check_names(fields, loc)
        for key in FOREIGN & set(fields):
            self._complain((*loc, key), "unknown key")
        line = self._document.line(loc)
        origin = f"{self._document.path.parent.name}/{self._document.path.name}:{line}"
        derived = {"origin": origin, "ends": ends}
        fields = {key: value for key, value in fields.items() if value is not None}
        try:
            expected = TypeAdapter(model).validate_python({**fields, **derived})
        except ValidationError as error:
            for item in error.errors(include_url=False, include_input=False):
                self._complain(*located(self._document, item, loc, model))
            return
        yield expected

    def _model(self, name: object, loc: Loc) -> type[Expectation] | None:
        kinds = [each.name for each in REGISTRY]
        if name is None:
            self._complain((*loc, "check"), f"is required; one of {', '.join(kinds)}")
            return None
        if name not in kinds:
            hint = nearest(str(name), kinds)
            self._complain((*loc, "check"), f"unknown check {name!r}{hint}")
            return None
        return REGISTRY.get(str(name)).expectation

    def _check_names(self, fields: Mapping[str, object], loc: Loc) -> None:
        """Say every unknown name, also of an entry that is wrong otherwise."""
        router, when = fields.get("router"), fields.get("when", ())
        if isinstance(router, str) and router not in self._names.routers:
            hint = nearest(router, self._names.routers)
            self._complain(self._place(loc, "router"), f"unknown router {router!r}{hint}")
        for state in when if isinstance(when, tuple) else ():
            if state not in self._names.states:
                hint = nearest(str(state), self._names.states)
                self._complain(self._place(loc, "when"), f"unknown state {state!r}{hint}")

    def _place(self, loc: Loc, key: str) -> Loc:
        return (*holder(self._document, loc, (key,)), key)

    def _complain(self, loc: Loc, message: str) -> None:
        problem = self._document.problem(loc, message)
        if problem not in self.problems:
            self.problems.append(problem)
