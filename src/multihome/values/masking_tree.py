"""Secrets in Junos configuration as XML and JSON: by the elements or keys above a value."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from multihome.values.masking_text import MASK, mask_text
from multihome.values.secret_places import Holds, holds_below, is_free_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MARKUP = re.compile(
    r"<!\[CDATA\[(?P<data>.*?)\]\]>|<(?P<close>/)?(?P<name>[A-Za-z_][\w.:-]*)(?:\s[^<>]*?)?(?P<empty>/)?>"
    r"|<[?!][^>]*>",
    re.DOTALL,
)
_CLOSING = re.compile(r"</[A-Za-z_][\w.:-]*\s*>")
_JSON_BEGINS = re.compile(r'\s*(?:\{\s*["}]|\[\s*["{\[])')
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_CDATA = "<![CDATA["
NAME = "name"


@dataclass(slots=True)
class _Frame:
    """An element or an object that is open."""

    word: str
    entry: str = ""
    """The text of its `name`."""


def mask(text: str) -> str:
    """The text with every secret replaced, in whichever of the four forms it is."""
    if _JSON_BEGINS.match(text):
        return "".join(_json(text))
    if _CLOSING.search(text):
        return "".join(_xml(text))
    return mask_text(text)


def _xml(text: str) -> Iterator[str]:
    open_elements: list[_Frame] = []
    done = 0
    for tag in _MARKUP.finditer(text):
        yield _node(text[done : tag.start()], open_elements)
        yield tag[0] if tag["data"] is None else f"{_CDATA}{_node(tag['data'], open_elements)}]]>"
        done = tag.end()
        if tag["name"] is not None and not tag["empty"]:
            _step(open_elements, tag["name"].rpartition(":")[2], closing=bool(tag["close"]))
    yield _node(text[done:], open_elements)


def _step(open_elements: list[_Frame], name: str, *, closing: bool) -> None:
    if not closing:
        open_elements.append(_Frame(name))
        return
    for depth in range(len(open_elements) - 1, -1, -1):
        if open_elements[depth].word == name:
            del open_elements[depth:]
            return


def _node(text: str, open_elements: Sequence[_Frame]) -> str:
    bare = text.strip()
    if not bare:
        return text
    if open_elements and open_elements[-1].word == NAME and len(open_elements) > 1:
        open_elements[-2].entry = bare
    if _is_secret(open_elements):
        return text if bare == MASK else text.replace(bare, MASK)
    return "".join(_json(text)) if _JSON_BEGINS.match(text) else mask_text(text)


def _is_secret(frames: Sequence[_Frame]) -> bool:
    """Whether the value at the end of this path is a secret."""
    path = [frame.word for frame in frames]
    if not path:
        return False
    if path[-1] == NAME and len(path) > 1:
        return holds_below(path[:-1]) is Holds.ENTRY_NAME
    if path[-1] == "value" and path[-2:-1] in (["data"], ["arguments"]):
        return is_free_secret(frames[-2].entry)
    return holds_below(path) is Holds.VALUE


class _Objects:
    """Where a JSON text is: the keys of the objects that are open; arrays do not count."""

    def __init__(self) -> None:
        self.frames: list[_Frame] = []
        self._brackets: list[bool] = []
        """For each bracket that is open, whether it opened an object."""
        self.expects_key = False

    def punctuation(self, mark: str) -> None:
        """Take one of `{}[]:,`."""
        if mark in "{[":
            self._brackets.append(mark == "{")
            if mark == "{":
                self.frames.append(_Frame(""))
        elif mark in "}]" and self._brackets and self._brackets.pop() and self.frames:
            self.frames.pop()
        self.expects_key = mark in "{," and bool(self._brackets) and self._brackets[-1]

    def key(self, word: str) -> None:
        """The key whose value follows."""
        self.frames[-1].word = word.rpartition(":")[2]
        self.expects_key = False

    def keep_name(self, word: str) -> None:
        """Remember the entry of a list that a `name` gives."""
        frames = self.path()
        if len(frames) > 1 and frames[-1].word == NAME:
            frames[-1].entry = frames[-2].entry = word

    def path(self) -> list[_Frame]:
        """The keys above a value; `data` of the verbose form is not one of them."""
        found = [frame for frame in self.frames if frame.word]
        if found and found[-1].word == "data":
            found.pop()
        return found


def _json(text: str) -> Iterator[str]:
    where = _Objects()
    done = 0
    for token in _JSON_TOKEN.finditer(text):
        word = token[0]
        if word in "{}[]:,":
            where.punctuation(word)
        elif where.expects_key and where.frames:
            where.key(_decoded(word))
        else:
            yield text[done : token.start()]
            yield _value(word, where)
            done = token.end()
    yield text[done:]


def _value(word: str, where: _Objects) -> str:
    plain = _decoded(word)
    where.keep_name(plain)
    if _is_secret(where.path()) and word not in ("null", '""', "true", "false"):
        return word if plain == MASK else json.dumps(MASK)
    masked = mask(plain) if word.startswith('"') else plain
    return word if masked == plain else json.dumps(masked)


def _decoded(word: str) -> str:
    try:
        return str(json.loads(word))
    except ValueError:
        return word.strip('"')
