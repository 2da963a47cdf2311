"""The command line that `ssh ROUTER` gives: both modes of the prompt, text in, text out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.config.problem import Problem
from multihome.twin.netconf.command import complaint, printed, run_line
from multihome.twin.netconf.configure import END_OF_INPUT, MODES, ConfigurationMode
from multihome.twin.netconf.messages import Refused
from multihome.twin.server.settings import NoSetting, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.config.locks import Mode
    from multihome.twin.netconf.exchange import Host

_LINE_LIMIT = 65536
"""Most characters of a line without an end."""


class Terminal:
    """One user at the prompt, or one command of `ssh ROUTER COMMAND`."""

    def __init__(self, host: Host, user: str, origin: str, hangup: Callable[[], None]) -> None:
        self._host = host
        self._user = user
        self._pending = ""
        self._settings = Settings(user, lambda: host.routers)
        self._number: int | None = host.enter(user, origin, "p0", hangup)
        self._mode: ConfigurationMode | None = None
        """While it is in configuration mode."""

    @property
    def closed(self) -> bool:
        """Whether the user has left."""
        return self._number is None

    @property
    def prompt(self) -> str:
        """What is printed when a command is expected."""
        if self._mode is not None:
            return self._mode.prompt
        system = f":{self._settings.system}" if self._settings.system else ""
        return f"{self._user}@{self._host.host_name}{system}> "

    def run(self, line: str) -> str:
        """What one command prints that came without a prompt."""
        try:
            said = self._settings.answers(line)
            return run_line(self._host, self._user, line) if said is None else said
        except NoSetting as why:
            return complaint(Problem(why.message, element=why.word))
        except Exception:  # noqa: BLE001 - a defect ends one command, not the login
            return self._failed(line)

    def _typed(self, line: str) -> str:
        """What one command prints at the prompt, where a caret shows what is wrong."""
        system = self._settings.system
        try:
            if self._mode is not None:
                return self._configure(line)
            if (mode := _wished(line)) is not None and self._number is not None:
                self._mode = ConfigurationMode(self._host, self._user, self._number, mode)
                return self._mode.greeting
            said = self._settings.answers(line)
            return printed(self._host, self._user, line, system) if said is None else said
        except NoSetting as why:
            return self._pointed(line, Problem(why.message, element=why.word))
        except Refused as refused:
            return "".join(self._pointed(line, problem) for problem in refused.problems)
        except Exception:  # noqa: BLE001 - see above
            return self._failed(line)

    def _configure(self, line: str) -> str:
        """One line in configuration mode; the last one leads back to the operational prompt."""
        mode = self._mode
        if mode is None:
            return ""
        try:
            return mode.run(line)
        finally:
            if mode.left:
                self._mode = None

    def _pointed(self, line: str, problem: Problem) -> str:
        at = line.find(problem.element) if problem.element else -1
        if problem.message != "syntax error" or at < 0:
            return f"{problem if problem.path else f'error: {problem.message}'}\n"
        words = "unknown command." if at == len(line) - len(line.lstrip()) else "syntax error."
        return f"{'':{len(self.prompt.rpartition(chr(10))[2]) + at}}^\n{words}\n"

    def _failed(self, line: str) -> str:
        self._host.log_failure(f"command {line!r}")
        return "error: internal error; see the log\n"

    def receive(self, data: str) -> str:
        """Take what was typed; what to print, prompt included."""
        shown = ""
        typed = (self._pending + data).replace("\r\n", "\n")
        if self._mode is not None and self._mode.pending is not None:
            typed = typed.replace(END_OF_INPUT, f"{END_OF_INPUT}\n")
        *lines, self._pending = typed.split("\n")
        if len(self._pending) > _LINE_LIMIT:
            self.close()
        for line in lines:
            if self.closed:
                break
            if self._mode is None and line.strip() in {"exit", "quit"}:
                self.close()
                break
            shown += self._typed(line) + self._separator() + self.prompt
        return shown

    def _separator(self) -> str:
        """An empty line before a prompt; none while an answer or more input is due."""
        return "" if self._mode is not None and self._mode.pending is not None else "\n"

    def close(self) -> None:
        """The user has left. Harmless twice."""
        if self._number is not None:
            self._host.leave(self._number)
            self._number = None


def _wished(line: str) -> Mode | None:
    """Which configuration mode a command asks for; None for any other command."""
    words = line.split()
    if not words or len(words) > 2 or words[0] not in {"configure", "edit"}:
        return None
    return MODES.get(" ".join(words[1:]))
