"""A draft, written as a project: inventory and intent in it, secrets outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from multihome.adopt.source import below
from multihome.errors import UsageError
from multihome.inventory.document import read_document
from multihome.inventory.project import init_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from multihome.adopt.draft import Draft
    from multihome.adopt.source import Source
    from multihome.inventory.project import Project
    from multihome.inventory.role import Role

_MANAGEMENT = ("fxp0", "em0", "me0", "vme", "re0:mgmt-0")


def write_project(
    folder: Path, found: Draft, sources: Mapping[str, Source], secrets: Path
) -> Project:
    """Make the project; templates and checks are those that come with the program.

    Raises:
        UsageError: a project or a file of secrets is there already, or the latter is inside.
    """
    if secrets.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{secrets} is inside {folder}: keep secrets outside the project")
    if secrets.exists():
        raise UsageError(f"{secrets} is there already: nothing written, nothing overwritten")
    made = init_project(folder)
    copied = read_document(made.intent).data
    named = {"service": copied["service"]} if isinstance(copied, dict) else {}
    _write(made.intent, {**found.intent, **named})
    _write(made.hosts, {name: _host(sources[name], role) for name, role in found.roles.items()})
    found.secrets.save(secrets)
    return made


def _host(source: Source, role: Role) -> dict[str, Any]:
    """Where it is reached: at its management address, else by its name."""
    called = source.value("system", "host-name")
    host: dict[str, Any] = {
        "hostname": _address(source) or called or source.router,
        "groups": [role.value],
    }
    if called and called.lower() != source.router.lower():
        host["data"] = {"host_name": called}
    return host


def _address(source: Source) -> str | None:
    for name in _MANAGEMENT:
        for unit in source.at("interfaces", name, "unit").values():
            for address in below(unit, "family", "inet", "address"):
                return address.partition("/")[0]
    return None


def _write(file: Path, data: object) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 100
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        yaml.dump(data, stream)
