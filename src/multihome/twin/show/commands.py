"""CLI words to RPC: `show route 10.0.0.12 detail` is `get-route-information` with arguments.

Keywords may be abbreviated as long as they stay unambiguous.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from multihome.twin.show import registry
from multihome.twin.show.reply import RpcError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element

    from multihome.twin.show.registry import Argument, Operation


def rpc_of(words: Sequence[str]) -> _Element:
    """The RPC behind a command.

    Raises:
        RpcError: `syntax error`, with the word that is not understood.
    """
    operation, rest = _operation(words)
    rpc = etree.Element(operation.rpc)
    remaining = list(rest)
    positional = [argument for argument in operation.arguments if not argument.keyword]
    while remaining:
        word = remaining.pop(0)
        argument = _argument(word, operation, positional)
        if argument.keyword:
            _keyword(rpc, argument, remaining)
        else:
            positional.remove(argument)
            etree.SubElement(rpc, argument.elements[0]).text = word
    return rpc


def takes(rpc: _Element, name: str) -> bool:
    """Whether the RPC has an argument of that name."""
    return any(name in argument.names for argument in registry.operation(rpc.tag).arguments)


def _operation(words: Sequence[str]) -> tuple[Operation, Sequence[str]]:
    """The command whose words the line begins with, and what is left of the line."""
    commands = {tuple(name.split()): found for name, found in registry.commands().items()}
    path: tuple[str, ...] = ()
    found: tuple[Operation, Sequence[str]] | None = None
    for depth, word in enumerate(words):
        following = {name[depth] for name in commands if len(name) > depth and name[:depth] == path}
        try:
            path = (*path, abbreviated(word.lower(), sorted(following)))
        except RpcError:
            if found is None:
                raise
            break
        if path in commands:
            found = (commands[path], words[depth + 1 :])
    if found is None:
        raise RpcError("syntax error", bad_element=words[-1] if words else "")
    if len(path) > len(words) - len(found[1]):
        raise RpcError("syntax error", bad_element=words[len(path) - 1])
    return found


def _argument(word: str, operation: Operation, positional: list[Argument]) -> Argument:
    keywords = {argument.keyword: argument for argument in operation.arguments if argument.keyword}
    try:
        return keywords[abbreviated(word, keywords)]
    except RpcError:
        if positional:
            return positional[0]
        raise


def _keyword(rpc: _Element, argument: Argument, remaining: list[str]) -> None:
    if not argument.elements:
        etree.SubElement(rpc, argument.keyword)
    for name in argument.elements:
        if not remaining:
            raise RpcError("syntax error", bad_element=argument.keyword)
        etree.SubElement(rpc, name).text = remaining.pop(0)


def abbreviated(word: str, known: Iterable[str]) -> str:
    """The one known word that starts like this; RpcError if there is none, or several."""
    candidates = [name for name in known if name.startswith(word)]
    if word in candidates:
        return word
    if len(candidates) == 1 and word:
        return candidates[0]
    message = f"'{word}' is ambiguous." if candidates else "syntax error"
    raise RpcError(message, bad_element=word)
