"""Who logs in, and with what: from the environment, a key, the ssh-agent or a question.

Never from a file of the project.  An `ask` callback is the only way to a prompt, so that
nothing here ever waits for a keyboard that is not there.
"""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

from multihome.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

USERNAME = "MULTIHOME_USERNAME"
PASSWORD = "MULTIHOME_PASSWORD"  # noqa: S105 - the variable's name, not a password
KEY = "MULTIHOME_KEY"
KNOWN_HOSTS = "MULTIHOME_KNOWN_HOSTS"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the operator brings; None leaves it to the inventory, the agent and the defaults."""

    username: str | None = None
    password: SecretStr | None = None
    key_file: Path | None = None
    known_hosts: Path | None = None


def credentials(
    environ: Mapping[str, str],
    *,
    username: str | None = None,
    key_file: Path | None = None,
    known_hosts: Path | None = None,
    ask: Callable[[str], str] | None = None,
) -> Credentials:
    """Options first, then `MULTIHOME_USERNAME`, `_PASSWORD`, `_KEY` and `_KNOWN_HOSTS`.

    `ask` is called once, with the words to show, if there is neither password nor key.

    Raises:
        UsageError: a file that is named does not exist.
    """
    key_file = key_file or _path(environ, KEY)
    known_hosts = known_hosts or _path(environ, KNOWN_HOSTS) or default_known_hosts()
    if key_file is not None and not key_file.is_file():
        raise UsageError(f"the key file {key_file} does not exist; --key or {KEY} names another")
    password = SecretStr(environ[PASSWORD]) if environ.get(PASSWORD) else None
    if password is None and key_file is None and ask is not None:
        password = SecretStr(ask("Password for the routers: "))
    return Credentials(username or environ.get(USERNAME) or None, password, key_file, known_hosts)


def login_name() -> str:
    """The operator's own name on this machine, when nothing names another."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError(
            f"no user name to log in with: set {USERNAME} or `username` in hosts.yaml"
        ) from None


def default_known_hosts() -> Path:
    """Where OpenSSH keeps them."""
    return Path("~/.ssh/known_hosts").expanduser()


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).expanduser() if environ.get(name) else None
