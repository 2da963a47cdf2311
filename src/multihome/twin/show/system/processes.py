"""`show system processes`: the daemons that the configuration gives work, and who is logged in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from multihome.twin.show.registry import shows
from multihome.twin.show.words import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.show.element import Element
    from multihome.twin.show.registry import Query

_HEADING = "  PID  TT  STAT      TIME COMMAND"
_ALWAYS = (
    *("/sbin/init", "/usr/sbin/syslogd -s", "/usr/sbin/chassisd -N", "/usr/sbin/alarmd -N"),
    *("/usr/sbin/mgd -N", "/sbin/dcd -N", "/usr/sbin/rpd -N", "/usr/sbin/ppmd -N"),
)
_FIRST_PID, _PIDS = 1100, 3000


@shows("get-system-process-information", "show system processes", "brief detail extensive summary")
def process_information(query: Query) -> Element:
    """As `ps` prints them; no time of theirs is counted."""
    lines = (
        f"{_pid(command):>5}  ??  {'Is':<4}{'0:00.00':>10} {command}"
        for command in _commands(query)
    )
    return output("\n".join((_HEADING, *lines)))


def _commands(query: Query) -> Iterator[str]:
    yield from _ALWAYS
    routers = query.device.routers.values()
    if any(router.vrrp.groups() for router in routers):
        yield "/usr/sbin/vrrpd -N"
    if any(router.bfd.sessions() for router in routers):
        yield "/usr/sbin/bfdd -N"
    if any(router.config.lldp is not None for router in routers):
        yield "/usr/sbin/lldpd -N"
    for system in filter(None, query.device.routers):
        yield f"/usr/sbin/rpd -N -JL{system}"
    for number, login in enumerate(query.device.logins()):
        yield f"mgd: (mgd) ({login.user})/dev/ttyp{number}" if login.tty else f"mgd: ({login.user})"


def _pid(command: str) -> int:
    """A number of its own, the same as long as it runs; the first process is 1."""
    return 1 if command == _ALWAYS[0] else _FIRST_PID + crc32(command.encode()) % _PIDS
