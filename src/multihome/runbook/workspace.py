"""One project, read and validated as a whole before any router is touched."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from multihome.errors import UnknownName
from multihome.intent.wiring_plan import chart
from multihome.inventory.credentials import credentials
from multihome.inventory.network import NetworkKind
from multihome.inventory.project import find_project
from multihome.inventory.size import max_reply
from multihome.inventory.targets import load_targets, select
from multihome.render.render import render
from multihome.render.rendered import withdrawn
from multihome.render.secrets import MissingSecrets, Secrets
from multihome.runbook.validation import validate
from multihome.values.redaction import guard
from multihome.values.secret import is_obfuscated, reveal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from multihome.errors import Problem
    from multihome.intent.model import Intent
    from multihome.inventory.credentials import Credentials
    from multihome.inventory.project import Project
    from multihome.inventory.target import Target
    from multihome.inventory.targets import Inventory
    from multihome.render.rendered import Rendered


@dataclass(frozen=True)
class Workspace:
    """Inventory, intent, secrets and the way to each router."""

    project: Project
    inventory: Inventory
    intent: Intent
    targets: Mapping[str, Target]
    secrets: Secrets
    network_kind: NetworkKind = NetworkKind.LIVE
    """What answers at the targets' addresses."""
    warnings: tuple[Problem, ...] = ()
    """What the project's files say that more often is a slip than meant."""
    everyone: Mapping[str, Target] = field(default_factory=dict)
    """All routers, where `targets` are only some of them; empty where they are all."""

    @classmethod
    def open(
        cls,
        project: Project,
        credentials: Credentials,
        secrets: Secrets,
        *,
        overlay: Mapping[str, Mapping[str, object]] | None = None,
        whole: bool = True,
    ) -> Workspace:
        """Read everything; `overlay` says where the routers are instead of the inventory.

        Without `whole`, templates and checks are left unread.

        Raises:
            InvalidFile: every problem of inventory, intent, templates and checks at once.
            UsageError: nothing says who logs in.
        """
        found = validate(project, deep=False, whole=whole)
        inventory, intent = found.sound()
        targets = load_targets(project, credentials, overlay=overlay)
        return cls(project, inventory, intent, targets, secrets, warnings=found.warnings)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], folder: Path | None = None) -> Workspace:
        """The project in `folder`, or as the command finds it; the rest from `MULTIHOME_*`.

        Raises:
            InvalidFile, UsageError: as `open` does; no project, or no such file of secrets.
        """
        file = environ.get("MULTIHOME_SECRETS")
        brought = Secrets.from_file(Path(file).expanduser()) if file else Secrets({})
        secrets = brought | Secrets.from_environment(environ)
        workspace = cls.open(find_project(folder), credentials(environ), secrets)
        workspace.guard()
        return workspace.reading(max_reply(environ))

    def reading(self, longest: int | None) -> Workspace:
        """The same with replies of at most so many bytes; None: as the inventory says."""
        if longest is None:
            return self
        targets = {name: replace(each, max_reply=longest) for name, each in self.targets.items()}
        return replace(self, targets=targets)

    def limited(self, limit: Iterable[str]) -> Workspace:
        """The same with only the routers, groups or roles named; none named: all of them.

        Raises:
            UnknownName: nothing in the inventory is called that.
        """
        chosen = select(self.targets, limit)
        return replace(self, targets=chosen, everyone=self.everyone or self.targets)

    @property
    def with_neighbors(self) -> Workspace:
        """The same with the neighbours of a limited choice: they say what a change does to them.

        Neighbours are the routers at the other end of a link or of a BGP session.
        """
        if len(self.everyone) <= len(self.targets):
            return self
        near = set(self.targets)
        for (router, _), across in chart(self.intent).opposite.items():
            near |= {other for other, _ in across} if router in self.targets else set()
        for router in self.intent.bgp_speakers:
            near |= set(self.intent.bgp_neighbors(router)) if router in self.targets else set()
        chosen = {name: target for name, target in self.everyone.items() if name in near}
        return replace(self, targets=chosen)

    @cached_property
    def configured(self) -> tuple[str, ...]:
        """The routers that a change may touch: those in reach and in the inventory."""
        return tuple(name for name in self.inventory.names if name in self.targets)

    def rendered(self, router: str) -> Rendered:
        """The configuration of one router; of one that left the intent, what removes it.

        Raises:
            UnknownName: no such router.
            InvalidFile: a template is wrong.
            MissingSecrets: a secret has no value.
        """
        if router not in self.inventory.names:
            raise UnknownName("router", router, self.inventory.names)
        target = self.targets.get(router)
        logical_system = target.logical_system if target is not None else None
        if router not in self.intent.routers:
            return withdrawn(router, self.intent.service, logical_system)
        return render(
            self.project, self.intent, router, self.secrets, logical_system=logical_system
        )

    def all_rendered(self) -> dict[str, Rendered]:
        """The configuration of every router that a change may touch.

        Raises:
            InvalidFile: a template is wrong.
            MissingSecrets: with every secret of every router that has no value.
        """
        found: dict[str, Rendered] = {}
        missing: set[str] = set()
        for router in self.configured:
            try:
                found[router] = self.rendered(router)
            except MissingSecrets as error:
                missing.update(error.names)
        if missing:
            raise MissingSecrets(missing)
        return found

    def missing_secrets(self) -> tuple[str, ...]:
        """The names of every secret that the configuration needs and that was not given."""
        try:
            self.all_rendered()
        except MissingSecrets as error:
            return error.names
        return ()

    def secret_values(self) -> tuple[str, ...]:
        """Every secret in clear and in `$9$` form, to be masked in whatever is written."""
        known = self.secrets.values()
        revealed = (_revealed(value) for value in known if is_obfuscated(value))
        return (*known, *(value for value in revealed if value))

    def guard(self) -> None:
        """Mask what must not be seen in whatever this process writes from now on."""
        passwords = (target.password for target in self.targets.values())
        guard({each.get_secret_value() for each in passwords if each is not None})
        guard(self.secret_values())

    def order(self, routers: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """Batches in the order of change: no two legs of a site in one, backup legs first.

        The core and the single-homed sites go with the first batch; each primary leg
        waits until the rest has been proven.
        """
        rank = {name: self._rank(name) for name in routers}
        return tuple(
            tuple(name for name in rank if rank[name] == wanted)
            for wanted in sorted(set(rank.values()))
        )

    def units(self) -> tuple[tuple[str, ...], ...]:
        """Routers that are changed together when a change is cut into parts: those of one site."""
        found: list[tuple[str, ...]] = []
        for vpn in self.intent.vpns.values():
            for site in vpn.multihomed.values():
                ends = [end.router for leg in site.legs for end in (leg.pe, leg.cpe)]
                inside = [site.customer.router] if site.customer.router else []
                found.append((*ends, *inside))
            found += [(site.pe.router, site.cpe.router) for site in vpn.single_homed.values()]
        return tuple(found)

    def core(self) -> tuple[str, ...]:
        """Routers of the intent that no site owns: the sites stand on them."""
        owned = {router for unit in self.units() for router in unit}
        return tuple(name for name in self.intent.routers if name not in owned)

    def _rank(self, router: str) -> int:
        ranks = [0]
        for _, _, site in self.intent.multihomed_sites():
            backup_first = sorted(site.legs, key=lambda leg: leg.role == "primary")
            ranks += [
                number
                for number, leg in enumerate(backup_first)
                if router in (leg.pe.router, leg.cpe.router)
            ]
        return max(ranks)


def _revealed(value: str) -> str:
    """What a `$9$` text hides; empty if it is not valid, which rendering reports."""
    with suppress(ValueError):
        return reveal(value)
    return ""
