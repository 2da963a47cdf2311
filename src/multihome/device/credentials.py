"""Logging in: a key, a password, or what the ssh-agent and the user's default keys offer.

Only what the operator named is tried: with a key or a password given, neither the agent nor
the keys in ~/.ssh are shown to the router. ~/.ssh/config is never read, so that no line of it
can send a change to another host or port than the inventory says.
"""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import paramiko
from paramiko.auth_handler import AuthOnlyHandler

from multihome.errors import AuthenticationFailed, Unreachable, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from multihome.inventory.target import Target

    Attempt: TypeAlias = Callable[[], list[str]]
    """Returns the methods still wanted, empty when the login is complete."""

DEFAULT_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")

_loaded: dict[tuple[Path, float, str | None], paramiko.PKey] = {}
_loading = threading.Lock()


def log_in(transport: paramiko.Transport, target: Target) -> None:
    """Authenticate a transport whose host key was verified.

    Raises:
        AuthenticationFailed: the router refused everything that was offered.
        Unreachable: the connection ended, or the router did not answer, during the login.
        UsageError: the key file cannot be read or decrypted.
    """
    tried: list[str] = []
    for name, attempt in _methods(transport, target):
        try:
            missing = attempt()
        except paramiko.AuthenticationException as error:
            _raise_if_lost(transport, target, error, tried)
            tried.append(name)
        except paramiko.SSHException:
            raise Unreachable(target.name, "the connection was lost during the login") from None
        else:
            if not missing:
                return
            tried.append(f"{name} (accepted, but the router also wants {', '.join(missing)})")
    offered = "; ".join(tried) or "nothing: no password, no key, no agent"
    raise AuthenticationFailed(
        target.name,
        f"user {target.username!r} was refused (offered: {offered}); set MULTIHOME_USERNAME, and "
        "MULTIHOME_PASSWORD or MULTIHOME_KEY, or load the key into the ssh-agent",
    )


def load_key(path: Path, passphrase: str | None) -> paramiko.PKey:
    """A private key, decrypted once per process: an RSA key costs up to half a second each time.

    Raises:
        UsageError: no such file, not a key, or it needs another passphrase.
    """
    try:
        stamp = (path, path.stat().st_mtime, passphrase)
        with _loading:
            if stamp not in _loaded:
                _loaded[stamp] = _read_key(path, passphrase)
            return _loaded[stamp]
    except OSError as error:
        raise UsageError(f"key file {path}: {error.strerror or error}") from None
    except (paramiko.SSHException, ValueError, TypeError):
        raise UsageError(
            f"key file {path}: not a private key, or the passphrase is wrong"
        ) from None


def _read_key(path: Path, passphrase: str | None) -> paramiko.PKey:
    try:
        return paramiko.PKey.from_path(path)
    except TypeError:  # how the cryptography library says that the key is encrypted
        if passphrase is None:
            raise
        return paramiko.PKey.from_path(path, passphrase.encode())


def _methods(transport: paramiko.Transport, target: Target) -> Iterator[tuple[str, Attempt]]:
    user = target.username
    password = target.password.get_secret_value() if target.password else None
    if target.key_file:
        key = load_key(target.key_file, password)
        yield f"key {target.key_file}", lambda: _login(transport).auth_publickey(user, key)
    if password is not None:
        yield "password", lambda: _login(transport).auth_password(user, password)
    if target.key_file is None and password is None:
        yield from _own_keys(transport, user)


def _own_keys(transport: paramiko.Transport, user: str) -> Iterator[tuple[str, Attempt]]:
    with closing(paramiko.Agent()) as agent:
        for key in agent.get_keys():
            yield f"agent key {key.comment or key.get_name()}", _publickey(transport, user, key)
    for path in (Path.home() / ".ssh" / name for name in DEFAULT_KEYS):
        if path.is_file():
            try:
                key = load_key(path, None)
            except UsageError:
                continue  # an encrypted default key belongs in the agent; the user did not name it
            yield f"key {path}", _publickey(transport, user, key)


def _publickey(transport: paramiko.Transport, user: str, key: paramiko.PKey) -> Attempt:
    return lambda: _login(transport).auth_publickey(user, key)


def _login(transport: paramiko.Transport) -> paramiko.Transport | AuthOnlyHandler:
    """Paramiko asks for the login service anew with each attempt, which only some servers bear."""
    if transport.auth_handler is None:
        return transport
    transport.auth_handler = AuthOnlyHandler(transport)
    return transport.auth_handler


def _raise_if_lost(
    transport: paramiko.Transport, target: Target, error: Exception, tried: list[str]
) -> None:
    """A timeout or a closed connection is no proof of a bad password."""
    if "timeout" in str(error).lower():
        raise Unreachable(target.name, "no answer to the login in time") from None
    if not transport.is_active() and not tried:
        raise Unreachable(target.name, "the connection was lost during the login") from None
