"""From intent to configuration: every template of the project, filled with one router's blueprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.errors import InvalidFile, Problem, UsageError
from multihome.intent.build_blueprint import blueprint
from multihome.render.rendered import Rendered
from multihome.render.secrets import MissingSecrets, Secrets
from multihome.render.template import environment, fill, template_names, template_path

if TYPE_CHECKING:
    from jinja2 import Environment

    from multihome.intent.model import Intent
    from multihome.inventory.project import Project

_ORDER = ("interfaces", "protocols", "policy-options", "routing-instances", "routing-options")
"""Of the top of the configuration, as people read it; anything else comes after."""


def render(
    project: Project,
    intent: Intent,
    router: str,
    secrets: Secrets,
    *,
    logical_system: str | None = None,
) -> Rendered:
    """The configuration of one router.

    Equal inputs give equal bytes.

    Raises:
        UnknownName: the intent has no such router.
        UsageError: a logical system would need a key chain.
        InvalidFile: a template is wrong; with file and line.
        MissingSecrets: every secret that has no value.
    """
    folder = environment(project.templates)
    page = _Page(router, secrets)
    drawn = blueprint(intent, router)
    if logical_system and drawn.chains:
        raise UsageError(
            f"{router}: key chain {drawn.chains[0].name!r}: Junos has key chains for a whole device "
            f"([edit security]), not for logical system {logical_system}; use an "
            "`authentication-key` for what it signs"
        )
    values = {
        "router": drawn,
        "logical_system": logical_system,
        "owns": page.owns,
        "shares": page.shares,
        "secret": page.secret,
    }
    for name in template_names(folder):
        page.add(folder, name, fill(folder, name, values))
    if page.missing:
        raise MissingSecrets(page.missing)
    lines = sorted(dict.fromkeys(page.lines), key=_place)
    if logical_system:
        lines = [f"set logical-systems {logical_system} {line[4:]}" for line in lines]
    return Rendered(router, tuple(lines), tuple(page.shared), logical_system, intent.service)


class _Page:
    """One router's configuration in the making: what the templates say and claim."""

    def __init__(self, router: str, secrets: Secrets) -> None:
        self._router = router
        self._secrets = secrets
        self.shared: list[str] = []
        self.lines: list[str] = []
        self.missing: set[str] = set()

    def owns(self, *_: object) -> str:
        """For templates of earlier versions, which claimed whole containers.

        Raises:
            ValueError: always; the template's file and line go with it.
        """
        raise ValueError(
            "owns() is not needed any more: each statement is recorded by itself; delete it"
        )

    def shares(self, *path: object) -> str:
        """For templates: this path is set, never deleted: others may rely on it too."""
        text = " ".join(str(step) for step in path)
        if text not in self.shared:
            self.shared.append(text)
        return ""

    def secret(self, name: str) -> str:
        """For templates: the secret in `$9$` form and in quotes."""
        try:
            return f'"{self._secrets.obfuscated(name, self._router)}"'
        except MissingSecrets as error:
            self.missing.update(error.names)
            return '""'

    def add(self, folder: Environment, name: str, lines: list[str]) -> None:
        """Take the lines of a template, if each is a statement that a service may set."""
        for line in lines:
            verb, *words = line.split()
            if verb != "set" or not words:
                reason = f"renders {line!r}, which is no `set` statement"
            elif words[0] == "apply-macro" and words[1:2] and words[1].startswith("multihome"):
                reason = f"renders {line!r}: the record on the router is not a template's to write"
            else:
                continue
            raise InvalidFile([Problem(template_path(folder, name), None, "", reason)])
        self.lines.extend(lines)


def _place(line: str) -> int:
    top = line.split()[1]
    return _ORDER.index(top) if top in _ORDER else len(_ORDER)
