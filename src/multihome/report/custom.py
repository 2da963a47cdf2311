"""A report by a template of the operator's own.

The variables of a template are the keys of the JSON report (`multihome schema result`), as plain
values: `verb`, `verdict`, `routers`, `phases`, ... A variable that does not exist is an error.
Templates run in a sandbox, may include others of their folder, and reach no other file.
"""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from multihome.errors import InvalidFile, Problem
from multihome.report.store import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Template

    from multihome.report.model import Run


def custom_form(path: Path) -> Callable[[Run], str]:
    """How a run looks by the template in a file.

    Raises:
        InvalidFile: it cannot be read or is no template; when filled, also what it does wrong;
            file and line are named.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(path.parent),
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        text = path.read_text(encoding="utf-8")
        template = environment.from_string(text)
        template.filename = str(path)
    except TemplateSyntaxError as error:
        raise InvalidFile([Problem(path, error.lineno, "", error.message or "")]) from None
    except OSError as error:
        text = f"cannot be read: {error.strerror}"
        raise InvalidFile([Problem(path, None, "", text)]) from None
    except UnicodeDecodeError:
        raise InvalidFile([Problem(path, None, "", "cannot be read: not UTF-8")]) from None
    return lambda run: _filled(path, template, run)


def _filled(path: Path, template: Template, run: Run) -> str:
    try:
        return template.render(json.loads(to_json(run)))
    except TemplateSyntaxError as error:  # in what it includes
        where = Path(error.filename) if error.filename else path
        raise InvalidFile([Problem(where, error.lineno, "", error.message or "")]) from None
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise InvalidFile([_problem(path, error)]) from None


def _problem(path: Path, error: Exception) -> Problem:
    """Where in the template it happened: Jinja2 writes its lines into the traceback."""
    message = str(error) or type(error).__name__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename in ("<template>", str(path)):
            return Problem(path, frame.lineno, "", message)
        if Path(frame.filename).parent == path.parent:
            return Problem(Path(frame.filename), frame.lineno, "", message)
    return Problem(path, None, "", message)
