"""The seal of a run: digests of its files, chained into its journal.

    seals/001.json    SHA-256 of each file of the evidence, as the run left them
    journal.jsonl     a line with the digest of that list, and of the journal up to there

What was altered, added or taken away afterwards is refused by name, before anything is concluded
from it. That keeps a mistake, a half-restored backup or a hasty hand from passing as evidence; it
is no signature: a person who rewrites the folder as a whole can seal it anew.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from multihome.change.folder import JOURNAL
from multihome.change.journal import Digest
from multihome.errors import MANY, InvalidFile, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from multihome.change.folder import RunFolder
    from multihome.change.journal import Detail, Entry

SEALS = "seals"
EVIDENCE = ("result.json", "network.json", "replies", "configurations", "snapshots")
"""Files and folders of a run that are sealed."""
UNSEALED = (
    "not sealed: the run kept no digests of its files, so whether they are as it left them "
    "is not known"
)


def seal(folder: RunFolder, step: str = "seal", text: str = "the evidence is sealed") -> None:
    """Seal the evidence as it is now; `text` is what the journal's line says besides.

    Raises:
        OSError: the folder cannot be written.
    """
    number = 1 + sum(1 for _ in (folder.path / SEALS).glob("*.json"))
    name = f"{SEALS}/{number:03d}.json"
    files = {str(file.relative_to(folder.path)): _digest(file) for file in _evidence(folder.path)}
    written = folder.write_digests(name, files)
    covered = _whole_lines(folder.path / JOURNAL)
    line: Mapping[str, Detail] = {
        "list": name,
        "sha256": _digest(written),
        "covers": len(covered),
        "journal": Digest(sha256(covered).hexdigest()),
    }
    folder.journal.write(step, "note", text=text, seal=line)


def unaltered(folder: RunFolder) -> bool:
    """Whether the evidence is proven to be as the run left it; False if it was never sealed.

    Raises:
        InvalidFile: names every file that was altered, added or taken away.
    """
    seals = [found for entry in folder.entries() if (found := _seal_of(entry))]
    if not seals and not (folder.path / SEALS).exists():
        return False
    problems = list(_chain(folder.path, seals))
    if not problems:
        problems = list(_differences(folder.path, seals))
    if len(problems) > MANY:
        text = f"{len(problems) - MANY} more files of this run are not as it left them"
        problems = [*problems[:MANY], Problem(folder.path, None, "", text)]
    if problems:
        raise InvalidFile(problems)
    return True


def _chain(path: Path, seals: list[Mapping[str, object]]) -> Iterator[Problem]:
    """The journal up to each seal, and the list that the seal names."""
    journal = (path / JOURNAL).read_bytes() if (path / JOURNAL).is_file() else b""
    if not seals:
        text = "was altered: it holds no seal, and the run was sealed"
        yield Problem(path / JOURNAL, None, "", text)
    for each in seals:
        covers = each.get("covers")
        before = journal[:covers] if isinstance(covers, int) else b""
        if sha256(before).hexdigest() != each.get("journal"):
            yield Problem(path / JOURNAL, None, "", "was altered after it was sealed")
            return
        file = path / str(each.get("list"))
        if not file.is_file():
            yield Problem(file, None, "", "is missing: the list of the sealed files")
        elif _digest(file) != each.get("sha256"):
            yield Problem(file, None, "", "was altered: the list of the sealed files")


def _differences(path: Path, seals: list[Mapping[str, object]]) -> Iterator[Problem]:
    sealed: dict[str, str] = {}
    for each in seals:
        sealed |= json.loads((path / str(each["list"])).read_text(encoding="utf-8"))
    found = {str(file.relative_to(path)): file for file in _evidence(path)}
    for name, digest in sealed.items():
        if name not in found:
            yield Problem(path / name, None, "", "is missing: the run had kept it")
        elif _digest(found[name]) != digest:
            yield Problem(path / name, None, "", "was altered: it is not what the run had kept")
    for name in found.keys() - sealed.keys():
        yield Problem(path / name, None, "", "was added: the run had not kept it")


def _seal_of(entry: Entry) -> Mapping[str, object] | None:
    found = entry.detail.get("seal")
    return found if isinstance(found, dict) else None


def _evidence(path: Path) -> Iterator[Path]:
    for name in EVIDENCE:
        place = path / name
        if place.is_file():
            yield place
        yield from sorted(each for each in place.rglob("*") if each.is_file())


def _whole_lines(path: Path) -> bytes:
    """The journal without a line that a crash has cut short."""
    text = path.read_bytes() if path.is_file() else b""
    return text[: text.rfind(b"\n") + 1]


def _digest(path: Path) -> Digest:
    digest = sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return Digest(digest.hexdigest())
