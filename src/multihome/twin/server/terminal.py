"""The command line that `ssh ROUTER` gives: operational commands only, text in, text out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from multihome.twin.netconf.command import run_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from multihome.twin.netconf.exchange import Host

_LINE_LIMIT = 65536
"""Characters of a line that nobody ends."""


_SETTING = re.compile(r"\s*set\s+cli\s+(?P<what>\S+)\s*(?P<value>\S*)\s*$")
"""What scripts say first, so that nothing stops at a screen's end."""


def _set_cli(what: str, value: str) -> str:
    """The answer to `set cli ...`: nothing here has pages to turn."""
    known = {
        "screen-length": f"Screen length set to {value}\n",
        "screen-width": f"Screen width set to {value}\n",
        "timestamp": "CLI timestamp disabled\n",
        "complete-on-space": "Disabling complete-on-space\n",
    }
    return known.get(what, "")


class Terminal:
    """One user at the prompt, or one command of `ssh ROUTER COMMAND`."""

    def __init__(self, host: Host, user: str, origin: str, hangup: Callable[[], None]) -> None:
        self._host = host
        self._user = user
        self._pending = ""
        self._number: int | None = host.enter(user, origin, "p0", hangup)

    @property
    def closed(self) -> bool:
        """Whether the user has left."""
        return self._number is None

    @property
    def prompt(self) -> str:
        """What is printed when a command is expected."""
        return f"{self._user}@{self._host.host_name}> "

    def run(self, line: str) -> str:
        """What one command prints."""
        settings = _SETTING.match(line)
        if settings is not None:
            return _set_cli(settings["what"], settings["value"])
        try:
            return run_line(self._host, self._user, line)
        except Exception:  # noqa: BLE001 - a defect ends one command, not the login
            self._host.log_failure(f"command {line!r}")
            return "error: internal error; see the log\n"

    def receive(self, data: str) -> str:
        """Take what was typed; what to print, prompt included."""
        printed = ""
        *lines, self._pending = (self._pending + data).replace("\r\n", "\n").split("\n")
        if len(self._pending) > _LINE_LIMIT:
            self.close()
        for line in lines:
            if self.closed:
                break
            if line.strip() in {"exit", "quit"}:
                self.close()
                break
            printed += f"{self.run(line)}\n{self.prompt}"
        return printed

    def close(self) -> None:
        """The user has left. Harmless twice."""
        if self._number is not None:
            self._host.leave(self._number)
            self._number = None
