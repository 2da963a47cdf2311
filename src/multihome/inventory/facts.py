"""hosts.yaml, groups.yaml and defaults.yaml: what each may say, and that it agrees.

The files are Nornir's SimpleInventory.  Nornir ignores what it does not know, so they are
checked here first, strictly, and then read by SimpleInventory itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    RootModel,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from multihome.errors import InvalidFile, Problem
from multihome.inventory.document import Document, read_document
from multihome.inventory.role import Role
from multihome.inventory.size import size
from multihome.inventory.validation import FileModel, in_file_order, named, problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from multihome.inventory.document import Loc
    from multihome.inventory.project import Project

_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
_SECRETS = ("password", "passwd", "secret")


def _role(text: str) -> str:
    known = [role.value for role in Role]
    if text not in known:
        raise ValueError(f"unknown role {text!r}; known: {', '.join(known)}")
    return text


def _hostname(text: str) -> str:
    """What cannot be a name, being digits and dots, must be an address."""
    if re.fullmatch(r"[\d.]+|.*:.*", text):
        try:
            ip_address(text)
        except ValueError:
            raise ValueError(f"{text!r} is no address; a port has a key of its own") from None
    return text


Name = Annotated[str, BeforeValidator(named), Field(pattern=_NAME)]
RoleName = Annotated[str, AfterValidator(_role)]
Port = Annotated[int, Field(ge=1, le=65535)]

Size = Annotated[
    int,
    BeforeValidator(size),
    WithJsonSchema(
        {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\d+ ?[KMG]?"}]}
    ),
]


class Data(FileModel):
    """`data:` of a host, a group or the defaults; `vars` is the operator's own."""

    role: RoleName | None = None
    logical_system: Name | None = None
    host_name: Name | None = None
    max_reply: Size | None = None
    vars: Mapping[str, object] = {}


class Shared(FileModel):
    """What hosts, groups and defaults can all say."""

    port: Port | None = None
    username: Annotated[str, Field(min_length=1)] | None = None
    platform: str | None = None
    data: Data = Data()


class Element(Shared):
    """A host or a group."""

    hostname: Annotated[str, Field(pattern=r"^\S+$"), AfterValidator(_hostname)] | None = None
    groups: tuple[Name, ...] = ()


_HOSTS = TypeAdapter(Mapping[Name, Element])


class _Whole(RootModel[Mapping[str, Element]]):
    """Only for the words of its schema: what keys there are, and where."""


def validated(project: Project) -> tuple[Mapping[str, Element], Mapping[str, Element], Shared]:
    """Hosts, groups and defaults, checked each and against each other.

    Raises:
        InvalidFile: with every problem of all three files.
    """
    found: list[Problem] = []
    hosts_file, groups_file = (_document(path, found) for path in (project.hosts, project.groups))
    hosts = _elements(hosts_file, found)
    groups = _elements(groups_file, found)
    defaults = Shared()
    if project.defaults.exists():  # the one file that Nornir, too, can do without
        defaults = _defaults(_document(project.defaults, found), found)
    if not found:
        found.extend(_disagreements(hosts_file, hosts, groups_file, groups))
    if found:
        raise InvalidFile(found)
    return hosts, groups, defaults


def _document(path: Path, found: list[Problem]) -> Document:
    try:
        return read_document(path)
    except InvalidFile as error:
        found.extend(error.problems)
        return Document(path, {}, {})


def _elements(document: Document, found: list[Problem]) -> Mapping[str, Element]:
    try:
        return _HOSTS.validate_python(document.data, strict=True)
    except ValidationError as error:
        found.extend(_complaints(document, error))
        return {}


def _defaults(document: Document, found: list[Problem]) -> Shared:
    try:
        return Shared.model_validate(document.data)
    except ValidationError as error:
        found.extend(_complaints(document, error, Shared))
        return Shared()


def _complaints(
    document: Document, error: ValidationError, model: type[BaseModel] = _Whole
) -> list[Problem]:
    return in_file_order([_safer(problem) for problem in problems(model, document, error)])


def _safer(problem: Problem) -> Problem:
    """A secret in a file deserves better advice than `unknown key`."""
    if problem.key.rpartition(".")[2] not in _SECRETS:
        return problem
    advice = "secrets are never kept in the inventory: set MULTIHOME_PASSWORD or use an ssh key"
    return Problem(problem.file, problem.line, problem.key, advice)


def _disagreements(
    hosts_file: Document,
    hosts: Mapping[str, Element],
    groups_file: Document,
    groups: Mapping[str, Element],
) -> Iterator[Problem]:
    for document, elements in ((hosts_file, hosts), (groups_file, groups)):
        for name, element in elements.items():
            for position, group in enumerate(element.groups):
                if group not in groups:
                    known = ", ".join(groups) or "none"
                    loc: Loc = (name, "groups", position)
                    yield document.problem(loc, f"unknown group {group!r}; known: {known}")
    for name in groups:
        if name in _ancestors(name, groups):
            yield groups_file.problem((name, "groups"), "is a group of itself")
    yield from _host_rules(hosts_file, hosts, groups)


def _host_rules(
    document: Document, hosts: Mapping[str, Element], groups: Mapping[str, Element]
) -> Iterator[Problem]:
    places: dict[tuple[object, ...], str] = {}
    for name, host in hosts.items():
        if host.hostname is None:
            yield document.problem((name, "hostname"), "is required")
        place = (host.hostname, host.port, host.data.logical_system)
        if (twin := places.setdefault(place, name)) != name:
            yield document.problem((name, "hostname"), f"is the same router as {twin}")
        roles = {host.data.role} if host.data.role else _roles(host.groups, groups)
        if not roles and all(group in groups for group in host.groups):
            yield document.problem((name, "groups"), "no group gives this router a role")
        if len(roles) > 1:
            listed = " and ".join(sorted(roles))
            yield document.problem((name, "groups"), f"groups give it more than one role: {listed}")


def _roles(names: tuple[str, ...], groups: Mapping[str, Element]) -> set[str]:
    everyone = set(names).union(*(_ancestors(name, groups) for name in names))
    return {role for name in everyone if name in groups and (role := groups[name].data.role)}


def _ancestors(name: str, groups: Mapping[str, Element]) -> set[str]:
    """Every group that `name` is in, through its parents; holds `name` only if there is a cycle."""
    seen: set[str] = set()
    waiting = list(groups[name].groups) if name in groups else []
    while waiting:
        parent = waiting.pop()
        if parent not in seen:
            seen.add(parent)
            waiting.extend(groups[parent].groups if parent in groups else ())
    return seen
