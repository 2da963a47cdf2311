"""Files of the router that clients look at, and the shell they may not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.interface.internal import hosts_file
from multihome.twin.show.registry import prints, shows
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

_VMHOST = "sysctl -n hw.re.vmhost_mode"
"""How PyEZ asks whether Junos runs in a virtual machine of its own chassis."""

_LOGS, _LOG = "/var/log", "messages"
_MANAGEMENT = 1743
"""The process that writes the log, as far as the log says."""


@shows("file-show", "file show", "<filename>! encoding:encoding")
def file_show(query: Query) -> Element:
    """The text of a file; the twin has two."""
    name = query.get("filename") or ""
    text = _files(query).get(name)
    if text is None:
        raise RpcError(f"could not resolve file: {name}")
    return _content(name, text)


def _files(query: Query) -> dict[str, str]:
    """The files that can be read, by their paths."""
    return {"/etc/hosts.junos": hosts_file(), f"{_LOGS}/{_LOG}": _log_text(query)}


def _content(name: str, text: str) -> Element:
    attributes = {"filename": name, "filesize": str(len(text)), "encoding": "text"}
    return Element("file-content", f"\n{text}", attributes)


@prints("file-content")
def file_text(element: Element) -> Iterator[str]:
    """The file itself."""
    yield element.text.strip("\n")


@shows("file-list", "file list", "<path> detail recursive")
def file_list(query: Query) -> Element:
    """The home directory, which is empty, that of the logs, or one of the files."""
    path, files = query.get("path") or "~", _files(query)
    home = f"/var/home/{query.user}"
    where = home if path.rstrip("/") in ("", "~", ".") else path.rstrip("/")
    listing = Element("directory-list", attributes={"root-path": where})
    if where in files:
        _describe(listing.add("directory"), where, files[where], query)
    elif where in (home, _LOGS):
        directory = listing.add("directory", attributes={"name": where})
        inside = {name: files[name] for name in files if name.startswith(f"{where}/")}
        for name, text in inside.items():
            _describe(directory, name.removeprefix(f"{where}/"), text, query)
        directory.add("total-files", len(inside))
    else:
        listing.add("output", f"{path}: No such file or directory")
    return listing


def _describe(directory: Element, name: str, text: str, query: Query) -> None:
    """One file of a listing; in detail, as `ls -l` has it."""
    entry = directory.add("file-information")
    entry.add("file-name", name)
    if not query.has("detail"):
        return
    entry.add("file-permissions", 640, junos(format="-rw-r-----"))
    for leaf, value in (("owner", "root"), ("group", "wheel"), ("links", 1), ("size", len(text))):
        entry.add(f"file-{leaf}", value)
    now = query.device.now()
    entry.add("file-date", int(now.timestamp()), junos(format=f"{now:%b %e %H:%M}"))


@prints("directory-list")
def list_text(listing: Element) -> Iterator[str]:
    """The path, the files and their number; a file by itself, or what is not there."""
    if listing.has("output"):
        yield listing.value("output")
        return
    whole = any(directory.has("total-files") for directory in listing.all("directory"))
    if whole:
        yield f"{listing.attributes['root-path']}:"
    for directory in listing.all("directory"):
        yield from (each.value("file-name") for each in directory.all("file-information"))
    if whole:
        yield f"total files: {listing.value('directory/total-files')}"


@shows("get-log", "show log", "<filename>")
def log(query: Query) -> Element:
    """What happened, as the system log has it; without a name, which logs there are."""
    name = query.get("filename") or ""
    if name not in ("", _LOG, f"{_LOGS}/{_LOG}"):
        raise RpcError(f"could not resolve file: {name}")
    if name:
        return _content(f"{_LOGS}/{_LOG}", _log_text(query))
    listing = Element("directory-list", attributes={"root-path": _LOGS})
    directory = listing.add("directory", attributes={"name": _LOGS})
    directory.add("file-information").add("file-name", _LOG)
    directory.add("total-files", 1)
    return listing


def _log_text(query: Query) -> str:
    host, number = query.device.host_name, _MANAGEMENT
    return "".join(
        f"{line.at:%b %e %H:%M:%S}  {host} mgd[{number}]: {part}\n"
        for line in query.device.log_lines()
        for part in line.message.splitlines()
    )


@shows("request-shell-execute", "", "<command>!")
def shell(query: Query) -> Element:
    """Only what a client must know of the hardware is answered."""
    if (query.get("command") or "").strip() != _VMHOST:
        raise RpcError("permission denied", bad_element="request-shell-execute")
    return Element("output", "0")
