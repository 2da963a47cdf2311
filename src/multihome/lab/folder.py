"""A project read as values, and an export written as a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.errors import UsageError
from multihome.intent.load import load_intent
from multihome.inventory.facts import validated
from multihome.inventory.targets import read_inventory
from multihome.lab.export import Source
from multihome.lab.place import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from multihome.inventory.project import Project
    from multihome.lab.export import Export


def read_source(project: Project) -> Source:
    """The project's files.

    Raises:
        InvalidFile: inventory or intent is wrong.
        UsageError: a file cannot be read.
    """
    hosts, groups, _ = validated(project)
    intent = load_intent(project.intent, read_inventory(project).roles)
    return Source(
        hosts,
        groups,
        intent,
        read_text(project.intent),
        _texts(project.checks),
        _texts(project.templates),
    )


def write(export: Export, folder: Path) -> None:
    """Write every file below a folder that must not hold anything yet.

    Raises:
        UsageError: it does, or it cannot be written to.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty: nothing written, nothing overwritten")
        for path, text in export.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if path in export.private:
                write_private(file, text)
            else:
                file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from error


def read_text(file: Path) -> str:
    """The text of a file.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {file}: {error}") from error


def _texts(folder: Path) -> dict[str, str]:
    """Every file below a folder, by its path there."""
    files = {str(file.relative_to(folder)): file for file in folder.rglob("*") if file.is_file()}
    return {name: read_text(files[name]) for name in sorted(files) if _is_ours(name)}


def _is_ours(name: str) -> bool:
    return not any(part.startswith((".", "__pycache__")) for part in name.split("/"))
