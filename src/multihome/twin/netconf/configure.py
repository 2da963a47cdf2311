"""The configuration mode of the prompt: `configure`, edit, look, commit, exit.

Source: Junos CLI User Guide, "Understanding the Junos OS CLI Modes", "Entering and Exiting
Configuration Mode", `commit`.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from multihome.twin.config.formats.diff import diff_text
from multihome.twin.config.grammar.junos import grammar
from multihome.twin.config.history import CommitRequest
from multihome.twin.config.load import load
from multihome.twin.config.problem import Problem, syntax_error
from multihome.twin.config.resolve import Resolver
from multihome.twin.netconf.browse import view
from multihome.twin.netconf.command import printed
from multihome.twin.netconf.messages import Refused
from multihome.twin.netconf.pipes import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from multihome.twin.config.load import Action, Format
    from multihome.twin.config.locks import Mode
    from multihome.twin.config.tree import Node
    from multihome.twin.netconf.exchange import Host

MODES: dict[str, Mode] = {"": "shared", "private": "private", "exclusive": "exclusive"}
"""By the word after `configure`."""
_LOADS: dict[str, Action] = {
    "set": "set",
    "merge": "merge",
    "override": "override",
    "replace": "replace",
    "update": "update",
}
END_OF_INPUT = "\x04"
_EDITS = (
    "set", "delete", "activate", "deactivate", "protect", "unprotect", "annotate", "insert",
    "rename", "copy", "wildcard", "replace",
)  # fmt: skip
_NOT_COMMITTED = "The configuration has been changed but not committed\n"
_QUESTION = "Exit with uncommitted changes? [yes,no] (yes) "
_INPUT = "[Type ^D at a new line to end input]\n"
_DEFAULT_CONFIRM = 10
"""Minutes."""
_LONGEST_CONFIRM = 65535


class ConfigurationMode:
    """One session in configuration mode; text in, text out.

    `pending` is set while the next line is an answer or a piece of input, not a command.
    """

    def __init__(self, host: Host, user: str, session: int, mode: Mode) -> None:
        """Enter it; raises Refused where another session keeps it out."""
        self._host, self._user, self._session = host, user, session
        self._levels: tuple[tuple[str, ...], ...] = ()
        """Where one is: the words of each level."""
        self._input: list[str] = []
        self.left = False
        self.pending: Callable[[str], str] | None = None
        self.greeting = self._enter(mode)

    @property
    def prompt(self) -> str:
        """Two lines, the first of which says where one is; nothing while an answer is due."""
        if self.pending is not None:
            return ""
        place = " ".join(("edit", *self._path))
        return f"[{place}]\n{self._user}@{self._host.host_name}# "

    def run(self, line: str) -> str:
        """What a line prints; raises Refused for what is no command, or is refused."""
        if self.pending is not None:
            return self.pending(line)
        words = line.split()
        if not words:
            return ""
        try:
            return self._command(words[0], line.strip()[len(words[0]) :].strip())
        except ValueError as error:  # a quote that is not closed, a number that is none
            raise Refused(syntax_error(words[-1])) from error
        except IndexError as error:
            raise Refused(Problem(f"{words[-1]}: No such file or directory")) from error

    def _command(self, verb: str, rest: str) -> str:
        if verb in _EDITS:
            return self._edit_with(f"{verb} {rest}")
        known: dict[str, Callable[[str], str]] = {
            "edit": self._edit,
            "up": self._up,
            "top": self._top,
            "exit": self._exit,
            "quit": self._exit,
            "show": self._show,
            "commit": self._commit,
            "rollback": self._rollback,
            "load": self._load,
            "run": lambda text: printed(self._host, self._user, text),
            "status": self._status,
        }
        if verb not in known:
            raise Refused(syntax_error(verb))
        return known[verb](rest)

    # --- coming and going ---------------------------------------------------------------

    def _enter(self, mode: Mode) -> str:
        database = self._host.database
        said = ""
        if mode != "shared":
            found = database.open_configuration(self._session, mode, self._host.now())
            _refuse(each for each in found if each.severity == "error")
            said = "".join(f"warning: {each.message}\n" for each in found)
        elif database.holder is not None:
            raise Refused(Problem(f"configuration database locked by: {database.holder.user}"))
        elif database.modified:
            said = _NOT_COMMITTED
        return f"{said}Entering configuration mode\n"

    def _exit(self, rest: str) -> str:
        if self._levels and rest != "configuration-mode":
            self._levels = ()
            return ""
        if self._changed():
            self.pending = self._answered
            return _NOT_COMMITTED + _QUESTION
        return self._leave()

    def _answered(self, line: str) -> str:
        self.pending = None
        return "" if line.strip().lower() in {"n", "no"} else self._leave()

    def _leave(self) -> str:
        self._host.database.close_configuration(self._session)
        self.left = True
        return "Exiting configuration mode\n"

    def _changed(self) -> bool:
        """Whether something would be left behind uncommitted, or lost."""
        return bool(self._host.database.diff(self._session))

    @property
    def _path(self) -> tuple[str, ...]:
        return tuple(word for level in self._levels for word in level)

    # --- moving ---------------------------------------------------------------------------

    def _edit(self, rest: str) -> str:
        if not rest:
            raise Refused(Problem("missing argument."))
        path = [*self._path, *shlex.split(rest)]
        _refuse(load(self._candidate, f"edit {' '.join(path)}\n", format="set").problems)
        steps = Resolver(locate=True).read(grammar(), path)
        self._levels = tuple(
            (*(() if step.statement.hidden else (step.statement.keyword,)), *step.key)
            for step in steps
        )
        return ""

    def _up(self, rest: str) -> str:
        steps = int(rest) if rest.isdecimal() else 1
        self._levels = self._levels[: max(0, len(self._levels) - steps)]
        return ""

    def _top(self, rest: str) -> str:
        kept, self._levels = self._levels, ()
        if not rest:
            return ""
        try:
            return self.run(rest)
        finally:
            if not rest.startswith("edit"):
                self._levels = kept

    # --- editing --------------------------------------------------------------------------

    @property
    def _candidate(self) -> Node:
        return self._host.database.candidate(self._session)

    def _edit_with(self, command: str) -> str:
        place = f"edit {' '.join(self._path)}\n" if self._path else ""
        return self._loaded(f"{place}{command}\n", "set", "set")

    def _loaded(self, text: str, form: Format, action: Action) -> str:
        host = self._host
        outcome = host.database.load(self._session, text, host.now(), format=form, action=action)
        _refuse(each for each in outcome.problems if each.severity == "error")
        return "".join(f"warning: {each.message}\n" for each in outcome.problems)

    def _rollback(self, rest: str) -> str:
        number = rest or "0"
        if not number.isdecimal():
            raise Refused(syntax_error(rest))
        problem = self._host.database.rollback(self._session, int(number), self._host.now())
        _refuse([problem] if problem is not None else [])
        return "load complete\n"

    def _load(self, rest: str) -> str:
        action, _, source = rest.partition(" ")
        known = _LOADS.get(action)
        if known is None:
            raise Refused(syntax_error(action))
        if source.strip() != "terminal":
            raise Refused(Problem(f"{source.strip()}: No such file or directory"))
        self._input = []
        self.pending = lambda line: self._collect(line, known)
        return _INPUT

    def _collect(self, line: str, action: Action) -> str:
        text, end, _ = line.partition(END_OF_INPUT)
        self._input.append(text)
        if not end:
            return ""
        self.pending = None
        form: Format = "set" if action == "set" else "text"
        return self._loaded("\n".join(self._input) + "\n", form, action) + "load complete\n"

    # --- looking --------------------------------------------------------------------------

    def _show(self, rest: str) -> str:
        line = split(f"show {rest}")
        path = (*self._path, *shlex.split(line.words.partition(" ")[2]))
        database = self._host.database
        found = view(self._candidate, path)
        if line.compare is not None:
            former = view(database.former(int(line.compare)), path).whole
            return line.keep(diff_text(former, found.whole))
        if "set" in line.display:
            return line.keep(found.commands(relative="relative" in line.display))
        return line.keep("".join(f"{each}\n" for each in found.lines()))

    def _status(self, _: str) -> str:
        users = [
            f"  {each.user} terminal {each.tty or 'none'} (pid {each.session})\n"
            for each in self._host.database.holders()
            if each.tty
        ]
        return "Users currently editing the configuration:\n" + "".join(users)

    # --- committing -----------------------------------------------------------------------

    def _commit(self, rest: str) -> str:
        request, leaves = _request(rest)
        host = self._host
        outcome = host.database.commit(self._session, request, host.now())
        host.watch_confirmation()
        warnings = "".join(f"{each}\n" for each in outcome.problems)
        if not outcome.ok:
            return warnings
        if outcome.checked:
            return f"{warnings}configuration check succeeds\n"
        if request.confirmed_seconds is not None:
            minutes = request.confirmed_seconds // 60
            warnings += (
                f"commit confirmed will be automatically rolled back in {minutes} minutes "
                "unless confirmed\n"
            )
        host.log(f"{self._user} committed from the prompt")
        done = f"{warnings}commit complete\n"
        return done + (self._leave() if leaves else "")


def _request(rest: str) -> tuple[CommitRequest, bool]:
    """`commit [check] [confirmed [MINUTES]] [comment TEXT] [and-quit] [synchronize]`."""
    words = shlex.split(rest)
    comment, seconds, check, leaves = "", None, False, False
    while words:
        word = words.pop(0)
        if word == "comment" and words:
            comment = words.pop(0)
        elif word == "confirmed":
            minutes = int(words.pop(0)) if words and words[0].isdecimal() else _DEFAULT_CONFIRM
            if not 0 < minutes <= _LONGEST_CONFIRM:
                raise Refused(Problem(f"Value {minutes} is not within range (1..65535)"))
            seconds = minutes * 60
        elif word in {"check", "and-quit"}:
            check, leaves = check or word == "check", leaves or word == "and-quit"
        elif word != "synchronize":
            raise Refused(syntax_error(word))
    return CommitRequest(comment, seconds, check), leaves


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(each for each in problems if each.severity == "error")
    if found:
        raise Refused(*found)
