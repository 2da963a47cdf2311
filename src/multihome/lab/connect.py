"""An interactive session with one router of the lab, by OpenSSH's client."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

from multihome.errors import ExitCode, UnknownName, Unreachable, UsageError

if TYPE_CHECKING:
    from multihome.lab.process import Lab

SSH = "ssh"
FAILED = 255
"""How ssh ends when it is the connection that failed (ssh(1), "EXIT STATUS")."""


def command_line(lab: Lab, router: str) -> tuple[str, ...]:
    """The words that log in: no other key, host key or configuration of the user is read.

    Raises:
        UnknownName: no router of the lab is called that.
    """
    found = {each.name: each for each in lab.routers}
    if router not in found:
        raise UnknownName("router of the lab", router, found)
    target = found[router]
    options = (
        f"UserKnownHostsFile={_quoted(str(lab.known_hosts))}",
        "GlobalKnownHostsFile=none",
        "StrictHostKeyChecking=yes",
        "IdentitiesOnly=yes",
    )
    return (
        *(SSH, "-F", "none", "-i", str(lab.private_key), "-p", str(target.port)),
        *(word for option in options for word in ("-o", option)),
        *("-l", target.username, target.host),
    )


def connect(lab: Lab, router: str) -> ExitCode:
    """Run ssh on this terminal until the session ends.

    Raises:
        UnknownName: no router of the lab is called that.
        UsageError: this machine has no ssh.
        Unreachable: ssh could not connect; its own words are on the screen.
    """
    words = command_line(lab, router)
    program = shutil.which(SSH)
    if program is None:
        raise UsageError(f"no {SSH} on this machine's PATH; what would run: {shlex.join(words)}")
    done = subprocess.run((program, *words[1:]), check=False)  # noqa: S603 - our own words
    if done.returncode == FAILED:
        raise Unreachable(
            router, f"ssh could not connect, or lost the session: {shlex.join(words)}"
        )
    return ExitCode.PROVEN


def _quoted(path: str) -> str:
    """A path in an option of ssh, which takes blanks as the end of a file name."""
    return f'"{path}"' if " " in path else path
