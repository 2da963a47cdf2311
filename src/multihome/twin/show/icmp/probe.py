"""What ping and traceroute share: their arguments, and how XML writes an ICMP answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from multihome.twin.addressing import Address
from multihome.twin.junos.model.instances import MASTER
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from multihome.twin.show.element import Element
    from multihome.twin.show.registry import Query

MODULE = "junos-probe-tests"


class Icmp(NamedTuple):
    """An ICMP message: type, code, their elements, and traceroute's mark."""

    type: int
    type_name: str
    code: int
    code_name: str
    mark: str


_UNREACHABLE = "icmp-unreach"
_MESSAGES = {
    "time-exceeded": Icmp(11, "icmp-timxceed", 0, "icmp-timxceed-intrans", ""),
    "net-unreachable": Icmp(3, _UNREACHABLE, 0, "icmp-unreach-net", " !N"),
    "host-unreachable": Icmp(3, _UNREACHABLE, 1, "icmp-unreach-host", " !H"),
    "port-unreachable": Icmp(3, _UNREACHABLE, 3, "icmp-unreach-port", ""),
    "admin-prohibited": Icmp(3, _UNREACHABLE, 13, "icmp-unreach-filter-prohib", " !X"),
}
_OTHER = _MESSAGES["host-unreachable"]


def icmp(word: str) -> Icmp:
    """The message behind the word of a probe."""
    return _MESSAGES.get(word, _OTHER)


def mark(code_name: str) -> str:
    """What traceroute prints behind the time of such an answer."""
    marks = (message.mark for message in _MESSAGES.values() if message.code_name == code_name)
    return next(marks, "")


def add_icmp(element: Element, message: Icmp) -> None:
    """Type and code, each as a number and as an element."""
    kind = element.add("icmp-type", attributes={"integer-type-value": str(message.type)})
    kind.flag(message.type_name)
    code = element.add("icmp-code", attributes={"integer-code-value": str(message.code)})
    code.flag(message.code_name)


def microseconds(seconds: float) -> int:
    """As the XML counts round-trip times."""
    return round(seconds * 1_000_000)


def milliseconds(microseconds_: str) -> str:
    """As the text prints them: `0.648`."""
    return f"{int(microseconds_) / 1000:.3f}"


class Aim(NamedTuple):
    """The target to probe, and the source."""

    target: Address
    source: Address | None
    instance: str

    @classmethod
    def of(cls, query: Query) -> Aim:
        """Read the arguments.

        Raises:
            RpcError: the target or the source is no address, or there is no such instance.
        """
        instance = query.get("routing-instance") or MASTER
        if instance not in query.router.config.instances:
            raise RpcError(f"routing instance {instance} not found", bad_element="routing-instance")
        host, source = query.get("host") or "", query.get("source")
        near = None if source is None else _resolved(source, "source")
        return cls(_resolved(host, "host"), near, instance)


def _resolved(text: str, name: str) -> Address:
    try:
        return Address.parse(text)
    except ValueError:
        message = f"cannot resolve {text}: Host name lookup failure"
        raise RpcError(message, bad_element=name) from None


def failure(program: str, error: str) -> str:
    """Why nothing was sent, as the program complains: by `sendto`, or by `bind` of a source."""
    if not error:
        return ""
    return f"{program}: {'bind' if 'assign' in error else 'sendto'}: {error}"


def number(query: Query, name: str, default: int, most: int) -> int:
    """A numeric argument; RpcError if it is none, or out of range."""
    text = query.get(name)
    if text is None:
        return default
    if not text.isdigit() or not 0 < int(text) <= most:
        raise RpcError(f"invalid numeric value: '{text}'", bad_element=name)
    return int(text)
