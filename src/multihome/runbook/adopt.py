"""Adopt: a project for a network that exists, from a folder of its configurations."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from multihome.adopt.draft import Draft, draft
from multihome.adopt.proof import Proof, prove
from multihome.adopt.source import read_source
from multihome.adopt.write_project import write_project
from multihome.errors import InvalidFile, UsageError
from multihome.intent.load import load_intent
from multihome.inventory.document import read_document
from multihome.render.render import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from multihome.adopt.source import Source
    from multihome.inventory.project import Project

_SUFFIXES = {".set", ".conf", ".txt", ".xml", ".json"}


@dataclass(frozen=True)
class Adopted:
    """The project that was written, and how its rendering compares with what was read."""

    project: Project
    draft: Draft
    proofs: tuple[Proof, ...]
    """Of every router that has a part."""
    outside: tuple[str, ...]
    """Routers that were read and have no part."""

    @property
    def equal(self) -> bool:
        """Whether all that the intent renders is there already."""
        return all(proof.equal for proof in self.proofs)


def adopt(
    configurations: Path, folder: Path, secrets: Path, answers: Path | None = None
) -> Adopted:
    """Write a project into `folder` from a folder with one configuration per router.

    A file's name without its ending is the router's name.

    Raises:
        UsageError: the folder holds no configuration, or something to write is there already.
        Undecided: something can be read in more than one way.
        InvalidFile: a file is no configuration, or what was read breaks a rule of intents.
    """
    sources = _sources(configurations)
    found = draft(sources.values(), "adopted", _answers(answers))
    if not found.roles:
        raise UsageError(f"{configurations}: no core link and no VRF in any configuration")
    _refuse_inexpressible(found)
    project = write_project(folder, found, sources, secrets)
    intent = load_intent(project.intent, found.roles)
    proofs = (
        prove(sources[name], render(project, intent, name, found.secrets)) for name in found.roles
    )
    outside = tuple(name for name in sources if name not in found.roles)
    return Adopted(project, found, tuple(proofs), outside)


def _refuse_inexpressible(found: Draft) -> None:
    """Rules of intents are judged before anything is written."""
    with TemporaryDirectory() as place:
        file = Path(place) / "intent.yaml"
        file.write_text(json.dumps(found.intent), encoding="utf-8")
        try:
            load_intent(file, found.roles)
        except InvalidFile as error:
            broken = [f"{p.key}: {p.message}" if p.key else p.message for p in error.problems]
            lines = [*dict.fromkeys(broken), *found.remarks]
            raise UsageError(
                "\n".join(["no intent can express this network; nothing was written", *lines])
            ) from None


def _sources(folder: Path) -> dict[str, Source]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is no folder")
    found: dict[str, Source] = {}
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in _SUFFIXES or not file.is_file():
            continue
        if file.stem in found:
            raise UsageError(f"{file}: {found[file.stem].file.name} is of the same router")
        found[file.stem] = read_source(file.stem, file)
    if not found:
        raise UsageError(f"{folder} holds no file that ends in {', '.join(sorted(_SUFFIXES))}")
    return found


def _answers(file: Path | None) -> Mapping[str, str]:
    data = read_document(file).data if file is not None else {}
    if not isinstance(data, dict):
        raise UsageError(f"{file} must hold `QUESTION: READING` lines")
    return {str(key): str(value) for key, value in data.items()}
