"""Files of the router that clients look at, and the shell they may not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
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
    """The text of a file; the twin has one."""
    name = query.get("filename") or ""
    if name != "/etc/hosts.junos":
        raise RpcError(f"could not resolve file: {name}")
    text = hosts_file()
    attributes = {"filename": name, "filesize": str(len(text)), "encoding": "text"}
    return Element("file-content", f"\n{text}", attributes)


@prints("file-content")
def file_text(element: Element) -> Iterator[str]:
    """The file itself."""
    yield element.text.strip("\n")


@shows("file-list", "file list", "<path> detail recursive")
def file_list(query: Query) -> Element:
    """The home directory, which is empty."""
    path = query.get("path") or "~"
    home = f"/var/home/{query.user}"
    root = home if path.rstrip("/") in ("", "~") else path
    if root.rstrip("/") != home:
        raise RpcError(f"could not resolve file: {path}")
    listing = Element("directory-list", attributes={"root-path": f"{home}/"})
    directory = listing.add("directory", attributes={"name": f"{home}/"})
    directory.add("total-files", 0)
    return listing


@prints("directory-list")
def list_text(listing: Element) -> Iterator[str]:
    """The path, the files and their number."""
    yield f"{listing.attributes['root-path']}:"
    for directory in listing.all("directory"):
        yield from (each.value("file-name") for each in directory.all("file-information"))
    yield f"total files: {listing.value('directory/total-files')}"


@shows("get-log", "show log", "<filename>")
def log(query: Query) -> Element:
    """What happened, as the system log has it; without a name, which logs there are."""
    name = query.get("filename") or ""
    host, number = query.device.host_name, _MANAGEMENT
    lines = [
        f"{line.at:%b %e %H:%M:%S}  {host} mgd[{number}]: {part}\n"
        for line in query.device.log_lines()
        for part in line.message.splitlines()
    ]
    if name not in ("", _LOG, f"{_LOGS}/{_LOG}"):
        raise RpcError(f"could not resolve file: {name}")
    text = "".join(lines)
    if name:
        attributes = {"filename": f"{_LOGS}/{_LOG}", "filesize": str(len(text)), "encoding": "text"}
        return Element("file-content", f"\n{text}", attributes)
    listing = Element("directory-list", attributes={"root-path": _LOGS})
    directory = listing.add("directory", attributes={"name": _LOGS})
    directory.add("file-information").add("file-name", _LOG)
    directory.add("total-files", 1)
    return listing


@shows("request-shell-execute", "", "<command>!")
def shell(query: Query) -> Element:
    """Only what a client must know of the hardware is answered."""
    if (query.get("command") or "").strip() != _VMHOST:
        raise RpcError("permission denied", bad_element="request-shell-execute")
    return Element("output", "0")
