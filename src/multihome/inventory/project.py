"""The project folder: inventory/, templates/ and checks/ side by side.

The one around the working directory is used; without one, the default that comes with the
package, so that every verb works from any folder.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from multihome.errors import UsageError

PARTS = ("inventory", "templates", "checks")
"""A folder that has all of them is a project."""


@dataclass(frozen=True, slots=True)
class Project:
    """Where the files of one project are."""

    root: Path

    @property
    def hosts(self) -> Path:
        """Nornir's hosts.yaml."""
        return self.root / "inventory" / "hosts.yaml"

    @property
    def groups(self) -> Path:
        """Nornir's groups.yaml."""
        return self.root / "inventory" / "groups.yaml"

    @property
    def defaults(self) -> Path:
        """Nornir's defaults.yaml."""
        return self.root / "inventory" / "defaults.yaml"

    @property
    def intent(self) -> Path:
        """What the operator wants of the network."""
        return self.root / "inventory" / "ipvpn.yaml"

    @property
    def templates(self) -> Path:
        """The Jinja2 templates, one per stanza."""
        return self.root / "templates"

    @property
    def checks(self) -> Path:
        """The catalogue of checks."""
        return self.root / "checks"


def find_project(folder: Path | None = None, *, start: Path | None = None) -> Project:
    """The project named, or around `start` (the working directory), or the packaged one.

    Raises:
        UsageError: `folder` is named and is no project, or the working directory is gone.
    """
    if folder is not None:
        if missing := [part for part in PARTS if not (folder / part).is_dir()]:
            raise UsageError(
                f"{folder} is no project: it has no {'/, no '.join(missing)}/; "
                f"`multihome init {folder}` makes one"
            )
        return Project(folder.resolve())
    try:
        here = (start or Path.cwd()).resolve()
    except FileNotFoundError as error:
        raise UsageError("the working directory is gone; change into one that exists") from error
    for candidate in (here, *here.parents):
        if _is_project(candidate):
            return Project(candidate)
    return default_project()


def default_project() -> Project:
    """The project that comes with the package: in the wheel, or around an editable install."""
    package = Path(str(files("multihome")))
    for candidate in (package / "project", package.parents[1]):
        if _is_project(candidate):
            return Project(candidate)
    raise UsageError("this installation carries no default project; name one with --project")


def init_project(folder: Path) -> Project:
    """Copy the default project into `folder`, for operators to make it their own.

    Raises:
        UsageError: something of that name is there already; nothing is overwritten.
    """
    if present := [part for part in PARTS if (folder / part).exists()]:
        raise UsageError(
            f"{folder} already holds {', '.join(present)}: nothing copied, nothing overwritten"
        )
    source = default_project()
    skip = shutil.ignore_patterns("__pycache__", ".*")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            shutil.copytree(source.root / part, folder / part, ignore=skip)
        made = Project(folder.resolve())
        _name_service(made)
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from error
    return made


def _name_service(project: Project) -> None:
    """The project's own name for its record on the routers: two projects must not share one."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", project.root.name).strip("-._")[:63]
    if not name:
        return
    text = project.intent.read_text(encoding="utf-8")
    named = re.sub(r"^service: .*$", f"service: {name}", text, count=1, flags=re.MULTILINE)
    project.intent.write_text(named, encoding="utf-8", newline="\n")


def _is_project(folder: Path) -> bool:
    return (
        all((folder / part).is_dir() for part in PARTS)
        and (folder / "inventory" / "hosts.yaml").is_file()
    )
