"""What the management process says of the system: `show version`, `information`, `storage`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element, junos
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.registry import Query

_PACKAGES = (
    ("junos", "JUNOS Base OS boot"),
    ("jbase", "JUNOS Base OS Software Suite"),
    ("jkernel", "JUNOS Kernel Software Suite"),
    ("jcrypto", "JUNOS Crypto Software Suite"),
    ("jpfe", "JUNOS Packet Forwarding Engine Support ({model})"),
    ("jroute", "JUNOS Routing Software Suite"),
    ("jdocs", "JUNOS Online Documentation"),
)
_MEMORY = (("total", 3968), ("reserved", 112), ("wired", 640), ("active", 832), ("free", 2384))
_FILESYSTEMS = (
    ("/dev/da0s1a", 1841664, 1023488, "/"),
    ("devfs", 2, 2, "/dev"),
    ("/dev/md0", 92160, 92160, "/packages/mnt/jbase"),
    ("/dev/da0s1e", 204800, 128, "/config"),
    ("/dev/da1s1f", 6291456, 524288, "/var"),
)
"""Device, blocks of 512 octets in all and used, mount point: one size of chassis for all."""


@shows(
    "get-software-information",
    "show version",
    "brief detail local invoke-on:invoke-on",
)
def software_information(query: Query) -> Element:
    """Host, model, release and packages; `invoke-on` wraps them by routing engine."""
    device = query.device
    information = Element("software-information")
    information.add("host-name", device.host_name)
    information.add("product-model", device.model)
    information.add("product-name", device.model)
    information.add("junos-version", device.version)
    for name, comment in _PACKAGES:
        package = information.add("package-information")
        package.add("name", name)
        text = comment.format(model=device.model.upper())
        package.add("comment", f"{text} [{device.version}]")
    return per_engine(information) if query.has("invoke-on") else information


def per_engine(information: Element) -> Element:
    """The answer of each routing engine; the twin has one."""
    results = Element("multi-routing-engine-results")
    item = results.add("multi-routing-engine-item")
    item.add("re-name", "re0")
    item.children.append(information)
    return results


@prints("software-information")
def software_text(information: Element) -> Iterator[str]:
    """Three lines, then the packages."""
    yield f"Hostname: {information.value('host-name')}"
    yield f"Model: {information.value('product-model')}"
    yield f"Junos: {information.value('junos-version')}"
    yield from (package.value("comment") for package in information.all("package-information"))


@shows("get-system-information", "show system information")
def system_information(query: Query) -> Element:
    """Model, release, serial number and host name."""
    information = Element("system-information")
    information.add("hardware-model", query.device.model)
    information.add("os-name", "junos")
    information.add("os-version", query.device.version)
    information.add("serial-number", query.device.serial)
    information.add("host-name", query.device.host_name)
    return information


@prints("system-information")
def system_text(information: Element) -> Iterator[str]:
    """One line each; the serial number is for programs."""
    for tag, word in (
        ("hardware-model", "Model"),
        ("os-name", "Family"),
        ("os-version", "Junos"),
        ("host-name", "Hostname"),
    ):
        yield f"{word}: {information.value(tag)}"


@shows("get-system-storage", "show system storage", "detail invoke-on:invoke-on")
def storage_information(query: Query) -> Element:
    """The file systems of the routing engine."""
    information = Element(
        "system-storage-information", attributes=junos(style="brief"), module="junos"
    )
    for name, total, used, mounted in _FILESYSTEMS:
        filesystem = information.add("filesystem")
        filesystem.add("filesystem-name", name)
        for tag, blocks in (
            ("total-blocks", total),
            ("used-blocks", used),
            ("available-blocks", total - used),
        ):
            filesystem.add(tag, blocks, junos(format=_size(blocks)))
        filesystem.add("used-percent", f"{round(100 * used / total):>3}")
        filesystem.add("mounted-on", mounted)
    return per_engine(information) if query.has("invoke-on") else information


def _size(blocks: int) -> str:
    octets = blocks * 512
    for unit, scale in (("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)):
        if octets >= scale:
            return f"{octets / scale:.1f}{unit}"
    return f"{octets}B"


@prints("system-storage-information")
def storage_text(information: Element) -> Iterator[str]:
    """A line per file system."""
    yield "Filesystem              Size       Used      Avail  Capacity   Mounted on"
    for filesystem in information.all("filesystem"):
        sizes = [
            element.attributes["junos:format"]
            for tag in ("total-blocks", "used-blocks", "available-blocks")
            for element in filesystem.all(tag)
        ]
        columns = "".join(f"{size:>11}" for size in sizes)
        yield (
            f"{filesystem.value('filesystem-name'):<17}{columns}"
            f"{filesystem.value('used-percent').strip():>9}%  {filesystem.value('mounted-on')}"
        )


@shows("get-system-memory-information", "show system memory")
def memory_information(_: Query) -> Element:
    """The memory of the routing engine, in megabytes."""
    information = Element("system-memory-information", module="junos")
    summary = information.add("system-memory-summary-information")
    for name, megabytes in _MEMORY:
        summary.add(f"system-memory-{name}", megabytes)
    return information


@prints("system-memory-information")
def memory_text(information: Element) -> Iterator[str]:
    """A line per kind of memory."""
    yield "System memory usage distribution:"
    for summary in information.all("system-memory-summary-information"):
        for name, _ in _MEMORY:
            yield f"{name.capitalize():>17} memory: {summary.value(f'system-memory-{name}'):>8} Mbytes"
