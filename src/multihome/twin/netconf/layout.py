"""How an answer is broken into lines: as Junos does, for clients that read it line by line.

Each tag is on a line of its own, without indentation.  What the management process
does not write itself but takes from a program's output, such as that of `ping`, has its
text on lines of its own too; `| display xml` tidies that up, NETCONF does not.
"""

from __future__ import annotations

import re

_PROGRAMS = ("interface-information", "ping-results", "traceroute-results", "uptime-information")
"""Elements whose leaves stand on three lines."""
MINIFIED = "-minified"
"""What follows a format of which no blanks are wanted (`get-configuration`, `get`)."""
_GAP = re.compile(r">\s+<")
_JSON = re.compile(r'("(?:\\.|[^"\\])*")|\s+')
_LEAF = re.compile(r">([^<\n][^<]*)</")


def lines(text: str) -> str:
    """One line per tag; only between tags can `><` stand."""
    return text.replace("><", ">\n<")


def as_sent(text: str) -> str:
    """The answer of a program, as it goes over the wire."""
    for name in _PROGRAMS:
        begin = text.find(f"<{name}")
        if begin >= 0:
            end = text.rfind(f"</{name}>")
            text = text[:begin] + _LEAF.sub(r">\n\1\n</", text[begin:end]) + text[end:]
    return text


def minified(text: str, form: str) -> str:
    """An answer without the blanks that mean nothing; `form` is `json` or `xml`."""
    if form == "xml":
        return _GAP.sub("><", text).strip()
    begin, end = text.find("{"), text.rfind("}") + 1
    return text[:begin].strip() + _JSON.sub(r"\1", text[begin:end]) + text[end:].strip()
