"""What a lab is asked to be: which routers, with what configuration, how fast time passes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from multihome.errors import InvalidFile, Problem, UsageError
from multihome.syntax.recognize import Form, Unrecognized, recognize
from multihome.values.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SUFFIXES = (".set", ".conf", ".xml", ".json")
"""Files that are taken for configurations; which form one has, its content says."""


@dataclass(frozen=True, slots=True)
class RouterOrder:
    """One router: its configuration, or none to have it factory-fresh."""

    name: str
    configuration: str | None = None
    form: Form = "set"
    file: str = ""
    """Where the configuration came from, for messages."""


@dataclass(frozen=True, slots=True)
class Cable:
    """A given link, or a LAN if it has more than two ends: routers and their interfaces."""

    ends: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A whole lab; `speed` is simulated seconds per real second, None to advance by hand."""

    routers: tuple[RouterOrder, ...]
    cables: tuple[Cable, ...] = ()
    """None given: links follow from shared subnet and VLAN."""
    speed: float | None = 1.0
    settle: bool = True
    """Let the network converge before anybody may look."""
    always_chunked: bool = True
    """Offer NETCONF 1.1 although Junos does so only where it is configured."""
    host: str = "127.0.0.1"
    username: str = "lab"
    owner: int | None = None
    """The process that this lab serves: the lab ends when that process has ended."""

    def to_data(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Back from plain JSON values."""
        routers = tuple(RouterOrder(**router) for router in data.pop("routers"))
        cables = tuple(
            Cable(tuple((router, interface) for router, interface in cable["ends"]))
            for cable in data.pop("cables")
        )
        return cls(routers=routers, cables=cables, **data)


def fresh(names: Iterable[str]) -> tuple[RouterOrder, ...]:
    """Factory-fresh routers of these names."""
    return tuple(RouterOrder(name) for name in names)


def from_folder(folder: Path) -> tuple[RouterOrder, ...]:
    """One router per configuration file of the folder.

    Raises:
        UsageError: the folder cannot be read, holds none, or two files name one router.
        InvalidFile: files that are no configuration, each with its first bad line.
    """
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES)
        texts = {file: file.read_text(encoding="utf-8") for file in files}
    except OSError as error:
        where = error.filename or folder
        raise UsageError(f"cannot read {where}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{folder}: cannot read configurations: {error}") from error
    if not texts:
        raise UsageError(f"{folder}: no configuration here; expected NAME{', '.join(SUFFIXES)}")
    names = [file.stem for file in texts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"{folder}: more than one configuration of {', '.join(twice)}")
    return _recognized(texts)


def _recognized(texts: Mapping[Path, str]) -> tuple[RouterOrder, ...]:
    orders, problems = [], []
    for file, text in texts.items():
        try:
            found = recognize(text)
        except Unrecognized as error:
            problems.append(Problem(file, error.line, "", redact(str(error))))
        else:
            orders.append(RouterOrder(file.stem, found.text, found.form, str(file)))
    if problems:
        raise InvalidFile(problems)
    return tuple(orders)


def read_links(file: Path, routers: Iterable[str]) -> tuple[Cable, ...]:
    """Links from a file: `ROUTER:INTERFACE ROUTER:INTERFACE ...` a line, `#` begins a comment.

    A logical system is a router of its own: `CHASSIS:SYSTEM:INTERFACE`.

    Raises:
        UsageError: the file cannot be read.
        InvalidFile: lines that say something else, all of them.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot read links: {error}") from error
    known = set(routers)
    cables: list[Cable] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].replace("--", " ").replace(",", " ").split()
        if not words:
            continue
        ends = tuple(_end(word) for word in words)
        wrong = _wrong(ends, known)
        if wrong:
            problems.append(Problem(file, number, "", wrong))
        else:
            cables.append(Cable(ends))
    if problems:
        raise InvalidFile(problems)
    return tuple(cables)


def _end(word: str) -> tuple[str, str]:
    router, _, interface = word.rpartition(":")
    return router, interface


def _wrong(ends: tuple[tuple[str, str], ...], known: set[str]) -> str:
    if len(ends) < 2 or not all(router and interface for router, interface in ends):
        return "expected ROUTER:INTERFACE ROUTER:INTERFACE"
    # `mx1:blue` is a logical system of a chassis, which its configuration knows.
    unknown = [router for router, _ in ends if router.partition(":")[0] not in known]
    return f"no router is called {unknown[0]}" if unknown else ""
