"""Jinja2 with no mercy: an undefined name, or a line that is no statement, names its template."""

from __future__ import annotations

import traceback
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateSyntaxError

from multihome.errors import InvalidFile, MultihomeError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIX = ".j2"


@lru_cache(maxsize=8)
def environment(folder: Path) -> Environment:
    """The templates of one folder.

    Raises:
        InvalidFile: there are none.
    """
    loader = FileSystemLoader(folder)
    made = Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - router configuration, not HTML
    )
    made.filters["quoted"] = quoted
    if not template_names(made):
        raise InvalidFile([Problem(folder, None, "", f"holds no *{SUFFIX} template")])
    return made


def template_names(templates: Environment) -> list[str]:
    """Every template of the folder, by name."""
    return [name for name in templates.list_templates() if name.endswith(SUFFIX)]


def fill(templates: Environment, name: str, values: Mapping[str, object]) -> list[str]:
    """The lines of one template, without the empty ones.

    Raises:
        InvalidFile: it is not valid, uses an undefined name or fails; with file and line.
    """
    try:
        text = templates.get_template(name).render(values)
    except MultihomeError:
        raise
    except TemplateSyntaxError as error:
        path = Path(error.filename or name)
        raise InvalidFile([Problem(path, error.lineno, "", error.message or "")]) from None
    except Exception as error:  # noqa: BLE001 - whatever a person's template does wrong
        raise InvalidFile([_failure(templates, name, error)]) from None
    return [stripped for line in text.splitlines() if (stripped := line.strip())]


def template_problems(folder: Path) -> tuple[Problem, ...]:
    """What is wrong in the form of templates, of all of them at once.

    Errors that show only when a template is filled for a router are not among them.
    """
    try:
        templates = environment(folder)
    except InvalidFile as error:
        return error.problems
    found = []
    for name in template_names(templates):
        path = folder / name
        try:
            templates.parse(path.read_text(encoding="utf-8"), name, str(path))
        except TemplateSyntaxError as error:
            found.append(Problem(path, error.lineno, "", error.message or "is no template"))
        except (OSError, UnicodeDecodeError) as error:
            found.append(Problem(path, None, "", f"cannot be read: {error}"))
    return tuple(found)


def template_path(templates: Environment, name: str) -> Path:
    """The file of a template."""
    filename = templates.get_template(name).filename
    return Path(filename or name)


def quoted(value: object) -> str:
    """The value as one Junos word: in quotes if it has to be."""
    text = str(value)
    plain = text and all(char.isalnum() or char in "_-./:,@+*" for char in text)
    if plain:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _failure(templates: Environment, name: str, error: Exception) -> Problem:
    """Where in the template it happened: Jinja2 writes its lines into the traceback."""
    path = template_path(templates, name)
    folder = str(path.parent)
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(folder) and frame.filename.endswith(SUFFIX)
    ]
    if frames:
        return Problem(Path(frames[-1].filename), frames[-1].lineno, "", str(error))
    return Problem(path, None, "", f"{type(error).__name__}: {error}")
