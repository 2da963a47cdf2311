"""`show security keychain`: which key of each chain is in use, and which comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from multihome.twin.show.element import Element
from multihome.twin.show.registry import prints, shows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from multihome.twin.junos.model.keys import ChainKey, KeyChain
    from multihome.twin.show.registry import Query

_NONE = "None"
_TAG = "hakr-keychain"


@shows("get-hakr-keychain-information", "show security keychain", "brief detail")
def keychain_information(query: Query) -> Element:
    """Every chain that is configured, used or not; of a clock that is off nothing is shown."""
    information = Element(f"{_TAG}-information")
    for name in sorted(query.router.config.key_chains):
        _chain(information.add(_TAG), query.router.config.key_chains[name], query)
    return information


@prints("hakr-keychain-information")
def keychain_text(information: Element) -> Iterator[str]:
    """One line per chain, as `brief` prints it."""
    yield "keychain             Active-ID       Next-ID        Transition  Tolerance"
    yield "                     Send  Receive   Send  Receive"
    for chain in (each for each in information.children if each.tag == _TAG):
        send, receive, next_send, next_receive, time, tolerance = (
            chain.value(f"{_TAG}-{leaf}")
            for leaf in (
                *("active-send-key", "active-receive-key", "next-send-key"),
                *("next-receive-key", "next-key-time", "tolerance"),
            )
        )
        yield (
            f" {chain.value(f'{_TAG}-name'):<20}{send:<6}{receive:<10}"
            f"{next_send:<6}{next_receive:<10}{time:<12}{tolerance}"
        ).rstrip()


def _chain(element: Element, chain: KeyChain, query: Query) -> None:
    now = query.device.now()
    active, following = chain.active(now), chain.following(now)
    element.add(f"{_TAG}-name", chain.name)
    for leaf, key in (
        *(("active-send-key", active), ("active-receive-key", active)),
        *(("next-send-key", following), ("next-receive-key", following)),
    ):
        element.add(f"{_TAG}-{leaf}", _number(key))
    left = _NONE if following is None else _span(int((following.start - now).total_seconds()))
    element.add(f"{_TAG}-next-key-time", left)
    element.add(f"{_TAG}-tolerance", chain.tolerance)


def _number(key: ChainKey | None) -> str:
    return _NONE if key is None else str(key.number)


def _span(seconds: int) -> str:
    """Until the next key takes over."""
    days, rest = divmod(seconds, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    clock = f"{hours:02}:{minutes:02}:{rest:02}"
    return f"{days}d {clock}" if days else clock
